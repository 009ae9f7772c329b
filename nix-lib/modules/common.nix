# What the NixOS module and the Home Manager module share: the manifest, and the programs that apply it.
{
  config,
  lib,
  pkgs,
}: let
  cfg = config.virtualisation.libvirt;
  # The daemon that the specs are for: on NixOS that of the host, elsewhere the user's own.
  daemon = config.virtualisation.libvirtd.package or cfg.package;
  library = import ../. {
    inherit pkgs;
    libvirt = daemon.version or null;
  };
  declared = import ./manifest.nix {inherit lib library;} cfg.connections;

  # NixOS and Home Manager check the new nix.conf with the new Nix, and take any warning for an error: a plugin that does not
  # fit must not be named there.
  nix = config.nix.package;
  isNixWithPlugin = lib.getName nix == "nix" && lib.versionAtLeast nix.version "2.26";
in {
  inherit cfg declared;
  # A newer Nix may have no C API: then the warning would stop every rebuild.
  plugin.enable = lib.mkDefault (nix != null && import ../known-nix.nix nix);
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
        hint: set `nix.package` to such a Nix, or remove virtualisation.libvirt.plugin.enable: the types of specs are checked without the plugin too'';
    }
  ];
}
