# Option types made of a JSON Schema: what an editor shows of a spec, and how its definitions are merged. Whether a value is
# of its type is not asked here: that is done once, with better words, where the spec becomes XML.
#
# An editor such as nixd looks into options of the types `submodule` and `attrsOf`, by their names, and asks them for
# `getSubOptions`. Our types have these names and make the options below them only when they are asked.
{lib}: let
  inherit (builtins) any attrNames concatMap elem filter foldl' head isAttrs isList length mapAttrs tail;
  inherit (lib) mkOptionType types;
  inherit (lib.strings) isStringLike;

  isSet = it: isAttrs it && !isStringLike it;

  # Any part of a spec: sets are merged, lists joined, and of anything else there is one.
  value = mkOptionType {
    name = "spec";
    description = "part of a spec";
    merge = loc: definitions:
      if length definitions == 1 && !isSet (head definitions).value
      then (head definitions).value
      else if lib.all (it: isSet it.value) definitions
      then (types.attrsOf value).merge loc definitions
      else if lib.all (it: isList it.value) definitions
      then concatMap (it: it.value) definitions
      else lib.options.mergeEqualOption loc definitions;
  };

  # The value of a spec of a kind, whose options are these.
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

  # The same by names.
  keyedSetOf = element:
    value
    // {
      name = "attrsOf";
      description = "sets by name or list of sets";
      descriptionClass = "conjunction";
      nestedTypes.elemType = element;
      getSubOptions = prefix: element.getSubOptions (prefix ++ ["<name>"]);
    };

  schemaOf = schema: let
    # What a schema stands for, with references followed: all that it may be.
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

    # The properties of an element, of whatever form it is: for each name all that it may be, each with the name of its form.
    propertiesOf = definition: let
      set = setIn definition;
      forms = concatMap (form: [form] ++ (form.oneOf or [])) (set.oneOf or []);
      ofForm = form: mapAttrs (_: it: it // {form = form.title or "";}) (form.properties or {});
    in
      builtins.zipAttrsWith (_: all: all) ([(set.properties or {})] ++ map ofForm forms);

    # What a property means: where its element has several forms, in each of them.
    meaningOf = all: let
      ofOne = it: it.description or (lib.optionalString (it ? "$ref") (schema."$defs".${nameOf it}.description or ""));
      formsWith = text: lib.concatMapStringsSep ", " (it: "`${it.form or ""}`") (filter (it: ofOne it == text) all);
      texts = lib.unique (map ofOne all);
    in
      if length texts == 1
      then head texts
      else lib.concatMapStringsSep "\n" (text: "- ${formsWith text}: ${text}") texts;

    # Options for those properties. Elements that `within` names are on the way here: what they hold once more is left to
    # whoever asks for it, so that a list of all options ends.
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
      # What may stand for one of them.
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

    # A value without parts.
    leaf = possible:
      value
      // {
        name = "nullOr";
        description = lib.concatStringsSep " or " (wordsOf possible);
        descriptionClass = "conjunction";
      };

    # The words for what a value may be.
    wordsOf = possible: let
      # Each with one type.
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
  in {
    options =
      optionsOf {
        within = [];
        isKeyed = false;
      }
      schema;

    # The children of a keyed element that there may be several of, each with the names of its own parts.
    several = let
      keyed = lib.filterAttrs (_: definition: definition.xmlKeyed or false) schema."$defs";
      elementsIn = all: filter (it: it ? element) (concatMap (it: alternatives (it.items or {})) (concatMap alternatives all));
      partsOf = all: concatMap (it: attrNames (propertiesOf schema."$defs".${it.element})) (elementsIn all);
    in
      mapAttrs (_: partsOf) (lib.filterAttrs (_: all: elementsIn all != []) (lib.concatMapAttrs (_: propertiesOf) keyed));
  };
in {
  inherit value;
  inherit schemaOf isSet;
}
