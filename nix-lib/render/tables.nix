# The tables of a kind of object, read from its JSON Schema, which has all that problems tell: for each element, its fields in the
# order of XML, and how their values are printed. Each element is read once, on first use.
#
# # Type
# tables :: Schema -> Element
schema: let
  inherit (builtins) any attrNames concatMap elem elemAt filter foldl' genList groupBy head intersectAttrs isString length mapAttrs tail;
  definitions = schema."$defs";
  choose = import ./choose.nix;
  scalar = import ./scalar.nix;

  keyed = key: list: mapAttrs (_: head) (groupBy (it: it.${key}) list);
  slice = from: to: list: genList (at: elemAt list (from + at)) (to - from);

  nameOf = reference: baseNameOf reference."$ref";
  elements = mapAttrs (_: element) definitions;
  setOf = definition: head (definition.anyOf or [definition]);
  isElement = it: it ? "$ref";

  # All alternatives of a property, with references resolved.
  alternatives = it:
    if it ? anyOf
    then map (one: intersectAttrs {xmlHex = null;} it // one) (concatMap alternatives it.anyOf)
    else if it ? "$ref" && !(setOf definitions.${nameOf it}) ? xmlOrder
    then alternatives definitions.${nameOf it}
    else [it];

  # The parts of a set without its forms, each with the elements that it may be.
  partsOf = set:
    map (name: {
      inherit name;
      elements = map (it: elements.${nameOf it}) (filter isElement (alternatives set.properties.${name}));
    })
    set.xmlOrder;
  # The same in all of its forms.
  allPartsOf = set: partsOf set ++ concatMap allPartsOf (set.oneOf or []);
  allNamesOf = set: set.xmlOrder ++ concatMap allNamesOf (set.oneOf or []);
  tagOf = set: head (head set.oneOf).xmlOrder;
  # The form that is meant where nothing decides, in a list.
  defaultOf = set: filter (form: !elem (tagOf set) (form.required or [])) set.oneOf;
  variantOf = set: {
    word = set.title;
    names = allNamesOf set;
    parts = allPartsOf set;
    forms = formsOf set;
  };
  # The forms that an attribute of a set selects, with the word that counts if it is absent; null if there are none.
  formsOf = set:
    if set ? oneOf
    then {
      tag = tagOf set;
      variants = map variantOf set.oneOf;
      default = head (map (form: form.title) (defaultOf set) ++ [null]);
    }
    else null;
  # The unit of a size is not required if the text of the number has it.
  requiredOf = set: set.required or [] ++ concatMap (once: once."else".required or []) (set.allOf or []);

  element = definition: let
    set = setOf definition;
    # The fields that a single value gives.
    shortFor = map (name: outermost.byKey.${name}) (definition.xmlShortFor or []);
    # The table of an element whose form is not known.
    outermost = compiled {
      required = requiredOf set;
      tags = [];
      rows = rows set;
      parts = partsOf set;
      known = allNamesOf set;
      choices = [];
    };
  in {
    inherit outermost shortFor set;
    short = definition.xmlShort or "none";
    # The attribute that selects the form with that name, if the element has forms.
    formOf = form:
      if set ? oneOf
      then {${tagOf set} = form;}
      else {};
    choose = choose (treeOf (whole: whole) set);
    # What problems tell of the element.
    names = allNamesOf set;
    parts = allPartsOf set;
    forms = formsOf set;
    required = requiredOf set;
  };

  # The tables of an element: one, or one for each of its forms, as a tree whose branches are the words of the deciding attribute.
  # `whole` inserts the rows of a form into those of the element or form that it belongs to.
  treeOf = whole: set: let
    own = rows set;
    required = requiredOf set;
    spliced = chosen: form:
      whole {
        # The attribute that selects the form comes first.
        tags = [(head form.rows)] ++ form.tags;
        rows = slice 0 set.xmlFormsAt own ++ tail form.rows ++ slice set.xmlFormsAt (length own) own;
        required = required ++ form.required;
        parts = partsOf set ++ form.parts;
        choices =
          [
            {
              tag = tagOf set;
              chosen = variantOf chosen;
              forms = map variantOf set.oneOf;
            }
          ]
          ++ form.choices;
      };
  in
    if set ? oneOf
    then {
      tag = tagOf set;
      forms = mapAttrs (_: form: treeOf (spliced form) form) (keyed "title" set.oneOf);
      default = head (map (form: form.title) (defaultOf set) ++ [null]);
    }
    else {
      table = compiled (whole {
        inherit required;
        tags = [];
        rows = own;
        parts = partsOf set;
        choices = [];
      });
    };

  # A table with its fields in the order of XML.
  compiled = whole: let
    fields = map field (whole.tags ++ whole.rows);
    table = {
      inherit (whole) choices parts required;
      inherit fields;
      # The names that a spec may have: in any form, if none is chosen.
      known = whole.known or (map (part: part.name) whole.parts);
      byKey = keyed "key" fields;
      names = keyed "name" fields;
      sized = filter (field: field.unitIn != null) fields;
      empties = filter (field: field.absent == "empty") fields;
      twins = filter (field: field.key != field.name) fields;
      prepare = import ./prepare.nix {inherit (table) empties sized twins;};
    };
  in
    table;

  # The rows of a set: what is needed of each field to find the fields of a spec.
  rows = set: let
    all = set.xmlOrder;
    names = groupBy (name: name) all;
    twins =
      if length (attrNames names) == length all
      then []
      else filter (name: tail names.${name} != []) all;
    make = order: let
      name = elemAt all order;
      property = set.properties.${name};
    in
      if twins == [] || !elem name twins
      then row name name property
      # An attribute and a child of the same name; the attribute comes first.
      else if elem name (slice 0 order all)
      then row name "${name} child" (property // {xml = {};})
      else row name name (property // {xml.attribute = true;});
  in
    genList make (length all);

  row = name: key: property: {inherit name key property;};

  field = row: let
    inherit (row) property;
    xml = property.xml or {};
    all = alternatives property;
    has = type: any (it: it.type or null == type) all;
    references = filter isElement all;
    known = filter (it: it ? enum || isString (it.const or null) || !elem (it.type or "array") ["array" "boolean" "null" "object"]) all;
    isPresence = has "boolean" || references != [] && inner.short == "presence";
    inner = elements.${nameOf (head references)};
  in {
    inherit (row) name key property;
    inherit known isPresence;
    unitIn = foldl' (found: it: it.xmlSize.unitIn or found) (property.xmlSize.unitIn or null) (property.anyOf or []);
    tag = xml.name or row.name;
    # "raw" holds XML, "element" a set, "presence" is just there, "scalar" is text.
    type =
      if xml.raw or false
      then "raw"
      else if references != []
      then "element"
      else if has "boolean"
      then "presence"
      else "scalar";
    element = inner;
    print = scalar.print known;
    isMany = has "array" && !(xml.raw or false);
    # Whether the field is an element that occurs once. A list of one item means it.
    isOnce = !(has "array" || xml ? attribute || xml ? text);
    isSecret = property.writeOnly or false;
    place =
      if xml ? attribute
      then "attribute"
      else if xml ? text
      then "text"
      else "child";
    within = xml.within or null;
    absent = xml.absent or null;
    isAbsent = it: it == null || it == false && isPresence;
  };
in
  element schema
