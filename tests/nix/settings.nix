# The options of the modules that are no fields of a spec, for the language server: `lsp/src/catalog/settings.json`.
{nixpkgsLib}: let
  inherit (builtins) attrNames concatMap elem filter head isAttrs mapAttrs match;
  system = import ../modules {
    inherit nixpkgsLib;
    modules = [];
  };
  lib = import nixpkgsLib;
  inherit (system.options.virtualisation) libvirt;
  library = import ../../nix-lib {inherit (system._module.args) pkgs;};
  inherit (import ../../nix-lib/modules/object-options.nix {inherit lib library;}) connection policyNames;

  kinds = attrNames policyNames;
  isInternal = name: match "_.*" name != null;
  named = options: filter (name: !isInternal name) (attrNames options);

  # The types that a type is made of.
  within = type: [type] ++ concatMap within (filter (it: it ? name) (builtins.attrValues (removeAttrs (type.nestedTypes or {}) ["finalType"])));
  valuesOf = type: type.functor.payload.values or type.functor.payload;

  # A value of each form, which tells whether a type takes values of that form.
  samples = {
    "null" = null;
    boolean = true;
    integer = 1;
    negative = -1;
    zero = 0;
    fraction = 1.5;
    text = "x";
    absolute = "/x";
    path = /x;
    list = [];
    set = {};
  };
  takes = type: filter (form: type.check samples.${form}) (attrNames samples);

  setting = name: option:
    if (option._type or "") != "option"
    then {
      inherit name;
      type = "set";
      takes = ["set"];
      description = "";
      default = null;
      settings = settings option;
    }
    else let
      types = within option.type;
      enums = filter (it: it.name == "enum") types;
      objects = filter (it: elem it.description kinds) types;
      isSet = option.type.name == "submodule";
    in
      {
        inherit name;
        type = option.type.description;
        takes = takes option.type;
        description = lib.trim (option.description.text or option.description);
        default =
          if option ? defaultText
          then option.defaultText.text
          else if option ? default
          then lib.generators.toPretty {multiline = false;} option.default
          else null;
      }
      // lib.optionalAttrs (enums != []) {words = valuesOf (head enums);}
      // lib.optionalAttrs (objects != []) {objects = (head objects).description;}
      // lib.optionalAttrs isSet {settings = settings (option.type.getSubOptions []);};
  settings = options: map (name: setting name options.${name}) (named options);

  objectsIn = options: mapAttrs (_: it: it.type.nestedTypes.elemType.getSubOptions []) options;
  ofConnection = connection.getSubOptions [];
  objects = objectsIn (lib.filterAttrs (_: it: isAttrs it && elem (it.type.nestedTypes.elemType.description or "") kinds) ofConnection);
  optionsOf = {
    domain = objects.domains;
    network = objects.networks;
    pool = objects.pools;
    secret = objects.secrets;
    nwfilter = objects.nwfilters;
    volume = (objectsIn objects.pools).volumes or {};
    snapshot = (objectsIn objects.domains).snapshots or {};
  };
  policies = kind: options: lib.filterAttrs (name: _: elem name policyNames.${kind} && !isInternal name) options;
in
  [
    {
      of = "";
      settings = settings (removeAttrs libvirt ["connections"]);
    }
    {
      of = "connection";
      settings = settings ofConnection;
    }
  ]
  ++ map (kind: {
    of = kind;
    settings = settings (policies kind optionsOf.${kind});
  })
  kinds
