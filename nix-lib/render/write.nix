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
  inherit (builtins) any attrNames attrValues concatStringsSep elem elemAt filter foldl' head intersectAttrs isAttrs isList isString length lessThan map mapAttrs removeAttrs replaceStrings sort split substring;
  scalar = import ./scalar.nix;
  constants = import ./constants.nix;
  extras = import ./extra.nix;
  inherit (scalar) size value;

  concat = concatStringsSep "";
  escapeText = replaceStrings ["&" "<" ">" "\r"] ["&amp;" "&lt;" "&gt;" "&#13;"];
  escapeAttribute = replaceStrings ["&" "<" ">" "'" "\t" "\n" "\r"] ["&amp;" "&lt;" "&gt;" "&apos;" "&#9;" "&#10;" "&#13;"];
  bad = throw "the spec has problems";

  # The text of a scalar, escaped.
  printed = field: let
    inherit (field) print;
    escape =
      if field.place == "attribute"
      then escapeAttribute
      else escapeText;
  in
    it: let
      text = print it;
    in
      if text == null
      then bad
      else escape text;

  # What writes a field of a spec, given the line break before it: an attribute, or a child element.
  writer = table: newline: field: let
    inherit (field) key;
    isRequired = table.isRequired ? ${key};
    absent =
      if field.absent == "empty"
      then "${newline}<${field.tag}/>"
      else if isRequired
      then bad
      else "";
    content = contentOf field newline;
    isFalseAbsent = field.isPresence || field.absent == "mac" || field.absent == "uuid";
  in
    if field.within != null
    then lifted table newline field
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
    else
      spec: let
        it = spec.${key};
      in
        if it == null || isFalseAbsent && it == false
        then absent
        else content it;

  attribute = field: absent: let
    inherit (field) key print;
    inherit (scalar.plain field.known) words on off;
    opened = " ${field.tag}='";
    other = it: let
      text = print it;
    in
      if it == null
      then absent
      else if text == null
      then bad
      else "${opened}${escapeAttribute text}'";
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
  contentOf = field: newline: let
    inherit (field) tag;
    print = printed field;
    inner = field.element;
    asSet = elementOf inner tag newline;
    asValue = short inner tag newline;
    one =
      {
        raw = raw tag newline;
        element = it:
          if isAttrs it && !(it ? outPath || it ? __toString)
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
    isRequired = table.isRequired ? ${field.key};
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

  # An element given by a single value.
  short = element: tag: newline: let
    as = elementOf element tag newline;
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

  # An element given by a set.
  elementOf = element: tag: newline: element.choose (table: (program table tag newline).write) (_: bad);

  # What writes the elements of a table, and the same with what `extra` adds: attributes, and XML.
  program = table: tag: newline: let
    inherit (table) attributes children texts spaces prepare;
    deeper = "${newline}  ";
    writers = map (writer table deeper) table.fields;
    isFree = table.required == [];
    required = length table.required;
    isComplete = spec: isFree || length (attrNames (intersectAttrs table.isRequired spec)) == required;
    opened = "${newline}<${tag}";
    closed = "${newline}</${tag}>";
    ended = "</${tag}>";

    # An element with nothing but attributes.
    leaf = given: let
      found = attrValues (intersectAttrs given attributes);
    in
      if length found == length (attrNames given) && (isFree || isComplete given)
      then "${foldl' (text: order: "${text}${(elemAt writers order) given}") opened (sort lessThan found)}/>"
      else whole given;

    branch = given: let
      found = attrValues (intersectAttrs given attributes);
      inner = attrValues (intersectAttrs given children);
      part = order: (elemAt writers order) given;
      add = text: order: "${text}${(elemAt writers order) given}";
      inside = concat (map part (sort lessThan inner));
    in
      if length found + length inner != length (attrNames given) || !(isFree || isComplete given)
      then whole given
      else if inside == ""
      then "${foldl' add opened (sort lessThan found)}/>"
      else "${foldl' add opened (sort lessThan found)}>${inside}${closed}";

    # Any element.
    whole = given:
      if attrNames given == attrNames (intersectAttrs table.names given)
      then writeWith extras.nothing given (prepare given)
      else extended given;

    # An element whose attributes are not just its fields: with `extra`, with null for a field that it lacks, or with an error.
    extended = given: let
      extra = extras.read (given.extra or null);
      isLeftOut = name: name == "extra" || given.${name} == null || extras.isDeclaration namespaces name given.${name};
      rest = removeAttrs given (filter isLeftOut (attrNames given));
    in
      if extra == null || removeAttrs rest (attrNames table.names) != {}
      then bad
      else writeWith extra rest (prepare rest);

    writeWith = extra: given: spec: let
      part = order: (elemAt writers order) spec;
      isMissing = name: table.byKey.${name}.isAbsent (spec.${name} or null) && !extras.has extra table.byKey.${name};
      own = concat (map part (sort lessThan (attrValues (intersectAttrs spec attributes))));
      more = concat (attrValues (mapAttrs (name: text: " ${name}='${escapeAttribute text}'") extra.attributes));
      head = "${opened}${own}${declarations tag spaces spec}${more}";
      text = concat (map (textOf spec) texts);
      inside = "${concat (map part (sort lessThan (attrValues (intersectAttrs spec children))))}${text}${fragment deeper extra.xml}";
    in
      if spec == null || any isMissing table.required
      then bad
      else if inside == ""
      then "${head}/>"
      else if text != ""
      then "${head}>${inside}${ended}"
      else "${head}>${inside}${closed}";
  in {
    write =
      if !table.isPlain || texts != [] || spaces != []
      then whole
      else if children == {}
      then leaf
      else branch;
  };

  textOf = spec: field: let
    it = spec.${field.key} or null;
  in
    if it == null
    then ""
    else printed field it;

  # A namespace is declared once, with the first field that is in it, unless the element itself is in it.
  declarations = tag: spaces: spec: let
    prefixOf = tag: head (split ":" tag);
    isDeclared = field: !field.isAbsent (spec.${field.key} or null) && prefixOf field.tag != prefixOf tag;
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
    if !builtins.all isString texts
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

  object =
    elementOf (import ./tables.nix {
      inherit definitions root;
      fileOf = name: "${name}.json";
    })
    root.xml.name "\n";
in
  spec: let
    # `explain` finds the errors of the spec's own values again, which `tryEval` takes.
    written = builtins.tryEval (
      if isAttrs spec && !(spec ? outPath || spec ? __toString)
      then substring 1 (-1) (object (identity spec)) + "\n"
      else bad
    );
  in
    if written.success
    then written.value
    else explain spec
