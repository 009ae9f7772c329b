# The configuration of a guest, with the module that its template adds.
{
  lib,
  nixpkgsLib,
  ...
}: let
  stubs = {
    options = lib.genAttrs ["boot" "fileSystems" "networking" "services" "system"] (_: lib.mkOption {type = lib.types.attrsOf lib.types.anything;});
    config.fileSystems."/" = {
      device = "/dev/disk/by-label/nixos";
      fsType = "ext4";
    };
    config.networking.hostName = "guest";
    config.system.build.toplevel = "/nix/store/i86d5hp85cf6cv4xlz9nlabrxmsnmcd9-nixos-system-guest";
  };
  configuration = modules: (import nixpkgsLib).evalModules {modules = [stubs] ++ modules;};
  template = (import ../../../nix-lib {pkgs = {};}).domain.templates.nixos;
  os = nixosConfiguration: (template {inherit nixosConfiguration;}).os;
  added = configuration [
    (import ../../../nix-lib/modules/nixos-guest.nix {
      hasDisk = true;
      console = "ttyS0";
    })
  ];
in {
  "os.json" = os (configuration []);
  "os-on-arm.json" = os (configuration [] // {pkgs.stdenv.hostPlatform.system = "aarch64-linux";});
  "added.json" = {inherit (added.config) boot fileSystems services;};
}
