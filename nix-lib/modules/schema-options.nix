# Options made of a JSON Schema: they tell editors the fields of a spec, and the module system how to merge definitions. They do
# not check values: that happens once, with better messages, when the spec becomes XML.
#
# Editors such as nixd recognize the types `submodule` and `attrsOf` by name, and call their `getSubOptions`. The types here have
# these names and make the options below them only on such a call.
{lib}: let
  inherit (builtins) any attrNames concatLists concatMap elem filter foldl' head isAttrs isList isString length mapAttrs tail;
  inherit (lib) mkOptionType types;
  inherit (lib.strings) isStringLike;

  isSet = it: isAttrs it && !isStringLike it;

  # Whether no function of the module system, such as `mkIf`, made a part of a value. A single such definition stays as it is, with
  # its positions.
  isWhole = it: !isSet it || !(it ? _type) && lib.all isWhole (builtins.attrValues it);

  # Any part of a spec. Several definitions merge if all are sets, concatenate if all are lists, and must be equal otherwise.
  value = mkOptionType {
    name = "spec";
    description = "part of a spec";
    merge = loc: definitions:
      if length definitions == 1 && isWhole (head definitions).value
      then (head definitions).value
      else if lib.all (it: isSet it.value) definitions
      then (types.attrsOf value).merge loc definitions
      else if lib.all (it: isList it.value) definitions
      then concatMap (it: it.value) definitions
      else lib.options.mergeEqualOption loc definitions;
  };

  # A set with these options.
  setOf = {
    description,
    options,
  }:
    value
    // {
      name = "submodule";
      inherit description;
      descriptionClass = "conjunction";
      getSubOptions = options;
    };

  # Sets by name, of the type `element`.
  keyedSetOf = element:
    value
    // {
      name = "attrsOf";
      description = "attribute set of sets by name, or list of sets";
      descriptionClass = "conjunction";
      nestedTypes.elemType = element;
      getSubOptions = prefix: element.getSubOptions (prefix ++ ["<name>"]);
    };

  schemaOf = schema: let
    # All alternatives of a schema, with references resolved. An element is given by its name.
    nameOf = it: baseNameOf it."$ref";
    alternatives = it:
      if it ? anyOf
      then concatMap alternatives it.anyOf
      else if it ? "$ref"
      then
        if isElement schema."$defs".${nameOf it}
        then [{element = nameOf it;}]
        else alternatives schema."$defs".${nameOf it}
      else [it];
    setIn = definition: head (definition.anyOf or [definition]);
    isElement = definition: setIn definition ? xmlOrder || setIn definition ? oneOf;

    # The properties of an element in all of its forms: for each name, the schemas of the property, each with its form.
    propertiesOf = definition: let
      set = setIn definition;
      forms = concatMap (form: [form] ++ (form.oneOf or [])) (set.oneOf or []);
      ofForm = form: mapAttrs (_: it: it // {form = form.title or "";}) (form.properties or {});
    in
      builtins.zipAttrsWith (_: all: all) ([(set.properties or {})] ++ map ofForm forms);

    # The description of a property; a list if it differs between the forms of the element.
    meaningOf = all: let
      ofOne = it: it.description or (lib.optionalString (it ? "$ref") (schema."$defs".${nameOf it}.description or ""));
      formsWith = text: lib.concatMapStringsSep ", " (it: "`${it.form or ""}`") (filter (it: ofOne it == text) all);
      texts = lib.unique (map ofOne all);
    in
      if length texts == 1
      then head texts
      else lib.concatMapStringsSep "\n" (text: "- ${formsWith text}: ${text}") texts;

    # Options for the properties of an element. `within` names the elements above it: options below a repeated element are
    # shown only on demand, for a list of all options would not end.
    optionsOf = {
      within,
      isKeyed,
    }: definition: prefix:
      mapAttrs (name: all: option within isKeyed (prefix ++ [name]) all) (propertiesOf definition);

    option = within: isKeyed: loc: all: let
      possible = concatMap alternatives all;
      elements = lib.unique (map (it: it.element) (filter (it: it ? element) possible));
      elementsIn = list: filter (it: it ? element) (alternatives (list.items or {}));
      inLists = lib.unique (map (it: it.element) (concatMap elementsIn possible));
      isMany = inLists != [];
      every = lib.unique (elements ++ inLists);
      # The short forms of these elements.
      short = concatMap (name: concatMap alternatives (tail (schema."$defs".${name}.anyOf or [{}]))) every;
      element = setOf {
        description = lib.concatStringsSep " or " (
          lib.optional isMany "list of sets"
          ++ ["set"]
          ++ wordsOf (filter (it: !(it ? element) && elementsIn it == []) possible ++ short)
        );
        options = prefix:
          foldl' (known: name:
            optionsOf {
              within = within ++ every;
              isKeyed = schema."$defs".${name}.xmlKeyed or false;
            }
            schema."$defs".${name}
            prefix
            // known) {}
          every;
      };
    in
      {
        _type = "option";
        inherit loc;
        declarations = [];
        declarationPositions = [];
        description = meaningOf all;
        default = null;
        type =
          if every == []
          then leaf possible
          else if isMany && isKeyed
          then keyedSetOf element
          else element;
      }
      // (
        if any (name: elem name within) every
        then {visible = "shallow";}
        else {}
      );

    # An option for a single value.
    leaf = possible:
      value
      // {
        name = "nullOr";
        description = lib.concatStringsSep " or " (wordsOf possible);
        descriptionClass = "conjunction";
      };

    # The type of a value in words.
    wordsOf = possible: let
      # One schema for each type.
      apart = it:
        if isList (it.type or null)
        then map (type: it // {inherit type;}) it.type
        else [it];
      known = filter (it: it.type or "" != "null") (concatMap apart possible);
      enums = concatMap (it: it.enum or (lib.optional (it ? const) it.const)) known;
      word = it:
        if it.type or null == "integer"
        then
          if it ? minimum && it ? maximum
          then "integer from ${toString it.minimum} to ${toString it.maximum}"
          else "integer"
        else if it.type or null == "array"
        then "list"
        else if it.type or null == "object"
        then "set"
        else it.type or "text";
      others = lib.unique (map word (filter (it: !(it ? enum || it ? const)) known));
    in
      lib.optional (enums != []) "one of ${lib.concatMapStringsSep ", " builtins.toJSON (lib.unique enums)}" ++ others;

    # The parts of elements, by name: whether a value fits a part, and the parts of the sets that it may be.
    partsOf = definitions: mapAttrs (_: partOf) (builtins.zipAttrsWith (_: concatLists) (map propertiesOf definitions));
    partOf = all: let
      possible = concatMap alternatives all;
      isSetType = it: it ? element || it.type or null == "object";
      definitionOf = it: schema."$defs".${it.element or ""} or it;
      sets = map definitionOf (filter isSetType (possible ++ concatMap (it: alternatives (it.items or {})) possible));
      isSingle = it: !isSetType it && !elem (it.type or null) ["array" "null"];
      # A single value may be the short form of an element.
      singles = filter isSingle (possible ++ concatMap (it: concatMap alternatives (tail (it.anyOf or [{}]))) sets);
    in {
      parts = partsOf sets;
      fits = it:
        if isSet it
        then sets != []
        else if isString it
        then any (single: elem it (single.enum or [(single.const or it)])) singles
        else it == null || isList it || singles != [];
    };
  in {
    options =
      optionsOf {
        within = [];
        isKeyed = false;
      }
      schema;

    parts = partsOf [schema];

    # The children of a keyed element that may repeat, each with the parts of one.
    repeatable = let
      keyed = lib.filterAttrs (_: definition: definition.xmlKeyed or false) schema."$defs";
      isRepeatable = all: any (it: any (it: it ? element) (alternatives (it.items or {}))) (concatMap alternatives all);
    in
      mapAttrs (_: all: (partOf all).parts) (lib.filterAttrs (_: isRepeatable) (lib.concatMapAttrs (_: propertiesOf) keyed));
  };
in {
  inherit value;
  inherit schemaOf isSet;
}
