# Of each configuration: the objects that it declares, and what is said against it.
{
  lib,
  nixpkgsLib,
  pkgs,
  ...
}: let
  tests = import ../../vm {inherit pkgs;};
  # Options of NixOS that the module does not set.
  anything = lib.mkOption {
    default = {};
    type = lib.types.anything;
  };
  others = {
    fileSystems = anything;
    home-manager = anything;
    networking = {
      bridges = anything;
      firewall.enable = anything;
      nftables = anything;
    };
    programs = anything;
    services = anything;
    specialisation = lib.mkOption {
      default = {};
      type = lib.types.attrsOf (lib.types.submodule {
        options.configuration = lib.mkOption {type = lib.types.deferredModule;};
      });
    };
    virtualisation = {
      diskSize = anything;
      emptyDiskImages = anything;
      memorySize = anything;
    };
  };
  evaluated = modules:
    (import ../. {
      inherit nixpkgsLib;
      modules =
        modules
        ++ [{options = others;}];
    })
    .config;
  said = config: map (it: it.message) (lib.filter (it: !it.assertion) config.assertions) ++ config.warnings;
  names = lib.mapAttrs (_: connection: lib.mapAttrs (_: map (it: it.name or (lib.removePrefix "NixVirt-" (lib.substring 33 (-1) (baseNameOf it.definition))))) (lib.filterAttrs (_: it: lib.isList it && it != []) connection));
  objects = config:
    if !config.virtualisation.libvirt.enable
    then {}
    else names (builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile config.environment.etc."nixvirt/manifest.json".source))).connections;
  shown = config: {
    declares = objects config;
    said = said config;
  };
  node = module: let
    config = evaluated [module];
  in
    {"" = shown config;} // lib.mapAttrs (_: it: shown (evaluated [module it.configuration])) config.specialisation;
in {
  "nodes.json" = lib.mapAttrs (_: it: lib.mapAttrs (_: node) it.test.nodes) tests;
}
