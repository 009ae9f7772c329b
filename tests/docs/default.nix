# What is done with the Nix blocks of the guide; each function takes the block's file.
{
  # nixpkgs' `lib`, or null: expressions do without.
  nixpkgsLib,
}: let
  inherit (builtins) attrValues concatMap deepSeq filter fromJSON isFunction isString mapAttrs readFile scopedImport substring toJSON unsafeDiscardStringContext;

  stub = (builtins.getFlake "path:${toString ../../dev/nixpkgs-stub}").legacyPackages.x86_64-linux;
  pkgs =
    stub
    // (
      if nixpkgsLib == null
      then {}
      else {inherit lib;}
    );
  NixVirt = {
    lib = import ../../nix-lib {inherit pkgs;};
    nixosModules.default = ../../nix-lib/modules/nixos.nix;
    homeModules.default = ../../nix-lib/modules/home-manager.nix;
  };
  lib = (import nixpkgsLib).extend (_: _: {
    hm.dag.entryAfter = after: data: {inherit after data;};
  });

  # What modules of the guide set beside the options of tests/modules.
  others = names: {
    options = lib.foldl' lib.recursiveUpdate {} (map (name:
      lib.setAttrByPath (lib.splitString "." name) (lib.mkOption {
        type = lib.types.anything;
        default = {};
      }))
    names);
  };
  ofNixos = {
    imports = [(others ["age" "boot" "fileSystems" "networking.hostName" "nixpkgs" "programs" "security" "services" "system.build" "system.stateVersion" "virtualisation.libvirtd.allowedBridges"])];
    system.build.toplevel = pkgs.runCommand "nixos-system" {} "mkdir $out";
  };
  ofHome = others ["home.homeDirectory" "home.stateVersion" "home.username"];

  # A configuration of those modules.
  configuration = system: specialArgs: modules:
    lib.evalModules {
      specialArgs = {inherit NixVirt;} // specialArgs;
      modules =
        [
          (../modules + "/${system}.nix")
          {
            _module.args = {inherit pkgs;};
            nix.package = lib.mkDefault pkgs.nix;
          }
        ]
        ++ modules;
    };

  read = manifest: fromJSON (unsafeDiscardStringContext (readFile manifest));

  # The manifests of a configuration, against which nothing is said: one, if it declares anything.
  manifests = {config, ...}: let
    failed = map (it: it.message) (filter (it: !it.assertion) config.assertions);
    said = failed ++ config.warnings;
  in
    if !(config.virtualisation.libvirt.enable or false)
    then []
    else if said != []
    then throw (toJSON said)
    else [(read (config.environment.etc or config.xdg.configFile)."nixvirt/manifest.json".source)];

  # A block as a module, whether it is a function or has its arguments in scope.
  module = file: args @ {
    NixVirt,
    config,
    lib,
    pkgs,
    ...
  }: let
    block = scopedImport {inherit NixVirt config lib pkgs;} file;
  in
    if isFunction block
    then block args
    else block;

  inputs = {
    inherit NixVirt;
    nixpkgs = {
      outPath = ../../dev/nixpkgs-stub;
      legacyPackages.x86_64-linux = pkgs;
      lib = lib // {nixosSystem = it: configuration "nixos" (it.specialArgs or {}) (it.modules ++ [ofNixos]);};
    };
    home-manager.lib.homeManagerConfiguration = it: configuration "home-manager" (it.extraSpecialArgs or {}) (it.modules ++ [ofHome]);
  };
in {
  # The XML of a domain, if the expression makes one.
  expression = file: let
    value =
      scopedImport {
        inherit (NixVirt) lib;
        inherit NixVirt pkgs;
      }
      file;
    isDomain = isString value && substring 0 7 value == "<domain";
  in
    deepSeq value (
      if isDomain
      then readFile (pkgs.writeText "domain.xml" value)
      else "evaluated\n"
    );

  nixos = file: toJSON (manifests (configuration "nixos" {} [NixVirt.nixosModules.default ofNixos (module file)]));

  home = file: toJSON (manifests (configuration "home-manager" {} [NixVirt.homeModules.default ofHome (module file)]));

  flake = file: let
    flake = import file;
    outputs = flake.outputs ({self = outputs;} // mapAttrs (name: _: inputs.${name}) flake.inputs);
    configurations = attrValues (outputs.nixosConfigurations or {}) ++ attrValues (outputs.homeConfigurations or {});
  in
    toJSON (concatMap manifests configurations ++ map read (attrValues (outputs.packages.x86_64-linux or {})));
}
