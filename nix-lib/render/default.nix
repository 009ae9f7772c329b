# Renders specs in plain Nix, for evaluators without the plugin: a walk along the JSON Schema of the kind, as
# `schema/src/engine/render.rs` walks along the tables that the JSON Schema is generated from. The XML is the same, byte for byte.
#
# An invalid spec throws the first problem of a type, in the words of the plugin: an unknown attribute, a missing one, a value of a
# wrong type, an unknown word, a number out of range, a string of a wrong form. Only the plugin checks rules, and that characters and
# free XML are valid XML.
#
# # Type
# render :: { kind :: String, schema :: Schema } -> Spec -> String
{
  kind,
  schema,
}: let
  inherit (builtins) any attrNames attrValues concatMap elem elemAt filter genList groupBy head intersectAttrs isAttrs isList isString length mapAttrs removeAttrs replaceStrings sort split stringLength substring tail toJSON;
  scalar = import ./scalar.nix;
  inherit (scalar) size value;
  problem = import ./problem.nix;
  message = import ./message.nix;
  constants = import ./constants.nix;

  concat = builtins.concatStringsSep "";
  concatMapped = make: list: concat (map make list);
  when = condition: text:
    if condition
    then text
    else "";
  when' = condition: list:
    if condition
    then list
    else [];
  slice = from: to: list: genList (at: elemAt list (from + at)) (to - from);
  keyed = key: list: mapAttrs (_: head) (groupBy (it: it.${key}) list);
  listOf = it:
    if isList it
    then it
    else [it];
  # Null means absent.
  present = filter (it: it != null);
  presentIn = set: removeAttrs set (filter (name: set.${name} == null) (attrNames set));

  inherit (problem) fail listing;
  wrong = path: wanted: it: fail path (problem.wrongType wanted (scalar.kind (value it)) it);
  step = name:
    if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null
    then name
    else toJSON name;

  # Reading the schema: each element once, on first use.

  nameOf = reference: baseNameOf reference."$ref";
  elements = mapAttrs (_: element) schema."$defs";
  setOf = definition: head (definition.anyOf or [definition]);
  isElement = it: it ? "$ref";

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
  variantOf = set: {
    word = set.title;
    names = allNamesOf set;
    parts = allPartsOf set;
  };
  tagOf = set: head (head set.oneOf).xmlOrder;
  # The form that is meant where nothing decides, in a list.
  defaultOf = set: filter (form: !elem (tagOf set) (form.required or [])) set.oneOf;
  element = definition: let
    set = setOf definition;
  in rec {
    short = definition.xmlShort or "none";
    own = fields set;
    # The fields that a single value gives.
    shortFor = map (name: (keyed "name" own).${name}) (definition.xmlShortFor or []);
    # The attribute that selects the form with that name, if the element has forms.
    formOf = form:
      if set ? oneOf
      then {${tagOf set} = form;}
      else {};
    table = tables (whole: whole) set;
    names = allNamesOf set;
    parts = allPartsOf set;
    # A set of this element as messages show it.
    asSet = let
      deciding = when' (set ? oneOf && defaultOf set == []) [(tagOf set)];
      required = deciding ++ set.required or [];
      first = when' (set.xmlOrder != []) [(head set.xmlOrder)] ++ when' (set ? oneOf) [(tagOf set)];
    in
      problem.setOf (
        if required == []
        then
          slice 0 (
            if first == []
            then 0
            else 1
          )
          first
        else required
      );
    notation = constants.notations.${short} or null;
    expected =
      if notation != null
      then message.notationOrSet {inherit (notation) what example;}
      else
        {
          none = asSet;
          presence =
            if set.xmlOrder != []
            then message.switchOrSet {set = asSet;}
            else message.switchOrSet {inherit (message) set;};
          size = message.sizeOrSet {inherit (constants.size) example;};
          switch = message.switchOrSet {inherit (message) set;};
          text = message.valueOrSet {value = (head shortFor).expected;};
        }
        .${short};
  };

  # The table of an element's fields, for its path and its spec, whose attributes select one of its forms. `whole` inserts the
  # fields of a form into those of the element or form that it belongs to.
  tables = whole: set: let
    own = fields set;
    required = set.required or [];
    table = tableOf (whole {
      inherit required;
      tags = [];
      fields = own;
      parts = partsOf set;
      choices = [];
    });
    tag = tagOf set;
    known = map (form: form.title) set.oneOf;
    default = defaultOf set;
    forms = mapAttrs (_: form: tables (spliced form) form) (keyed "title" set.oneOf);
    spliced = chosen: form:
      whole {
        # The attribute that selects the form comes first.
        tags = [(head form.fields)] ++ form.tags;
        fields = slice 0 set.xmlFormsAt own ++ tail form.fields ++ slice set.xmlFormsAt (length own) own;
        required = required ++ form.required;
        parts = partsOf set ++ form.parts;
        choices =
          [
            {
              inherit tag;
              chosen = variantOf chosen;
              forms = map variantOf set.oneOf;
            }
          ]
          ++ form.choices;
      };
  in
    path: before: spec: let
      word = value (spec.${tag} or null);
      expected = listing known;
    in
      if !set ? oneOf
      then table
      else if word == null && default != []
      then forms.${(head default).title} path before spec
      else if isString word && elem word known
      then forms.${word} path before spec
      else if problem.isModuleFunction spec
      then wrong path "" spec
      else if word == null
      then
        fail "${before}${tag}" (problem.missing tag (message.expected {what = expected;})
          // {suggestion = problem.likely (map variantOf set.oneOf) (presentIn spec);})
      else if isString word
      then
        fail "${before}${tag}" {
          code = "unknown-word";
          message = message.invalid {
            noun = tag;
            found = toJSON word;
            inherit expected;
          };
          suggestion = problem.closest word known;
        }
      else wrong "${before}${tag}" expected word;

  tableOf = whole: let
    all = whole.tags ++ whole.fields;
  in rec {
    inherit (whole) choices parts;
    fields = keyed "key" (genList (order:
      elemAt all order
      // {
        inherit order;
        from = {
          inherit choices;
          inherit (elemAt all order) name;
        };
      }) (length all));
    required = map (name: fields.${name}) whole.required;
    empty = mapAttrs (_: _: null) (keyed "key" (filter (field: field.absent == "empty") all));
    twins = filter (field: field.key != field.name) all;
  };

  fields = set: let
    all = genList (at: at) (length set.xmlOrder);
    make = at: let
      name = elemAt set.xmlOrder at;
      same = filter (other: elemAt set.xmlOrder other == name) all;
      property = set.properties.${name};
    in
      if length same == 1
      then field set name name property
      # An attribute and a child of the same name; the attribute comes first.
      else if at == head same
      then field set name name (property // {xml.attribute = true;})
      else field set name "${name} child" (property // {xml = {};});
  in
    map make all;

  field = set: name: key: property: let
    xml = property.xml or {};
    tag = xml.name or name;
    isRaw = xml.raw or false;
    all = alternatives property;
    has = type: any (it: it.type or null == type) all;
    references = filter isElement all;
    known = filter (it: it ? enum || isString (it.const or null) || !elem (it.type or "array") ["array" "boolean" "null" "object"]) all;
    print = scalar.print known;
    text = path: it: let
      printed = print (value it);
    in
      if printed == null
      then fail path (scalar.refusal isSecret known (value it) // unitHint (value it))
      else printed;
    isSecret = property.writeOnly or false;
    # The advice on a size with a unit where a number is expected.
    unitHint = it: let
      parts = size it;
      withUnit = filter (other: other == "unit" || other == "units") set.xmlOrder;
    in
      if isSecret || !isString it || length known != 1 || !scalar.isDecimal (head known) || parts == null
      then {}
      else if withUnit != []
      then {hint = "set ${name} = ${head parts} and ${head withUnit} = ${toJSON (elemAt parts 1)}";}
      else {hint = message.withoutAUnit {inherit (property) description;};};
    inner = elements.${nameOf (head references)};
    one =
      if isRaw
      then _: raw tag
      else if references != []
      then child inner tag
      else if has "boolean"
      then _: presence tag
      else _: path: indent: it: textElement indent tag "" (escapeText (text path it));
    isPresence = has "boolean" || references != [] && inner.short == "presence";
    many = from: path: indent: items:
      concat (genList (at: when (elemAt items at != null) (one from "${path}[${toString at}]" indent (elemAt items at))) (length items));
  in {
    inherit name key tag text;
    expected =
      if isRaw
      then message.xml
      else if references != []
      then inner.expected
      else if has "boolean"
      then message.switch
      else scalar.expected known;
    step = step name;
    place = head (attrNames (intersectAttrs {
        attribute = null;
        text = null;
      }
      xml)
    ++ ["child"]);
    within = xml.within or null;
    absent = xml.absent or null;
    isAbsent = it: it == null || it == false && isPresence;
    namespace = xml.namespace or null;
    children = from: path: indent: it:
      if has "array" && isList it && !isRaw
      then many from path indent it
      else one from path indent it;
  };

  # All alternatives of a property, with references resolved.
  alternatives = it:
    if it ? anyOf
    then map (one: intersectAttrs {xmlHex = null;} it // one) (concatMap alternatives it.anyOf)
    else if it ? "$ref" && !(setOf schema."$defs".${nameOf it}) ? xmlOrder
    then alternatives schema."$defs".${nameOf it}
    else [it];

  # Writing: each element starts on a line of its own.

  escapeText = replaceStrings ["&" "<" ">" "\r"] ["&amp;" "&lt;" "&gt;" "&#13;"];
  escapeAttribute = replaceStrings ["&" "<" ">" "'" "\t" "\n" "\r"] ["&amp;" "&lt;" "&gt;" "&apos;" "&#9;" "&#10;" "&#13;"];
  attribute = name: text: " ${name}='${escapeAttribute text}'";
  prefixOf = tag: head (split ":" tag);

  textElement = indent: tag: attributes: inside:
    if inside == ""
    then "${indent}<${tag}${attributes}/>"
    else "${indent}<${tag}${attributes}>${inside}</${tag}>";
  parentElement = indent: tag: attributes: inside: textElement indent tag attributes (inside + when (inside != "") indent);

  child = element: tag: from: path: indent: it:
    if isAttrs (value it)
    then write element tag from path indent it
    else short element tag from path indent (value it);

  # An element that is just there: `true`, or an empty set.
  presence = tag: path: indent: it:
    if it == true || it == {}
    then textElement indent tag "" ""
    else if it == false
    then ""
    else wrong path message.switch it;

  # An element given by a single value.
  short = element: tag: from: path: indent: it: let
    is = short: types: element.short == short && elem (builtins.typeOf it) types;
    single = ["bool" "float" "int" "string"];
    as = write element tag from path indent;
    holding = attributes: text: textElement indent tag attributes (escapeText ((head element.shortFor).text path text));
    inherit (element) notation;
  in
    if is "presence" ["bool"]
    then when it (as {})
    else if is "switch" ["bool"]
    then let
      switch = head element.shortFor;
    in
      textElement indent tag (attribute switch.tag (switch.text path it)) ""
    else if notation != null && isString it && scalar.attributes notation it != null
    then as (scalar.attributes notation it // element.formOf element.short)
    else if notation != null && isString it
    then
      fail path {
        code = "bad-form";
        message = message.notInNotation {
          inherit (notation) what example;
          text = it;
        };
      }
    else if is "size" ["string"] && size it != null
    then let
      unit = elemAt element.shortFor 1;
    in
      holding (attribute unit.tag (unit.text path (elemAt (size it) 1))) (head (size it))
    else if is "size" single || is "text" single
    then holding "" it
    else wrong path element.expected it;

  # An element given by a set.
  write = element: tag: from: path: indent: given: let
    # The path of the whole object ends in a line break.
    before = path + when (indent != "\n") ".";
    deeper = indent + "  ";
    table = element.table path before given;
    spec = builtins.foldl' (spec: twin: spec // apart twin.name (spec.${twin.name} or null)) (table.empty // given) table.twins;
    isThere = field: !field.isAbsent spec.${field.key} || field.absent == "empty";
    parts = sort (one: other: one.order < other.order) (filter isThere (attrValues (intersectAttrs spec table.fields)));
    own = filter (field: field.within == null) parts;
    text = textsOf own;
    childrenOf = field: field.children field.from (before + field.step) deeper spec.${field.key};
    textOf = field: field.text (before + field.step) spec.${field.key};
    textsOf = concatMapped (field: when (field.place == "text") (escapeText (textOf field)));
    attributesOf = concatMapped (field: when (field.place == "attribute") (attribute field.tag (textOf field)));

    # A namespace is declared once, with the first field that is in it, unless the element itself is in it.
    prefixed = filter (field: field.namespace != null && prefixOf field.tag != prefixOf tag) parts;
    declaration = field: let
      same = filter (other: other.namespace == field.namespace) prefixed;
    in
      when ((head same).key == field.key) (attribute "xmlns:${prefixOf field.tag}" field.namespace);

    # Fields that specs have outside of their child element, such as `os.arch`: the child is written with the first of them.
    lifted = field: let
      same = filter (other: other.within == field.within) parts;
    in
      when ((head same).key == field.key) (textElement deeper field.within (attributesOf same) (textsOf same));
    contentOf = field:
      if field.within != null
      then lifted field
      else if field.isAbsent spec.${field.key}
      then textElement deeper field.tag "" ""
      else when (field.place == "child" && !(spec.${field.key} == false && elem field.absent ["mac" "uuid"])) (childrenOf field);

    extra =
      if given.extra or null == null
      then nothing
      else extraOf "${before}extra" given.extra;
    isUnknown = name: !table.fields ? ${name} && name != "extra" && given.${name} != null;
    unknown = filter isUnknown (attrNames given);
    isMissing = field: builtins.all field.isAbsent (listOf (spec.${field.key} or null));
    isEmpty = field: isList (spec.${field.key} or null);
    # A required field may be in `extra`, with a value that the schema refuses.
    isInExtra = field:
      if field.place == "attribute"
      then extra.attributes ? ${field.tag}
      else field.place == "child" && length (split "<${field.tag}[ \t\r\n/>]" extra.xml) > 1;
    missing = filter (field: isMissing field && (isEmpty field || !isInExtra field)) table.required;
    lacking = field:
      if isEmpty field
      then {
        code = "missing";
        message = message.empty {inherit (field) name expected;};
      }
      else problem.missing field.name (message.expected {what = field.expected;});
    attributes = attributesOf own + concatMapped declaration prefixed + concat (attrValues (mapAttrs attribute extra.attributes));
    inside = concatMapped contentOf parts + text + fragment "${before}extra.xml" deeper extra.xml;
  in
    if unknown != [] && problem.isModuleFunction given
    then wrong path "" given
    else if unknown != []
    then fail (before + step (head unknown)) (problem.unknown (schema.xmlAliases or {}) from table (head unknown))
    else if missing != []
    then fail (before + (head missing).step) (lacking (head missing))
    else if text != ""
    then textElement indent tag attributes inside
    else parentElement indent tag attributes inside;

  # An attribute and a child of the same name: a set is the child, any other value the attribute; a list may hold both.
  apart = name: it: let
    sorted = builtins.partition (item: isAttrs (value item)) (present (listOf it));
    alone = items:
      if length items > 1
      then items
      else head (items ++ [null]);
  in {
    ${name} = alone sorted.wrong;
    "${name} child" = alone sorted.right;
  };

  # `extra`: attributes and XML that the schema does not know.
  extraParts = ["attributes" "xml"];
  nothing = {
    attributes = {};
    xml = "";
  };
  extraOf = path: it: let
    parts = nothing // presentIn it;
    unknown = attrNames (removeAttrs parts extraParts);
    text = name:
      if isName name
      then anything.text "${path}.attributes.${step name}"
      else
        fail "${path}.attributes.${step name}" {
          code = "bad-form";
          message = message.invalidXmlName {inherit name;};
        };
    unknownPart = name: let
      near = problem.closest name extraParts;
    in {
      code = "unknown-attribute";
      message =
        if near == null
        then
          message.misplacedAttribute {
            inherit name;
            reason = message.expected {what = listing extraParts;};
          }
        else message.unknownAttribute {inherit name;};
      suggestion = near;
    };
  in
    if !isAttrs (value it)
    then wrong path (problem.setOf extraParts) it
    else if unknown != []
    then fail "${path}.${step (head unknown)}" (unknownPart (head unknown))
    else if !isAttrs (value parts.attributes)
    then wrong "${path}.attributes" message.strings parts.attributes
    else if !isString (value parts.xml)
    then wrong "${path}.xml" message.xml parts.xml
    else {
      xml = value parts.xml;
      attributes = mapAttrs text (presentIn parts.attributes);
    };
  isName = import ./regex.nix "[a-zA-Z_][a-zA-Z0-9_.\\-]*(?::[a-zA-Z_][a-zA-Z0-9_.\\-]*)?";
  anything = field {xmlOrder = [];} "" "" {type = ["string" "number"];};

  # Free XML: a string, or a list of strings.
  raw = tag: path: indent: it: parentElement indent tag "" (concatMapped (fragment path (indent + "  ")) (present (listOf it)));
  fragment = path: indent: it: let
    text = trimEnd (trimStart (value it));
  in
    if isString (value it)
    then when (text != "") (indent + text)
    else wrong path message.xml it;
  isBlank = character: elem character [" " "\t" "\n" "\r"];
  trimStart = text:
    if isBlank (substring 0 1 text)
    then trimStart (substring 1 (-1) text)
    else text;
  trimEnd = text: let
    last = stringLength text - 1;
  in
    if text != "" && isBlank (substring last 1 text)
    then trimEnd (substring 0 last text)
    else text;

  root =
    if schema ? "$ref"
    then elements.${nameOf schema}
    else element schema;
  identity = import ./identity.nix kind (any (field: field.absent == "uuid") root.own);
in
  spec: let
    name = value (spec.name or null);
    title = kind + when (isString name) " ${toJSON name}";
    text = value spec;
  in
    if isAttrs text
    then substring 1 (-1) (write root schema.xml.name null "${title}\n" "\n" (identity spec)) + "\n"
    else if isString text && substring 0 1 (trimStart text) == "<"
    then
      fail "${kind}\n" {
        code = "wrong-type";
        message = message.xmlForASet;
        hint = message.convertXml;
      }
    else wrong "${kind}\n" root.asSet spec
