# Writes a spec as XML. What cannot be written throws, without a word: `explain` tells the problems of the whole spec then, so that
# nothing on the way has to know where it is.
#
# Each element is compiled for the place where it is, on first use, to a function from its spec to its text. So a spec costs little
# more than its strings.
#
# # Type
# write :: {
#   definitions :: { name :: Definition }, root :: Definition, namespaces :: { prefix :: String },
#   identity :: Spec -> Spec, explain :: Spec -> Error
# } -> Spec -> String
{
  definitions,
  root,
  namespaces,
  identity,
  explain,
}: let
  inherit (builtins) all any attrNames attrValues concatStringsSep elem elemAt filter foldl' groupBy head intersectAttrs isAttrs isInt isList isString length map mapAttrs removeAttrs replaceStrings sort split substring;
  scalar = import ./scalar.nix;
  constants = import ./constants.nix;
  extras = import ./extra.nix;
  only = import ./only.nix;
  inherit (scalar) size value;

  concat = concatStringsSep "";
  escapeText = replaceStrings ["&" "<" ">" "\r"] ["&amp;" "&lt;" "&gt;" "&#13;"];
  escapeAttribute = replaceStrings ["&" "<" ">" "'" "\t" "\n" "\r"] ["&amp;" "&lt;" "&gt;" "&apos;" "&#9;" "&#10;" "&#13;"];
  bad = throw "the spec has problems";

  # The text of a scalar, escaped; null if the value is not of its type.
  escaped = field: let
    inherit (field) print;
    escape =
      if field.place == "attribute"
      then escapeAttribute
      else escapeText;
  in
    it: let
      text = print it;
    in
      if text == null || isInt it
      then text
      else escape text;
  printed = field: let
    print = escaped field;
  in
    it: let
      text = print it;
    in
      if text == null
      then bad
      else text;

  # What writes a field of a spec, given the line break before it: an attribute, or a child element.
  writer = table: newline: field: let
    inherit (field) key;
    isRequired = elem key table.required;
    absent =
      if field.absent == "empty"
      then "${newline}<${field.tag}/>"
      else if isRequired
      then bad
      else "";
    text = printed field;
    inner = elementOf field.element field.tag newline;
    content = contentOf field newline inner;
    isFalseAbsent = field.isPresence || field.absent == "mac" || field.absent == "uuid";
    other = it:
      if it == null || isFalseAbsent && it == false
      then absent
      else if isList it && field.isOnce
      then listed it
      else content it;
    # A list for an element that occurs once means its only item.
    listed = list: let
      items = filter (it: !field.isAbsent it) list;
    in
      if length items > 1
      then bad
      else if items == [] || isFalseAbsent && head items == false
      then absent
      else content (head items);
  in
    if field.within != null
    then lifted table newline field
    else if field.place == "text"
    then
      spec: let
        it = spec.${key};
      in
        if it == null
        then ""
        else text it
    else if field.place == "attribute"
    then attribute field absent
    # A required list has an item.
    else if isRequired && field.isMany
    then
      spec: let
        text = content spec.${key};
      in
        if spec.${key} == null || text == ""
        then bad
        else text
    else if field.type == "element"
    then let
      inherit (inner) asSet;
    in
      spec: let
        it = spec.${key};
      in
        if isAttrs it
        then asSet it
        else other it
    else spec: other spec.${key};

  attribute = field: absent: let
    inherit (field) key;
    inherit (scalar.plain field.known) words on off;
    print = escaped field;
    opened = " ${field.tag}='";
    other = it: let
      text = print it;
    in
      if text != null
      then "${opened}${text}'"
      else if it == null
      then absent
      else bad;
    isOn = "${opened}${on}'";
    isOff = "${opened}${off}'";
  in
    if words == []
    then spec: other spec.${key}
    else if on == null || off == null
    then
      spec: let
        it = spec.${key};
      in
        if elem it words
        then "${opened}${it}'"
        else other it
    else
      spec: let
        it = spec.${key};
      in
        if it == true
        then isOn
        else if it == false
        then isOff
        else other it;

  # What writes the child elements of a field from its value.
  contentOf = field: newline: inner: let
    inherit (field) tag;
    inherit (inner) asSet asValue;
    print = printed field;
    one =
      {
        raw = raw tag newline;
        element = it:
          if isAttrs it
          then asSet it
          else asValue (value it);
        presence = it:
          if it == true || it == {}
          then "${newline}<${tag}/>"
          else if it == false
          then ""
          else bad;
        scalar = it: textElement newline tag "" (print it);
      }
      .${field.type};
    item = it:
      if it == null
      then ""
      else one it;
  in
    if field.isMany
    then
      it:
        if isList it
        then concat (map item it)
        else one it
    else one;

  textElement = newline: tag: attributes: inside:
    if inside == ""
    then "${newline}<${tag}${attributes}/>"
    else "${newline}<${tag}${attributes}>${inside}</${tag}>";

  # Fields that specs have outside of their child element, such as `os.arch`: the child is written with the first of them.
  lifted = table: newline: field: let
    group = table.lifted.${field.within};
    ofPlace = place: filter (it: it.place == place) group;
    has = spec: it: !it.isAbsent (spec.${it.key} or null);
    earlier = filter (it: it.order < field.order) group;
    attributes = spec: concat (map (it: " ${it.tag}='${printed it spec.${it.key}}'") (filter (has spec) (ofPlace "attribute")));
    texts = spec: concat (map (it: printed it spec.${it.key}) (filter (has spec) (ofPlace "text")));
    isRequired = elem field.key table.required;
  in
    spec:
      if !has spec field
      then
        if isRequired
        then bad
        else ""
      else if any (has spec) earlier
      then ""
      else textElement newline field.within (attributes spec) (texts spec);

  # An element given by a single value; `as` writes it from a set.
  short = element: tag: newline: as: let
    first = printed (head element.shortFor);
    second = elemAt element.shortFor 1;
    notation = constants.notations.${element.short};
    holding = attributes: text: textElement newline tag attributes (first text);
    isSingle = it: elem (builtins.typeOf it) ["bool" "float" "int" "string"];
  in
    {
      presence = it:
        if it == true
        then as {}
        else if it == false
        then ""
        else bad;
      switch = it:
        if builtins.isBool it
        then textElement newline tag " ${(head element.shortFor).tag}='${first it}'" ""
        else bad;
      size = it: let
        parts = size it;
      in
        if isString it && parts != null
        then holding " ${second.tag}='${printed second (elemAt parts 1)}'" (head parts)
        else if isSingle it
        then holding "" it
        else bad;
      text = it:
        if isSingle it
        then holding "" it
        else bad;
      none = _: bad;
    }
    .${
      element.short
    }
    or (it: let
      attributes = scalar.attributes notation it;
    in
      if isString it && attributes != null
      then as (attributes // element.formOf element.short)
      else bad);

  # What writes an element from a set, and from any other value.
  elementOf = element: tag: newline: let
    asValue = short element tag newline asSet;
    asSet = element.choose (table: program table tag newline converted) converted;
    # A set that is no spec: it may convert to a string.
    converted = given:
      if isConvertible given
      then asValue (value given)
      else bad;
  in {
    inherit asSet asValue;
  };
  isConvertible = it: it ? outPath || it ? __toString;

  # The texts of several writers, in sequence, between two texts.
  sequence = start: writers: end: let
    first = elemAt writers 0;
    second = elemAt writers 1;
    count = length writers;
    none = start + end;
  in
    if count == 0
    then _: none
    else if count == 1
    then given: "${start}${first given}${end}"
    else if count == 2
    then given: "${start}${first given}${second given}${end}"
    else given: "${start}${concatStringsSep "" (map (write: write given) writers)}${end}";

  # What writes the elements of a table; `otherwise` writes those that are no specs.
  program = table: tag: newline: otherwise: let
    inherit (table) fields required sized spaces empties twins;
    deeper = "${newline}  ";
    writers = mapAttrs (_: writer table deeper) fields;
    prepare = import ./prepare.nix table;
    opened = "${newline}<${tag}";
    closed = "${newline}</${tag}>";
    ended = "</${tag}>";
    # With text, an element ends on the line of its text.
    closing = text:
      if text == ""
      then closed
      else ended;

    # What writes the fields with these keys, by their place in XML.
    writersOf = keys: let
      before = one: other: fields.${one}.order < fields.${other}.order;
      places = groupBy (key:
        if fields.${key}.within == null
        then fields.${key}.place
        else "child") (sort before keys);
      ofPlace = place: map (key: writers.${key}) (places.${place} or []);
    in {
      attributes = ofPlace "attribute";
      children = ofPlace "child";
      texts = ofPlace "text";
    };

    # The sets with the same names are written alike. So what depends on the names alone is found once for each list of names, and kept
    # along the path of these names.
    shape = names: {
      next = mapAttrs (name: _: shape (names ++ [name])) fields;
      write = writeShape names;
    };
    unknown = {
      next = {};
      write = whole;
    };
    follow = shape: name: shape.next.${name} or unknown;
    shapes = shape [];

    writeShape = names: let
      isGiven = field: elem field.key names;
      doubled = filter (twin: elem twin.name names) twins;
      inherit (writersOf (names ++ map (twin: twin.key) doubled)) attributes children texts;
      alone = sequence opened attributes "/>";
      start = sequence opened attributes ">";
      inside = sequence "" children "";
      text = sequence "" texts "";
      sizes = filter isGiven sized;
      plain =
        if texts != []
        then
          given: let
            written = text given;
            all = "${inside given}${written}";
          in
            if all == ""
            then alone given
            else "${start given}${all}${closing written}"
        else if children == []
        then alone
        else
          given: let
            all = inside given;
          in
            if all == ""
            then alone given
            else "${start given}${all}${closed}";
      apart =
        if doubled == []
        then plain
        else given: plain (prepare given);
    in
      if !all (name: elem name names) required || any isGiven (spaces ++ twins) || !all isGiven empties
      then whole
      else if sizes == []
      then apart
      # The text of a size may have its unit.
      else
        given:
          if all (field: isInt given.${field.key}) sizes
          then apart given
          else whole given;

    # Any element.
    whole = given: let
      names = removeAttrs fields (map (twin: twin.key) twins);
    in
      if isConvertible given
      then otherwise given
      else if attrNames given == attrNames (intersectAttrs names given)
      then writeWith extras.nothing (prepare given)
      else extended names given;

    # An element whose attributes are not just its fields: with `extra`, with null for a field that it lacks, or with an error.
    extended = names: given: let
      extra = extras.read (given.extra or null);
      isLeftOut = name: name == "extra" || given.${name} == null || extras.isDeclaration namespaces name given.${name};
      rest = removeAttrs given (filter isLeftOut (attrNames given));
    in
      if extra == null || removeAttrs rest (attrNames names) != {}
      then bad
      else writeWith extra (prepare rest);

    writeWith = extra: spec: let
      isMissing = name: fields.${name}.isAbsent (spec.${name} or null) && !extras.has extra fields.${name};
      inherit (writersOf (attrNames spec)) attributes children texts;
      written = writers: concat (map (write: write spec) writers);
      more = concat (attrValues (mapAttrs (name: text: " ${name}='${escapeAttribute text}'") extra.attributes));
      start = "${opened}${written attributes}${declarations tag spaces spec}${more}";
      text = written texts;
      inside = "${written children}${text}${fragment deeper extra.xml}";
    in
      if spec == null || any isMissing required
      then bad
      else if inside == ""
      then "${start}/>"
      else "${start}>${inside}${closing text}";
  in
    given: (foldl' follow shapes (attrNames given)).write given;

  # A namespace is declared once, with the first field that is in it, unless the element itself is in it.
  declarations = tag: spaces: spec: let
    prefixOf = tag: head (split ":" tag);
    given = field: let
      it = spec.${field.key} or null;
    in
      if field.isOnce
      then only it
      else it;
    isDeclared = field: !field.isAbsent (given field) && prefixOf field.tag != prefixOf tag;
    add = done: field:
      if any (other: other.namespace == field.namespace) done
      then done
      else done ++ [field];
  in
    concat (map (field: " xmlns:${prefixOf field.tag}='${escapeAttribute field.namespace}'") (foldl' add [] (filter isDeclared spaces)));

  # Free XML: a string, or a list of strings.
  raw = tag: newline: it: let
    parts =
      if isList it
      then filter (part: part != null) it
      else [it];
    texts = map value parts;
    inside = concat (map (fragment "${newline}  ") texts);
  in
    if !all isString texts
    then bad
    else if inside == ""
    then "${newline}<${tag}/>"
    else "${newline}<${tag}>${inside}${newline}</${tag}>";
  fragment = newline: text: let
    trimmed = extras.trim text;
  in
    if trimmed == ""
    then ""
    else "${newline}${trimmed}";

  object = (elementOf (import ./table.nix definitions root.table) root.name "\n").asSet;
in
  spec: let
    # `explain` finds the errors of the spec's own values again, which `tryEval` takes.
    written = builtins.tryEval (
      if isAttrs spec && !isConvertible spec
      then substring 1 (-1) (object (identity spec)) + "\n"
      else bad
    );
  in
    if written.success
    then written.value
    else explain spec
