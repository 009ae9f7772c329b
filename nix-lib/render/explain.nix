# The problems of a spec that cannot be written, all of them, in the words of the plugin: a walk along the JSON Schema as
# `schema/src/engine/render.rs` walks along the tables.
#
# # Type
# explain :: { kind :: String, schema :: Schema, namespaces :: { prefix :: String } } -> Spec -> [Problem]
{
  kind,
  schema,
  namespaces,
}: let
  inherit (builtins) all any attrNames concatMap elem elemAt filter genList head intersectAttrs isAttrs isList isString length mapAttrs match removeAttrs substring toJSON unsafeGetAttrPos;
  scalar = import ./scalar.nix;
  inherit (scalar) size value;
  problem = import ./problem.nix;
  meant = import ./meant.nix;
  message = import ./message.nix;
  constants = import ./constants.nix;
  extras = import ./extra.nix;
  inherit (problem) listing;

  root = import ./tables.nix schema;

  listOf = it:
    if isList it
    then it
    else [it];
  when = condition: list:
    if condition
    then list
    else [];
  isSet = it: isAttrs (value it);

  # Where a value is: its path, and its position if Nix knows it.
  step = name:
    if match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null
    then name
    else toJSON name;
  below = at: name: set: {
    path =
      if at.path == ""
      then step name
      else "${at.path}.${step name}";
    position = unsafeGetAttrPos name set;
  };
  item = at: index: at // {path = "${at.path}[${toString index}]";};

  one = at: it: [(it // at)];
  wrong = at: wanted: it: one at (problem.wrongType wanted (scalar.kind (value it)) it);

  # The same with advice on a text that probably means something else.
  wrongOr = at: wanted: advise: it:
    if isString it
    then withHint (advise it) (wrong at wanted it)
    else wrong at wanted it;
  withHint = hint:
    map (problem:
      if hint == null
      then problem
      else problem // {inherit hint;});
  isItem = at: match ".*[]]" at.path != null;

  # The names of the parts that messages show of an element's set: those that are required, or else the first.
  shownParts = element: let
    inherit (element) forms;
    deciding = when (forms != null && forms.default == null) [forms.tag];
    required = deciding ++ element.set.required or [];
    first = element.set.xmlOrder ++ when (forms != null) [forms.tag];
  in
    if required != [] || first == []
    then required
    else [(head first)];
  setOfElement = element: problem.setOf (shownParts element);
  expectedOfElement = element: let
    notation = constants.notations.${element.short} or null;
    set = setOfElement element;
  in
    if notation != null
    then message.notationOrSet {inherit (notation) what example;}
    else
      {
        none = set;
        presence =
          if element.set.xmlOrder != []
          then message.switchOrSet {inherit set;}
          else message.switchOrSet {inherit (message) set;};
        size = message.valueOrSet {value = message.size {inherit (constants.size) example;};};
        switch = message.switchOrSet {inherit (message) set;};
        text = message.valueOrSet {value = expected (head element.shortFor);};
      }
      .${element.short};
  expected = field:
    {
      raw = message.xml;
      element = expectedOfElement field.element;
      presence = message.switch;
      scalar = scalar.expected field.known;
    }
    .${field.type};

  # The problems of a scalar.
  ofScalar = field: at: it:
    when (field.print it == null) (one at (scalar.refusal field.isSecret field.known (value it) // unitHint field (value it)));
  # The same for a part of an element, which may have the prefix of an address as another part.
  ofScalarOf = table: field: at: it: let
    text = value it;
    hint =
      if field.isSecret || !isString text
      then null
      else meant.withoutPrefix table.fields field text;
  in
    withHint hint (ofScalar field at it);
  # A number that may also be a size with a unit.
  orSize = field: field // {known = field.known ++ [{xmlSize.unitIn = null;}];};
  # The advice on a size with a unit where only a number is expected.
  unitHint = field: it:
    if field.isSecret || !isString it || length field.known != 1 || !scalar.isDecimal (head field.known) || size it == null
    then {}
    else {hint = message.withoutAUnit {inherit (field.property) description;};};

  # Whether a value leaves an identity to libvirt.
  isLeftOut = field: it: it == false && elem field.absent ["mac" "uuid"];

  # The items of a list for an element that occurs once, by their indices: only one may be there.
  itemsOf = field: list: filter (index: !field.isAbsent (elemAt list index)) (genList (index: index) (length list));

  # The problems of the value of a child element.
  ofChild = table: field: at: it: let
    from = {
      inherit (table) choices;
      inherit (field) name isMany;
    };
    single =
      {
        raw = ofRaw;
        element = at: it:
          if isSet it
          then ofElement field.element from at it
          else ofShort field.element from at (value it);
        presence = at: it: when (!elem it [true false {}]) (wrongOr at message.switch meant.ofSwitch (value it));
        scalar = ofScalarOf table field;
      }
      .${field.type};
    ofItem = index: let
      inner = elemAt it index;
    in
      when (inner != null && !isLeftOut field inner) (single (item at index) inner);
    items = itemsOf field it;
  in
    if field.isMany && isList it
    then concatMap ofItem (genList (index: index) (length it))
    else if field.isOnce && isList it
    then when (items != []) (ofItem (head items))
    else when (!isLeftOut field it) (single at it);

  ofRaw = at: it: let
    items = listOf it;
    ofItem = index: let
      inner = elemAt items index;
    in
      when (inner != null && !isString (value inner)) (wrong (
          if isList it
          then item at index
          else at
        )
        message.xml
        inner);
  in
    concatMap ofItem (genList (index: index) (length items));

  # The problems of an element given by a single value.
  ofShort = element: from: at: it: let
    is = short: types: element.short == short && elem (builtins.typeOf it) types;
    single = ["bool" "float" "int" "string"];
    notation = constants.notations.${element.short} or null;
    as = ofElement element from at;
  in
    if is "presence" ["bool"]
    then when it (as {})
    else if is "switch" ["bool"]
    then ofScalar (head element.shortFor) at it
    else if notation != null && isString it && scalar.attributes notation it != null
    then as (scalar.attributes notation it // element.formOf element.short)
    else if notation != null && isString it
    then
      one at {
        code = "bad-form";
        message = message.notInNotation {
          inherit (notation) what example;
          text = it;
        };
      }
    else if is "size" ["string"] && size it != null
    then ofScalar (elemAt element.shortFor 1) at (elemAt (size it) 1) ++ ofScalar (head element.shortFor) at (head (size it))
    else if is "size" single
    then ofScalar (orSize (head element.shortFor)) at it
    else if is "text" single
    then ofScalar (head element.shortFor) at it
    else
      wrongOr at (expectedOfElement element) (text: let
        switch = meant.ofSwitch text;
      in
        if switch != null && elem element.short ["presence" "switch"]
        then switch
        else
          meant.parts {
            inherit element;
            inherit (from) name;
            isItem = isItem at;
            shown = shownParts element;
          }
          text)
      it;

  # The forms of which the attributes of a spec select none. Such forms may be those of a form.
  undecided = forms: given: let
    word = value (given.${forms.tag} or null);
    known = filter (it:
      it.word
      == (
        if word == null
        then forms.default
        else word
      ))
    forms.variants;
  in
    if known == []
    then forms
    else undecided (head known).forms given;

  # The table of a spec, and whether its own attributes select it. If they do not, it is the one of the likely form, or the
  # element's own.
  chosen = element: given: let
    tableFor = element.choose (table: _: table) (_: null);
    table = tableFor given;
    # The table with the likely words of the attributes that select no form.
    guess = given: let
      found = tableFor given;
      forms = undecided element.forms given;
      word = value (given.${forms.tag} or null);
      near = problem.closest word (map (it: it.word) forms.variants);
      likely =
        if isString word && near != null
        then near
        else problem.likely forms.variants (extras.presentIn given);
    in
      if found != null
      then found
      else if likely == null
      then null
      else guess (given // {${forms.tag} = likely;});
    guessed = guess given;
  in
    if table != null
    then {
      inherit table;
      isCertain = true;
    }
    else {
      isCertain = false;
      table =
        if guessed == null
        then element.outermost
        else guessed;
    };

  # The problem that the deciding attribute selects no form.
  noForm = element: at: given: let
    inherit (undecided element.forms given) tag variants;
    word = value (given.${tag} or null);
    known = map (it: it.word) variants;
    expected = listing known;
  in
    if word == null
    then
      one (at // {path = (below at tag {}).path;}) (problem.missing tag (message.expected {what = expected;})
        // {suggestion = problem.likely variants (extras.presentIn given);})
    else if isString word
    then
      one (below at tag given) {
        code = "unknown-word";
        message = message.invalid {
          noun = tag;
          found = toJSON word;
          inherit expected;
        };
        suggestion = problem.closest word known;
      }
    else wrong (below at tag given) expected word;

  # The problems of an element given by a set. `from` is the field that holds it and the forms of the element above; it is null
  # for the whole object.
  ofElement = element: from: at: given: let
    inherit (chosen element given) table isCertain;
    extra = extras.read (given.extra or null);
    # A number whose text has its unit, too.
    isSized = field: let
      it = value (given.${field.name} or null);
    in
      isString it && size it != null;
    hasUnit = field: given.${field.unitIn} or null != null;
    unitsTwice = concatMap (field:
      when (isSized field && hasUnit field) (one (below at field.name given) {
        code = "said-twice";
        message = message.unitGivenTwice {
          number = field.name;
          unit = field.unitIn;
        };
      }))
    table.sized;
    # Lists with several items for elements that occur once.
    itemsTwice = concatMap (field: let
      list = given.${field.name};
      items = itemsOf field list;
    in
      when (field.isOnce && isList list && length items > 1) (one (item (below at field.name given) (elemAt items 1)) {
        code = "said-twice";
        message = message.occursOnce {inherit (field) name;};
        hint = message.keepOneItem;
      }))
    (filter (field: given ? ${field.name}) table.fields);
    # The spec without what is said twice, with the fields that it has in other forms.
    spec = table.prepare (removeAttrs given (map (field: field.unitIn) (filter isSized table.sized)));

    isUnknown = name: !table.names ? ${name} && name != "extra" && given.${name} != null && !extras.isDeclaration namespaces name given.${name};
    unknown = filter (name: isUnknown name && (isCertain || !elem name element.names)) (attrNames given);
    ofUnknown = name:
      one (below at name given) (
        if match "xmlns:.*" name != null
        then problem.namespace namespaces name (value given.${name})
        else withItemHint given.${name} (problem.unknown (schema.xmlAliases or {}) from table name)
      );
    # An item by name, as the options of the modules take it, gets another hint.
    withItemHint = it: problem:
      if problem ? hint && isSet it && from != null && from.isMany
      then problem // {hint = message.writeAList;}
      else problem;

    isEmpty = field: !field.isOnce && isList (spec.${field.key} or null);
    isMissing = field:
      all field.isAbsent (listOf (spec.${field.key} or null))
      && (isEmpty field || extra == null || !extras.has extra field);
    missing = filter isMissing (map (name: table.byKey.${name}) (
      if isCertain
      then table.required
      else filter (name: table.byKey ? ${name}) element.required
    ));
    ofMissing = field:
      if isEmpty field
      then
        one (below at field.name given) {
          code = "missing";
          message = message.empty {
            inherit (field) name;
            expected = expected field;
          };
        }
      else one (at // {path = (below at field.name {}).path;}) (problem.missing field.name (message.expected {what = expected field;}));

    # The deciding attribute of a form that is not certain is reported already.
    isTold = field: !isCertain && any (choice: choice.tag == field.name) table.choices;
    present = filter (field: !field.isAbsent (spec.${field.key} or null) && !isTold field) table.fields;
    # The unit of a size that has it in its text is where the number is.
    holder = field: head (filter (number: number.unitIn == field.name && isSized number) table.sized ++ [field]);
    atOf = field: below at (holder field).name given;
    isContent = field: field.place == "child" && field.within == null;
    attributes = concatMap (field: ofScalarOf table field (atOf field) spec.${field.key}) (filter (field: field.place == "attribute" && field.within == null) present);
    contents = concatMap (field:
      if isContent field
      then ofChild table field (atOf field) spec.${field.key}
      else when (field.place != "attribute" || field.within != null) (ofScalarOf table field (atOf field) spec.${field.key}))
    present;
  in
    if (!isCertain || unknown != []) && problem.isModuleFunction given
    then wrong at "" given
    else
      when (!isCertain) (noForm element at given)
      ++ unitsTwice
      ++ itemsTwice
      ++ concatMap ofUnknown unknown
      ++ concatMap ofMissing missing
      ++ attributes
      ++ ofExtra (below at "extra" given) (given.extra or null)
      ++ contents;

  # The problems of an `extra`.
  ofExtra = at: it: let
    parts = extras.nothing // extras.presentIn it;
    ofUnknown = name: let
      near = problem.closest name extras.parts;
    in
      one (below at name it) {
        code = "unknown-attribute";
        message =
          if near == null
          then
            message.unexpectedAttribute {
              inherit name;
              reason = message.expected {what = listing extras.parts;};
            }
          else message.unknownAttribute {inherit name;};
        suggestion = near;
      };
    atAttributes = below at "attributes" it;
    ofAttribute = name: let
      own = below atAttributes name parts.attributes;
    in
      if !extras.isName name
      then
        one own {
          code = "bad-form";
          message = message.invalidXmlName {inherit name;};
        }
      else when (extras.text (value parts.attributes.${name}) == null) (wrong own message.string parts.attributes.${name});
  in
    if it == null
    then []
    else if !isSet it
    then wrong at (problem.setOf extras.parts) it
    else
      concatMap ofUnknown (attrNames (removeAttrs parts extras.parts))
      ++ (
        if isSet parts.attributes
        then concatMap ofAttribute (attrNames (extras.presentIn parts.attributes))
        else wrong atAttributes message.strings parts.attributes
      )
      ++ when (!isString (value parts.xml)) (wrong (below at "xml" it) message.xml parts.xml);

  start = {
    path = "";
    position = null;
  };
in
  spec: let
    text = value spec;
  in
    if isAttrs text
    then ofElement root null start spec
    else if isString text && substring 0 1 (extras.trim text) == "<"
    then
      one start {
        code = "wrong-type";
        message = message.xmlForASet;
        hint = message.convertXml;
      }
    else wrong start (setOfElement root) spec
