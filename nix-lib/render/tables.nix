# The tables of a kind of object, read from its JSON Schema: for each element, its fields in the order of XML, and how their values
# are printed. Each element is read once, on first use.
#
# # Type
# tables :: { definitions :: { name :: Definition }, root :: Definition, fileOf :: String -> String } -> Element
{
  definitions,
  root,
  # The name of a definition in `definitions`.
  fileOf ? name: name,
}: let
  inherit (builtins) any attrNames concatMap elem elemAt filter foldl' genList groupBy head intersectAttrs isAttrs isList isString length listToAttrs mapAttrs partition tail;
  scalar = import ./scalar.nix;
  inherit (scalar) size value;

  keyed = key: list: mapAttrs (_: head) (groupBy (it: it.${key}) list);
  listOf = it:
    if isList it
    then it
    else [it];
  slice = from: to: list: genList (at: elemAt list (from + at)) (to - from);

  nameOf = reference: fileOf (baseNameOf reference."$ref");
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
  };
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
    hasForms = set ? oneOf;
    defaults = defaultOf set;
    variants = map variantOf set.oneOf;
    tag = tagOf set;
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
      default = map (form: form.title) (defaultOf set);
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

  # A function of a spec: what `make` makes of the table that its attributes select; `otherwise` if they select none.
  choose = tree: make: otherwise: let
    forms = mapAttrs (_: form: choose form make otherwise) tree.forms;
    made = make tree.table;
    inherit (tree) tag;
    default =
      if tree.default == []
      then otherwise
      else forms.${head tree.default};
    ofWord = word: forms.${word} or otherwise;
  in
    if tree ? table
    then made
    else
      spec: let
        given = spec.${tag} or null;
        word = value given;
      in
        if given == null
        then default spec
        else if isString given
        then ofWord given spec
        else if isString word
        then ofWord word spec
        else otherwise spec;

  # A table with its fields in the order of XML, and the places of their keys in that order.
  compiled = whole: let
    all = whole.tags ++ whole.rows;
    placed = genList (order: {
      name = (elemAt all order).key;
      value = order;
    }) (length all);
    ofPlace = groupBy (it: (elemAt all it.value).place) placed;
    specials = filter (row: row.isSpecial) all;
    fields = genList (order: field order (elemAt all order)) (length all);
    byKey = mapAttrs (_: elemAt fields) (listToAttrs placed);
    fieldsOf = condition: map (row: byKey.${row.key}) (filter condition specials);
    empty = listToAttrs (map (row: {
      name = row.key;
      value = null;
    }) (filter (row: row.xml.absent or null == "empty") specials));
    sized = fieldsOf (row: row.unitIn != null);
    table = {
      inherit (whole) choices parts;
      inherit fields byKey sized;
      names = listToAttrs (map (row: {
          inherit (row) name;
          value = null;
        })
        all);
      attributes = listToAttrs (ofPlace.attribute or []);
      children = listToAttrs (ofPlace.child or [] ++ ofPlace.within or []);
      texts = map (it: elemAt fields it.value) (ofPlace.text or []);
      inherit (whole) required;
      isRequired = listToAttrs (map (name: {
          inherit name;
          value = null;
        })
        whole.required);
      lifted = groupBy (field: field.within) (fieldsOf (row: row.xml ? within));
      spaces = fieldsOf (row: row.xml ? namespace);
      # The fields that are written without a value, too, and the attributes that have a child of the same name.
      empties = fieldsOf (row: row.xml.absent or null == "empty");
      twins = fieldsOf (row: row.key != row.name);
      # The spec with the fields that it has in other forms; null if it says something twice.
      prepare = given: let
        withSizes = foldl' withUnit (empty // given) sized;
      in
        if withSizes == null
        then null
        else foldl' (spec: twin: spec // apart twin.name (spec.${twin.name} or null)) withSizes table.twins;
    };
  in
    table;

  # Splits the text of a number that has its unit, too.
  withUnit = spec: number: let
    it = value (spec.${number.name} or null);
    parts = size it;
  in
    if spec == null
    then null
    else if !isString it || parts == null
    then spec
    else if spec.${number.unitIn} or null != null
    then null
    else
      spec
      // {
        ${number.name} = head parts;
        ${number.unitIn} = elemAt parts 1;
      };

  # An attribute and a child of the same name: a set is the child, any other value the attribute; a list may hold both.
  apart = name: it: let
    sorted = partition (item: isAttrs (value item)) (filter (item: item != null) (listOf it));
    alone = items:
      if length items > 1
      then items
      else head (items ++ [null]);
  in {
    ${name} = alone sorted.wrong;
    "${name} child" = alone sorted.right;
  };

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

  row = name: key: property: let
    xml = property.xml or {};
    unitIn = foldl' (found: it: it.xmlSize.unitIn or found) (property.xmlSize.unitIn or null) (property.anyOf or []);
  in {
    inherit name key property xml unitIn;
    place =
      if xml ? within
      then "within"
      else if xml ? attribute
      then "attribute"
      else if xml ? text
      then "text"
      else "child";
    isSpecial = xml ? within || xml ? absent || xml ? namespace || key != name || unitIn != null;
  };

  field = order: row: let
    inherit (row) property xml;
    all = alternatives property;
    has = type: any (it: it.type or null == type) all;
    references = filter isElement all;
    known = filter (it: it ? enum || isString (it.const or null) || !elem (it.type or "array") ["array" "boolean" "null" "object"]) all;
    isPresence = has "boolean" || references != [] && inner.short == "presence";
    inner = elements.${nameOf (head references)};
  in {
    inherit (row) name key unitIn;
    inherit order known isPresence property;
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
    namespace = xml.namespace or null;
  };
in
  if root ? "$ref"
  then elements.${nameOf root}
  else element root
