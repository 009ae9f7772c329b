# Writes a spec as XML. What cannot be written throws.
#
# `schema/src/engine/plain_nix.rs` makes the tables of elements, and says what these hold. Nix reads slowly, so the elements and fields
# that most domains have are in one file; what else a spec has, and values in other notations, `other.nix` writes.
#
# Each element and field becomes a function on first use, so that a spec costs little more than its strings.
#
# # Type
# write :: String -> Spec -> String
kind: let
  inherit (builtins) all attrNames concatStringsSep elem elemAt filter fromJSON head isAttrs isBool isInt isList isString length map mapAttrs match pathExists removeAttrs replaceStrings;
  bad = throw "the spec has problems";
  escapeText = replaceStrings ["&" "<" ">" "\r"] ["&amp;" "&lt;" "&gt;" "&#13;"];
  escapeAttribute = replaceStrings ["&" "<" ">" "'" "\t" "\n" "\r"] ["&amp;" "&lt;" "&gt;" "&apos;" "&#9;" "&#10;" "&#13;"];
  concat = concatStringsSep "";
  isConvertible = it: it ? outPath || it ? __toString;
  isPlainSet = it: isAttrs it && !isConvertible it;

  file = ../../schema/json/tables/common + "/${kind}.nix";
  tables =
    if pathExists file
    then import file
    else {};
  common = mapAttrs (name: element (_: other.ofSet name)) tables;
  other = import ./other.nix {inherit kind bad concat element escapeAttribute escapeText isAbsent ofSet ofText plainOf textOf;};
  ofSet = name: common.${name} or (other.ofSet name);

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
          if isAttrs it && isConvertible it
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

  # An attribute and a child of the same name: a set is the child, any other value the attribute; a list may hold both.
  plainOf = it: let
    items = filter (it: it != null && !isPlainSet it) it;
  in
    if isPlainSet it || isList it && items == []
    then null
    else if isList it && length items == 1
    then head items
    else it;
  setsOf = it:
    if isList it
    then filter isPlainSet it
    else if isPlainSet it
    then it
    else null;

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
    set = ofSet name tag;
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
      then other.raw tag
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

  # What writes an element given by a single value.
  ofValue = name: tag: let
    table = tables.${name} or {};
    # The common table may lack the fields that a single value means.
    short =
      if all (key: table.fields ? ${key}) (table.shortFor or [])
      then table.short or ""
      else "";
    key = head table.shortFor;
    field = table.fields.${key};
    text = textOf escapeText field;
    another = other.ofValue name tag;
    # The unit of a size, whose words are those of the field beside its number.
    unit = elemAt table.shortFor 1;
    isUnit = it: isList table.fields.${unit} && elem it table.fields.${unit};
    ofSize = newline: it: parts:
      if parts != null && isUnit (elemAt parts 1)
      then ofText tag newline " ${unit}='${elemAt parts 1}'" (text (head parts))
      else another newline it;
  in
    if short == "presence"
    then
      newline: it:
        if it == true
        then ofSet name tag newline {}
        else if it == false
        then ""
        else another newline it
    else if short == "size"
    then
      newline: it:
        if isString it
        then ofSize newline it (match "([0-9]+) *([A-Za-z]+)" it)
        else another newline it
    else if short == "text"
    then
      newline: it:
        if isString it || isInt it
        then ofText tag newline "" (text it)
        else another newline it
    else if short == "switch"
    then
      newline: it:
        if isBool it
        then "${newline}<${tag} ${field.tag or key}='${text it}'/>"
        else another newline it
    else another;

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
      else if word ? form
      then it: forms.${word.form} it || match word.posix it != null
      else it: match word.posix it != null;
    another = it:
      if isAttrs it && isConvertible it
      then text (toString it)
      else escape (other.text words it);
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
  forms = import ./forms.nix;
in
  spec:
    if isAttrs spec
    then ofSet kind tables.${kind}.root or other.root "\n" spec
    else bad
