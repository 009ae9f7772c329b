# The packages of this flake.
{pkgs}: let
  inherit (builtins) attrNames filter fromJSON listToAttrs match toJSON tryEval;
  plugin = import ./plugin.nix {inherit pkgs;};

  # The versions of Nix that nixpkgs has and the plugin can be built for, as in `nix_2_31`.
  versions = let
    isSupported = name: let
      minor = match "nix_2_([0-9]+)" name;
    in
      minor != null && fromJSON (builtins.head minor) >= 26 && (tryEval (pkgs.nixVersions.${name}.drvPath or null)).success;
  in
    filter isSupported (attrNames (pkgs.nixVersions or {}));

  # The list of all options of the modules, with what an editor shows of each.
  options = let
    module = pkgs.lib.evalModules {modules = [./modules/options.nix {_module.args = {inherit pkgs;};}];};
    list = pkgs.lib.optionAttrSetToDocList {inherit (module.options) virtualisation;};
  in
    listToAttrs (map (it: {
      inherit (it) name;
      value = removeAttrs it ["declarations" "internal" "visible" "name"];
    }) (filter (it: it.visible && !it.internal) list));
in
  {
    # The commands `nixvirt` and `virtdeclare`.
    nixvirt = import ./crate.nix {inherit pkgs;} "nixvirt" {
      cargoBuildFlags = ["-p" "nixvirt" "-p" "nixvirt-libvirt"];
      nativeBuildInputs = [pkgs.pkg-config];
      buildInputs = [pkgs.libvirt];
    };

    # The plugin, for the Nix of the same nixpkgs.
    plugin = plugin pkgs.nix;

    # The JSON Schemas of all kinds.
    schemas = pkgs.runCommand "nixvirt-schemas" {} ''
      mkdir -p $out/share/nixvirt/schemas
      cp ${../schema/json}/*.json $out/share/nixvirt/schemas
    '';

    # The guide, to be read in a browser, and the list of all options of the modules.
    docs =
      pkgs.runCommand "nixvirt-docs" {
        nativeBuildInputs = [pkgs.mdbook];
        options = toJSON options;
        passAsFile = ["options"];
      } ''
        mkdir -p $out/share/doc
        mdbook build --dest-dir $out/share/doc/nixvirt ${../docs}
        cp $optionsPath $out/share/doc/nixvirt/options.json
      '';
  }
  # The plugin for each other Nix of nixpkgs: `plugin-nix_2_31`.
  // listToAttrs (map (name: {
      name = "plugin-${name}";
      value = plugin pkgs.nixVersions.${name};
    })
    versions)
