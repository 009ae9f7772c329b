# Disc images that guests are installed from.
{pkgs}: {
  /**
  A disc image of the VirtIO drivers for Windows.

  # Type

  ```
  virtio-win.iso :: Derivation
  ```

  # Example

  ```nix
  {
    device = "cdrom";
    source.file = lib.guest-install.virtio-win.iso;
    target = { dev = "sdd"; bus = "sata"; };
    readonly = true;
  }
  ```
  */
  virtio-win.iso = pkgs.runCommand "virtio-win.iso" {} ''
    ${pkgs.xorriso}/bin/xorriso -as mkisofs -J -V VIRTIO-WIN -o $out ${pkgs.virtio-win}
  '';

  /**
  A disc image that cloud-init reads at the first boot (NoCloud data source). The instance ID is a hash of the contents, so
  cloud-init treats a changed image as a new instance, and applies it.

  The image is in the Nix store, where every user can read it: include a password only as a hash.

  # Type

  ```
  nocloud :: Arguments -> Derivation
  ```

  # Arguments

  - `name`: Name of the guest: the default host name, and part of the instance ID. Required.
  - `user_data` (default: `{ }`): User data: a set, which becomes `#cloud-config`, or a string.
  - `meta_data` (default: `{ }`): Meta data: a set that is merged with `instance-id` and `local-hostname`.
  - `network_config` (default: `null`): Network configuration: a set.

  # Example

  ```nix
  lib.guest-install.nocloud { name = "web"; user_data.packages = [ "nginx" ]; }
  ```
  */
  nocloud = {
    name,
    user_data ? {},
    meta_data ? {},
    network_config ? null,
  }: let
    inherit (builtins) hashString isAttrs substring toJSON;
    # JSON is valid YAML.
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
