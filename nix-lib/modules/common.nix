# What the NixOS module and the Home Manager module share: the manifest, and the programs that apply it.
{
  config,
  lib,
  pkgs,
}: let
  cfg = config.virtualisation.libvirt;
  library = import ../. {inherit pkgs;};
  declared = import ./manifest.nix {inherit lib library;} cfg.connections;
in {
  inherit cfg declared;
  manifest = pkgs.writeText "nixvirt-manifest.json" (builtins.toJSON declared.manifest);
  nixvirt = import ../nixvirt.nix {pkgs = pkgs // {libvirt = cfg.package;};};
  tools = [pkgs.qemu-utils] ++ lib.optional cfg.swtpm.enable pkgs.swtpm;
  nixSettings = lib.mkIf (cfg.plugin.enable && config.nix.package != null) {
    plugin-files = ["${import ../plugin.nix {inherit pkgs;} config.nix.package}/lib/libnixvirt.so"];
  };
}
