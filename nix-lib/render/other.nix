# Writes what `default.nix` leaves: elements with fields, words and texts that few specs have, `extra`, and values in other notations. What
# cannot be written throws.
#
# Each element is read on first use.
{
  kind,
  # What writes any element.
  ofAny,
  isConvertible,
  plainOf,
  setsOf,
}: let
  inherit (builtins) all any attrNames attrValues concatStringsSep elem elemAt filter foldl' fromJSON head isAttrs isBool isInt isList isString length map mapAttrs match readFile removeAttrs replaceStrings split typeOf;
  bad = throw "the spec has problems";
  escapeText = replaceStrings ["&" "<" ">" "\r"] ["&amp;" "&lt;" "&gt;" "&#13;"];
  escapeAttribute = replaceStrings ["&" "<" ">" "'" "\t" "\n" "\r"] ["&amp;" "&lt;" "&gt;" "&apos;" "&#9;" "&#10;" "&#13;"];
  concat = concatStringsSep "";
  constants = import ./constants.nix;
  inherit (constants) namespaces;
  extras = import ./extra.nix;
  only = import ./only.nix;
  scalar = import ./scalar.nix;
  inherit (scalar) size value;

  folder = ../../schema/json/tables;
  read = file: fromJSON (readFile file);
  root = read (folder + "/${kind}.json");
  # The fields of an element belong to all of its forms.
  complete = outer: table: let
    fields = outer // table.fields;
  in
    if table ? forms
    then table // {forms = table.forms // {of = mapAttrs (_: complete fields) table.forms.of;};}
    else table // {inherit fields;};
  tables =
    mapAttrs (name: _: complete {} (read (folder + "/elements/${name}.json"))) root.elements
    // {${kind} = complete {} root.table;};
  elements = mapAttrs (name: element (extended name)) tables;

  # What writes an element from its tag, the line break before it, and a set; `otherwise` what writes the sets that have other fields.
  element = otherwise: table: let
    forms = mapAttrs (_: element otherwise) table.forms.of;
    inherit (table.forms) by;
    default = table.forms.default or null;
    none = otherwise null;

    inherit (table) fields;
    required = table.required or [];
    twins = table.twins or {};
    names = attrNames fields;
    isSpecial =
      if table ? special || table ? empties
      then given: !all (key: !given ? ${key}) table.special or [] || !all (key: given ? ${key}) table.empties or []
      else _: false;
    fits =
      if required == []
      then given: removeAttrs given names == {} && !isSpecial given
      else given: removeAttrs given names == {} && all (key: given.${key} or null != null) required && !isSpecial given;
    attributes = map (key: attribute (twins ? ${key}) (elem key required) key fields.${key}) (table.attributes or []);
    children = map (key: child fields twins (elem key required) key) (table.children or []);
    texts = map (key: content key fields.${key}) (table.texts or []);
    another = otherwise {inherit table attributes children texts;};
  in
    if table ? forms
    then
      tag: newline: given: let
        it = given.${by} or null;
        word =
          if isConvertible it
          then toString it
          else it;
      in
        if isString word && forms ? ${word}
        then forms.${word} tag newline given
        else if word == null && default != null
        then forms.${default} tag newline given
        else none tag newline given
    else
      tag: newline: given:
        if !fits given
        then another tag newline given
        else let
          deeper = "${newline}  ";
          start = "${newline}<${tag}${concat (map (write: write given) attributes)}";
          inside = concat (map (write: write deeper given) children);
        in
          if texts == []
          then
            if children == [] || inside == ""
            then "${start}/>"
            else "${start}>${inside}${newline}</${tag}>"
          else closed start tag newline inside (concat (map (write: write given) texts));
  # With text, an element ends on the line of its text.
  closed = start: tag: newline: inside: text:
    if text != ""
    then "${start}>${inside}${text}</${tag}>"
    else if inside != ""
    then "${start}>${inside}${newline}</${tag}>"
    else "${start}/>";

  # What writes the fields of a set: an attribute, the text of the element, or a child, from the line break before it.
  attribute = isTwin: isRequired: key: field: let
    text = textOf escapeAttribute field;
    opened = " ${field.tag or key}='";
    ofTwin = it:
      if it != null
      then "${opened}${text it}'"
      else if isRequired
      then bad
      else "";
  in
    if isTwin
    then
      given:
        if given ? ${key}
        then ofTwin (plainOf given.${key})
        else ""
    else
      given:
        if given ? ${key}
        then let
          it = given.${key};
        in
          if it == null
          then ""
          else "${opened}${text it}'"
        else "";

  content = key: field: let
    text = textOf escapeText field;
  in
    given: let
      it = given.${key} or null;
    in
      if it == null
      then ""
      else text it;

  # Whether a value leaves out a field.
  isAbsent = field: it: it == null || it == false && field ? mayBeFalse;

  child = fields: twins: isRequired: key: let
    isTwin = twins ? ${key};
    field = twins.${key} or fields.${key};
    write = childOf (field.tag or key) field;
    inherit (field) group;
    attributes = map (key: attribute false false key fields.${key}) group.attributes;
    text = content key field;
  in
    if field ? group
    then newline: given: ofText group.tag newline (concat (map (write: write given) attributes)) (text given)
    else if isTwin
    then
      newline: given:
        if given ? ${key}
        then write newline (setsOf given.${key})
        else ""
    else if isRequired
    then
      newline: given: let
        written = write newline given.${key};
      in
        if !(given ? ${key})
        then ""
        else if written == ""
        then bad
        else written
    else
      newline: given:
        if given ? ${key}
        then write newline given.${key}
        else "";

  # What writes a child element from the line break before it and the value of a field.
  childOf = tag: field: let
    name =
      if isString field
      then field
      else field.element or null;
    set = ofAny name tag;
    value = ofValue name tag;
    text = textOf escapeText field;
    one =
      if name != null
      then
        newline: it:
          if isAttrs it
          then set newline it
          else value newline it
      else if isList field || field ? words
      then newline: it: ofText tag newline "" (text it)
      else if field ? raw
      then raw tag
      else
        newline: it:
          if it == true || it == {}
          then "${newline}<${tag}/>"
          else if it == false
          then ""
          else bad;
    isMany = field ? many;
    isLeftOut = it: it == false && (field ? mayBeFalse || elem field.absent or null ["mac" "uuid"]);
    absent = newline:
      if field.absent or null == "empty"
      then "${newline}<${tag}/>"
      else "";
    # A list for an element that occurs once means its only item.
    inList = newline: items:
      if items == [] || length items == 1 && isLeftOut (head items)
      then absent newline
      else if length items == 1
      then one newline (head items)
      else bad;
  in
    newline: it:
      if isAttrs it
      then one newline it
      else if it == null
      then absent newline
      else if isList it && isMany
      then
        concat (map (it:
          if it == null
          then ""
          else one newline it)
        it)
      else if isLeftOut it
      then absent newline
      else if isList it && !(field ? raw)
      then inList newline (filter (it: !isAbsent field it) it)
      else one newline it;

  ofText = tag: newline: attributes: inside:
    if inside == ""
    then "${newline}<${tag}${attributes}/>"
    else "${newline}<${tag}${attributes}>${inside}</${tag}>";

  # What gives the text of a scalar, escaped. The first of its words that fits prints it.
  textOf = escape: field: let
    words =
      if isList field
      then field
      else field.words;
    # Words without sets are those of one enum.
    isEnum = !isAttrs (head words);
    word = head words;
    enum =
      if isEnum
      then words
      else word.enum;
    switch = meant: head (filter (word: elem word meant) enum ++ [null]);
    on = switch ["yes" "on" "true"];
    off = switch ["no" "off" "false"];
    isTaken =
      if word ? any
      then _: true
      else it: match word.posix it != null;
    another = it:
      if isConvertible it
      then text (toString it)
      else escape (printed words it);
    text =
      if isEnum || word ? enum
      then
        it:
          if isString it && elem it enum
          then it
          else if it == true && elem true enum
          then on
          else if it == false && elem false enum
          then off
          else another it
      else if word ? any || word ? posix
      then
        it:
          if isString it && isTaken it
          then escape it
          else another it
      else if word ? minimum && !(word ? xmlHex)
      then
        it:
          if isInt it && word.minimum <= it && it <= word.maximum or it
          then toString it
          else if isString it && match "[1-9][0-9]{0,17}" it != null && word.minimum <= fromJSON it && fromJSON it <= word.maximum or (fromJSON it)
          then it
          else another it
      else another;
  in
    text;

  # An element whose attributes are not just its fields: with `extra`, or with null for a field that it lacks; or whose fields have to
  # be prepared. `parts` is null if the element has no such form.
  extended = name: parts: tag: newline: given: let
    inherit (parts) table attributes children texts;
    inherit (table) fields;
    twins = table.twins or {};
    extra = extras.read (given.extra or null);
    isLeftOut = name: name == "extra" || given.${name} == null || extras.isDeclaration namespaces name given.${name};
    rest = removeAttrs given (filter isLeftOut (attrNames given));
    isPlain = removeAttrs given (attrNames fields) == {};
    spec = prepare (
      if isPlain
      then given
      else rest
    );
    prepare = import ./prepare.nix {
      empties = map (key: {inherit key;}) (table.empties or []);
      sized = map (key: {
        name = key;
        unitIn = fields.${key}.unit;
      }) (filter (key: fields.${key} ? unit) (attrNames fields));
      twins = [];
    };
    attributeOf = name: let
      it = spec.${name} or null;
    in
      if twins ? ${name}
      then plainOf it
      else it;
    placed = name: {
      tag = fields.${name}.tag or name;
      place =
        if elem name (table.attributes or [])
        then "attribute"
        else if elem name (table.children or []) && !(fields.${name} ? group)
        then "child"
        else "text";
    };
    isMissing = name: isAbsent fields.${name} (attributeOf name) && !extras.has extra (placed name);
    more = concat (attrValues (mapAttrs (name: text: " ${name}='${escapeAttribute text}'") extra.attributes));
    written = writers: concat (map (write: write spec) writers);
    deeper = "${newline}  ";
    start = "${newline}<${tag}${written attributes}${declarations table tag spec}${more}";
    text = written texts;
    inside = "${concat (map (write: write deeper spec) children)}${text}${fragment deeper extra.xml}";
  in
    if isConvertible given
    then ofValue name tag newline (value given)
    else if parts == null || extra == null || !isPlain && removeAttrs rest (attrNames fields) != {}
    then bad
    else if spec == null || any isMissing (table.required or [])
    then bad
    else if inside == ""
    then "${start}/>"
    else if text == ""
    then "${start}>${inside}${newline}</${tag}>"
    else "${start}>${inside}</${tag}>";

  # A namespace is declared once, with the first field that is in it, unless the element itself is in it.
  declarations = table: tag: spec: let
    inherit (table) fields;
    spaces = filter (key: fields.${key} ? namespace) (table.children or [] ++ table.attributes or []);
    prefixOf = tag: head (split ":" tag);
    tagOf = key: fields.${key}.tag or key;
    given = key: let
      it = spec.${key} or null;
    in
      if elem key (table.children or []) && !(fields.${key} ? many)
      then only it
      else it;
    isDeclared = key: !isAbsent fields.${key} (given key) && prefixOf (tagOf key) != prefixOf tag;
    add = done: key:
      if any (other: fields.${other}.namespace == fields.${key}.namespace) done
      then done
      else done ++ [key];
  in
    concat (map (key: " xmlns:${prefixOf (tagOf key)}='${escapeAttribute fields.${key}.namespace}'") (foldl' add [] (filter isDeclared spaces)));

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

  # An element given by a single value.
  ofValue = name: tag: newline: given: let
    table = tables.${name};
    it = value given;
    short = table.short or "none";
    notation = constants.notations.${short};
    keyed = at: elemAt table.shortFor at;
    fieldOf = at: table.fields.${keyed at};
    as = ofAny name tag newline;
    holding = attributes: it: ofText tag newline attributes (textOf escapeText (fieldOf 0) it);
    isSingle = elem (typeOf it) ["bool" "float" "int" "string"];
    parts = size it;
    attribute = at: it: " ${(fieldOf at).tag or (keyed at)}='${textOf escapeAttribute (fieldOf at) it}'";
    attributes = scalar.attributes notation it;
    formOf =
      if table ? forms
      then {${table.forms.by} = short;}
      else {};
  in
    if short == "none"
    then bad
    else if short == "presence"
    then
      if it == true
      then as {}
      else if it == false
      then ""
      else bad
    else if short == "switch"
    then
      if isBool it
      then ofText tag newline (attribute 0 it) ""
      else bad
    else if short == "size" && isString it && parts != null
    then holding (attribute 1 (elemAt parts 1)) (head parts)
    else if short == "size" || short == "text"
    then
      if isSingle
      then holding "" it
      else bad
    else if isString it && attributes != null
    then as (attributes // formOf)
    else bad;
  printed = words: it: let
    text = scalar.print words it;
  in
    if text == null
    then bad
    else text;
in {
  inherit bad;
  root = root.name;
  ofAny = name: tag: newline: it:
    if isAttrs it
    then elements.${name} tag newline it
    else ofValue name tag newline it;
}
