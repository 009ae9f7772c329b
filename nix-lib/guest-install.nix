# What guests are installed with.
{pkgs}: {
  # A disc image of the VirtIO drivers for Windows.
  virtio-win.iso = pkgs.runCommand "virtio-win.iso" {} ''
    ${pkgs.cdrtools}/bin/mkisofs -J -V VIRTIO-WIN -o $out ${pkgs.virtio-win}
  '';

  # A disc image with what cloud-init reads at the first start (its NoCloud data source). `user_data` is a set, or a text as
  # cloud-init wants it; `meta_data` and `network_config` are sets. It is in the store, where everyone reads it: a password
  # belongs in there only as a hash.
  #
  # The instance's id follows from what is in it, so that cloud-init takes a changed seed for a new instance, and applies it.
  #
  # # Type
  # nocloud :: { name, user_data ? {}, meta_data ? {}, network_config ? null } -> Derivation
  nocloud = {
    name,
    user_data ? {},
    meta_data ? {},
    network_config ? null,
  }: let
    inherit (builtins) hashString isAttrs substring toJSON;
    # JSON is YAML.
    userData =
      if isAttrs user_data
      then "#cloud-config\n${toJSON user_data}\n"
      else user_data;
    networkConfig =
      if network_config == null
      then ""
      else toJSON network_config + "\n";
    digest = hashString "sha256" (builtins.unsafeDiscardStringContext (toJSON [userData networkConfig meta_data]));
    metaData =
      toJSON ({
          instance-id = "${name}-${substring 0 12 digest}";
          local-hostname = name;
        }
        // meta_data)
      + "\n";
  in
    pkgs.runCommand "${name}-seed.iso" {
      inherit userData metaData networkConfig;
      passAsFile = ["userData" "metaData" "networkConfig"];
    } ''
      mkdir seed
      cp "$userDataPath" seed/user-data
      cp "$metaDataPath" seed/meta-data
      if [ -s "$networkConfigPath" ]; then cp "$networkConfigPath" seed/network-config; fi
      ${pkgs.xorriso}/bin/xorriso -as mkisofs -quiet -J -R -V CIDATA -o $out seed
    '';
}
