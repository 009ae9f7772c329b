# The packages of the flake.
{pkgs}: let
  inherit (builtins) filter listToAttrs toJSON;
  plugin = import ./plugin.nix {inherit pkgs;};

  # All options of the modules, with their types, defaults and descriptions.
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
    nixvirt = import ./nixvirt.nix {inherit pkgs;};

    # The plugin for the default Nix of nixpkgs.
    plugin = plugin pkgs.nix;

    # The JSON Schemas of all kinds of objects.
    schemas = pkgs.runCommand "nixvirt-schemas" {} ''
      mkdir -p $out/share/nixvirt/schemas
      cp ${../schema/json}/*.json $out/share/nixvirt/schemas
    '';

    # The guide as a book, and all options of the modules as JSON.
    docs =
      pkgs.runCommand "nixvirt-docs" {
        nativeBuildInputs = [pkgs.mdbook];
        options = toJSON options;
        passAsFile = ["options"];
      } ''
        mkdir -p $out/share/doc
        mkdir dev
        ln -s ${../docs} docs
        cp -r ${../dev/book} dev/book
        mdbook build --dest-dir $out/share/doc/nixvirt dev/book
        cp $optionsPath $out/share/doc/nixvirt/options.json
      '';
  }
  # The plugin for each other Nix of nixpkgs, such as `plugin-nix_2_31`.
  // listToAttrs (map (name: {
      name = "plugin-${name}";
      value = plugin pkgs.nixVersions.${name};
    })
    (import ./supported-nix.nix {inherit pkgs;}))
