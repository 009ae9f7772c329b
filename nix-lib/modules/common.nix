# What the modules for NixOS and for Home Manager have in common: what is applied, and with what.
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
  inherit (import ../packages.nix {pkgs = pkgs // {libvirt = cfg.package;};}) nixvirt;
  tools = [pkgs.qemu-utils] ++ lib.optional cfg.swtpm.enable pkgs.swtpm;
  nixSettings = lib.mkIf cfg.plugin.enable {
    plugin-files = ["${import ../plugin.nix {inherit pkgs;} config.nix.package}/lib/libnixvirt.so"];
  };
}
