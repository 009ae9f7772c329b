# What is shown of a case, by the names of the files of its folder: see tests/golden/modules.rs.
{
  # nixpkgs' `lib`.
  nixpkgsLib,
  # The case's folder.
  folder,
}: let
  inherit (builtins) concatMap concatStringsSep filter fromJSON isString map pathExists readFile unsafeDiscardStringContext;

  isHome = pathExists (folder + "/home.nix");
  # The manifest of `lib.manifest`, for a host with neither of the two.
  isOther = pathExists (folder + "/guests.nix");
  system = import ./. {
    inherit nixpkgsLib;
    system =
      if isHome
      then "home-manager"
      else "nixos";
    modules = [
      (
        if isHome
        then folder + "/home.nix"
        else if isOther
        then {}
        else folder + "/module.nix"
      )
    ];
  };
  inherit (system) config options;
  inherit (system._module.args) pkgs;
  inherit (pkgs) lib;

  declared = (config.environment.etc or config.xdg.configFile)."nixvirt/manifest.json".source;
  manifest =
    if isOther
    then fromJSON (unsafeDiscardStringContext (readFile (system._module.args.NixVirt.lib.manifest {modules = [(folder + "/guests.nix")];})))
    else fromJSON (unsafeDiscardStringContext (readFile declared));
  here = manifest.connections."qemu:///system";
  xml = object: readFile object.definition;

  # Where nothing else is said: the manifest, the XML of the objects in it, and the warnings.
  all = let
    failed = filter (it: !it.assertion) config.assertions;
    list = it:
      if it == null
      then []
      else it;
    inConnection = it: concatMap list [it.secrets it.nwfilters it.pools it.networks it.domains];
    withParts = it: [it] ++ list (it.volumes or null) ++ list (it.snapshots or null);
    objects = concatMap withParts (concatMap inConnection (lib.attrValues manifest.connections));
    isRendered = it: isString (it.definition or null) && lib.hasPrefix builtins.storeDir it.definition;
  in
    if failed != []
    then throw (concatStringsSep "\n" (map (it: it.message) failed))
    else
      {"manifest.json" = manifest;}
      // lib.optionalAttrs (lib.any isRendered objects) {"objects.xml" = concatStringsSep "" (map xml (filter isRendered objects));}
      // lib.optionalAttrs (config.warnings != []) {"warnings.txt" = concatStringsSep "\n" config.warnings;};
in
  if pathExists (folder + "/show.nix")
  then import (folder + "/show.nix") {inherit config options pkgs lib nixpkgsLib manifest here xml;}
  else all
