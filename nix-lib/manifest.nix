# The manifest of modules, for hosts without NixOS and Home Manager.
{pkgs}: {
  modules,
  lib ? pkgs.lib,
  specialArgs ? {},
}: let
  inherit (builtins) concatStringsSep filter map toJSON;
  library = import ./. {inherit pkgs;};
  inherit
    (lib.evalModules {
      inherit specialArgs;
      modules = [./modules/options.nix {_module.args = {inherit pkgs;};}] ++ modules;
    })
    config
    ;
  declared = import ./modules/manifest.nix {inherit lib library;} config.virtualisation.libvirt.connections;
  failed =
    map (it: it.message) (filter (it: !it.assertion) declared.assertions)
    ++ map (it: ''
      virtualisation.libvirt.connections.${toJSON it.uri}: the `hooks` of domain ${toJSON it.name} are installed only by the NixOS module
      hint: put the script into /etc/libvirt/hooks/qemu.d of the host'')
    declared.hooks;
  checked = manifest:
    if failed == []
    then lib.showWarnings declared.warnings manifest
    else throw (concatStringsSep "\n" failed);
in
  checked (pkgs.writeText "nixvirt-manifest.json" (toJSON declared.manifest)
    // {
      inherit (declared) manifest;
      inherit config;
    })
