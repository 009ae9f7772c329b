# What the NixOS module and the Home Manager module share: the manifest, and the programs that apply it.
{
  config,
  lib,
  pkgs,
}: let
  cfg = config.virtualisation.libvirt;
  library = import ../. {inherit pkgs;};
  declared = import ./manifest.nix {inherit lib library;} cfg.connections;

  # NixOS and Home Manager check the new nix.conf with the new Nix, and take any warning for an error: a plugin that does not
  # fit must not be named there.
  nix = config.nix.package;
  isNixWithPlugin = lib.getName nix == "nix" && lib.versionAtLeast nix.version "2.26";
  # The plugin was tried with all of these. For a newer Nix it may not compile, which would stop every rebuild.
  isKnownNix = isNixWithPlugin && lib.versionOlder nix.version "2.36";
in {
  inherit cfg declared;
  plugin.enable = lib.mkDefault (nix != null && isKnownNix);
  manifest = pkgs.writeText "nixvirt-manifest.json" (builtins.toJSON declared.manifest);
  nixvirt = import ../nixvirt.nix {pkgs = pkgs // {libvirt = cfg.package;};};
  tools = [pkgs.qemu-utils] ++ lib.optional cfg.swtpm.enable pkgs.swtpm;
  nixSettings = lib.mkIf (cfg.plugin.enable && nix != null && isNixWithPlugin) {
    plugin-files = ["${import ../plugin.nix {inherit pkgs;} nix}/lib/libnixvirt.so"];
  };
  pluginAssertions = [
    {
      assertion = cfg.plugin.enable -> nix == null || isNixWithPlugin;
      message = ''
        virtualisation.libvirt.plugin.enable: the plugin cannot be built for ${nix.name or "this Nix"}; expected Nix 2.26 or newer of nixpkgs, such as `pkgs.nix`
        hint: set `nix.package` to such a Nix, or remove virtualisation.libvirt.plugin.enable: specs are checked without the plugin too, with the first problem alone'';
    }
  ];
}
