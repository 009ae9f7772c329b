# The module's library builds disc images with the packages of the host.
{nixpkgsLib, ...}: let
  host = import ../. {
    inherit nixpkgsLib;
    platform = "aarch64-linux";
    modules = [./module.nix];
  };
  disks = (builtins.head host.config.virtualisation.libvirt.connections."qemu:///system".domains).definition.devices.disk;
in {"seed-is-built-on.json" = (builtins.head disks).source.file.system;}
