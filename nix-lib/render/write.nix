# Writes a spec as XML. What cannot be written throws.
#
# Nix reads slowly, so this knows only what most specs have: the tables of common elements, which
# `schema/src/engine/plain_nix/common.rs` makes and describes. Each function gives null for what it does not know. An element that holds
# such a value, `other.nix` writes.
#
# Each element and field becomes a function on first use, so that a spec costs little more than its strings.
#
# # Type
# write :: String -> Spec -> String
kind: let
  inherit (builtins) all concatStringsSep elem elemAt filter fromJSON head isAttrs isInt isList isString length map mapAttrs readFile removeAttrs;
  concat = concatStringsSep "";
  forms = import ./forms.nix;
  other = import ./other.nix {inherit kind ofAny isConvertible plainOf setsOf;};
  tables = fromJSON (readFile (../../schema/json/tables/common + "/${kind}.json"));
  common = mapAttrs element tables;
  # What writes an element from its tag, the line break before it, and a set or a single value.
  ofAny = name: common.${name} or (other.ofAny name);

  isConvertible = it: isAttrs it && (it ? outPath || it ? __toString);
  isSet = it: isAttrs it && !isConvertible it;

  element = name: table: let
    another = other.ofAny name;
    of = mapAttrs (_: element name) table.of;
    ofWord = word:
      if isString word
      then of.${word} or another
      else another;
    attributes = map attribute (table.attributes or []);
    children = map child (table.children or []);
    texts = map content (table.text or []);
    names = map head (table.attributes or [] ++ table.children or [] ++ table.text or []) ++ table.beside or [];
    write = tag: newline: given: let
      opened = map (write: write given) attributes;
      body = inside newline given;
      start = "${newline}<${tag}${concat opened}";
    in
      if removeAttrs given names != {} || elem null opened || body == null
      then another tag newline given
      else if body == ""
      then "${start}/>"
      else "${start}>${body}</${tag}>";
    inside =
      if children == [] && texts == []
      then _: _: ""
      else
        newline: given: let
          deeper = "${newline}  ";
          parts = map (write: write deeper given) children;
          text = map (write: write given) texts;
        in
          if elem null parts || elem null text
          then null
          # With text, an element ends on the line of its text.
          else if concat parts == "" || concat text != ""
          then concat (parts ++ text)
          else concat (parts ++ [newline]);
    ofValue =
      if table ? short
      then import ./short.nix {inherit another table write;}
      else _: _: _: null;
  in
    if table ? of
    then
      tag: newline: given:
        if given.${table.by} or null == null
        then ofWord (table.default or null) tag newline given
        else ofWord given.${table.by} tag newline given
    else
      tag: newline: it:
        if isAttrs it
        then write tag newline it
        else ofValue tag newline it;

  # What a field without a value is.
  absent = mark:
    if elem mark ["1" "1*" "1~"]
    then null
    else "";
  markOf = field:
    if length field == 3
    then elemAt field 2
    else "";

  # What writes a field of a set: an attribute, the text of the element, or a child, from the line break before it.
  attribute = field: let
    key = head field;
    mark = markOf field;
    ofNone = absent mark;
    start = " ${key}='";
    text = textOf (elemAt field 1);
    write = it: let
      written = text it;
    in
      if it == null
      then ofNone
      else if written != null
      then "${start}${written}'"
      else if isConvertible it
      then write (toString it)
      else null;
  in
    if elem mark ["~" "1~"]
    then given: write (plainOf (given.${key} or null))
    else given: write (given.${key} or null);

  content = field: let
    key = head field;
    text = textOf (elemAt field 1);
    ofNone = absent (markOf field);
  in
    given:
      if given.${key} or null == null
      then ofNone
      else text given.${key};

  child = field: let
    key = head field;
    holds = elemAt field 1;
    mark = markOf field;
    ofNone = absent mark;
    isElement = isString holds && !(forms ? ${holds});
    text = textOf holds;
    ofText = newline: opened: written:
      if written == null || written == ""
      then null
      else "${newline}<${key}${opened}>${written}</${key}>";
    one =
      if isElement
      then ofAny holds key
      else if holds == null
      then
        newline: it:
          if it == true || it == {}
          then "${newline}<${key}/>"
          else null
      else newline: it: ofText newline "" (text it);
    single = written:
      if written == ""
      then ofNone
      else written;
    ofList = newline: it:
      if it == []
      then ofNone
      else if isElement && all isAttrs it && (length it == 1 || elem mark ["*" "1*" "~"])
      then concat (map (one newline) it)
      else null;
    write = newline: it:
      if isAttrs it
      then one newline it
      else if it == null
      then ofNone
      else if isList it
      then ofList newline it
      else single (one newline it);
    # The text of a child element with attributes, which are fields beside it.
    attributes = map attribute holds.attributes;
    within = content (head holds.text);
  in
    if holds ? text
    then
      newline: given: let
        opened = map (write: write given) attributes;
      in
        if elem null opened
        then null
        else ofText newline (concat opened) (within given)
    else if mark == "~"
    then newline: given: write newline (setsOf (given.${key} or null))
    else newline: given: write newline (given.${key} or null);

  # An attribute and a child of the same name: a set is the child, any other value the attribute; a list may hold both.
  plainOf = it: let
    items = filter (it: it != null && !isSet it) it;
  in
    if isSet it || isList it && items == []
    then null
    else if isList it && length items == 1
    then head items
    else it;
  setsOf = it:
    if isList it
    then filter isSet it
    else if isSet it
    then it
    else null;

  # What gives the text of a scalar.
  textOf = holds:
    if isList holds
    then
      it:
        if elem it holds
        then it
        else null
    else if isAttrs holds
    then
      it:
        if isInt it && holds.min <= it && it <= holds.max
        then toString it
        else null
    else switches.${holds} or (ofForm forms.${holds});
  ofForm = isForm: it:
    if isString it && isForm it
    then it
    else null;
  switches = {
    YesNo = switch "yes" "no";
    OnOff = switch "on" "off";
    Off = switch null "off";
  };
  switch = on: off: it:
    if it == true
    then on
    else if it == false
    then off
    else null;
in
  spec:
    if isAttrs spec
    then ofAny kind (tables.${kind}.root or other.root) "\n" spec
    else other.bad
