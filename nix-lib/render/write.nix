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
  inherit (builtins) all concatMap concatStringsSep elem elemAt filter fromJSON head isAttrs isBool isInt isList isString length map mapAttrs match readFile removeAttrs;
  concat = concatStringsSep "";
  forms = import ./forms.nix;
  other = import ./other.nix {inherit kind ofAny;};
  tables = fromJSON (readFile (../../schema/json/tables/common + "/${kind}.json"));
  common = mapAttrs ofTable tables;
  # What writes an element from its tag, the line break before it, and a set or a single value.
  ofAny = name: common.${name} or (other.ofAny name);

  isConvertible = it: isAttrs it && (it ? outPath || it ? __toString);
  isSet = it: isAttrs it && !isConvertible it;

  ofTable = name: table: let
    set = ofSet name table;
    value = ofValue name table set;
  in
    tag: newline: it:
      if isAttrs it
      then set tag newline it
      else value tag newline it;

  ofSet = name: table: let
    another = other.ofAny name;
    of = mapAttrs (_: ofSet name) table.of;
    inherit (table) by;
    default = table.default or null;
    names = namesOf table;
    write = parts table;
  in
    if table ? of
    then
      tag: newline: given: let
        it = given.${by} or null;
        word =
          if it == null
          then default
          else it;
      in
        if isString word && of ? ${word}
        then of.${word} tag newline given
        else another tag newline given
    else
      tag: newline: given: let
        written = write tag newline given;
      in
        if removeAttrs given names != {} || written == null
        then another tag newline given
        else written;

  # The names of the fields that a table writes.
  namesOf = {
    attributes ? [],
    children ? [],
    text ? [],
    ...
  }: let
    nameOf = field: let
      inner = elemAt field 1;
    in
      if inner ? text
      then namesOf inner
      else [(head field)];
  in
    concatMap nameOf (attributes ++ children ++ text);

  parts = {
    attributes ? [],
    children ? [],
    text ? [],
    ...
  }: let
    ofAttributes = map attribute attributes;
    ofChildren = map child children;
    ofText = map content text;
  in
    tag: newline: given: let
      deeper = "${newline}  ";
      opened = map (write: write given) ofAttributes;
      inside = map (write: write deeper given) ofChildren;
      texts = map (write: write given) ofText;
      start = "${newline}<${tag}${concat opened}";
      body = concat (inside ++ texts);
    in
      if elem null opened || elem null inside || elem null texts
      then null
      else if body == ""
      then "${start}/>"
      # With text, an element ends on the line of its text.
      else if concat texts == ""
      then "${start}>${body}${newline}</${tag}>"
      else "${start}>${body}</${tag}>";

  # An element given by a single value.
  ofValue = name: table: set: let
    inherit (table) short;
    key = head table.shortFor;
    isKey = it:
      if short == "switch"
      then isBool it
      else isInt it && elem short ["size" "text"] || isString it && short == "text";
    ofSize = tag: newline: it: parts:
      if parts == null
      then other.ofAny name tag newline it
      else
        set tag newline {
          ${key} = fromJSON (head parts);
          ${elemAt table.shortFor 1} = elemAt parts 1;
        };
  in
    if !(table ? short)
    then _: _: _: null
    else
      tag: newline: it:
        if isKey it
        then set tag newline {${key} = it;}
        else if it == true && short == "presence"
        then set tag newline {}
        else if isString it && short == "size"
        then ofSize tag newline it (match "([1-9][0-9]{0,17}) *([A-Za-z]+)" it)
        else other.ofAny name tag newline it;

  # What a field without a value is, and whether it may repeat.
  absent = mark:
    if elem mark ["1" "1*" "1~"]
    then null
    else "";
  isMany = mark: elem mark ["*" "1*" "~"];
  markOf = field: elemAt (field ++ [""]) 2;

  # What writes a field of a set: an attribute, the text of the element, or a child, from the line break before it.
  attribute = field: let
    key = head field;
    mark = markOf field;
    start = " ${key}='";
    text = textOf (elemAt field 1);
    ofNone = absent mark;
    write = it: let
      written = text it;
    in
      if it == null
      then ofNone
      else if written == null
      then null
      else "${start}${written}'";
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
    text = textOf holds;
    write = ofAny holds key;
    isElement = isString holds && !(forms ? ${holds});
    one =
      if holds == null
      then
        newline: it:
          if it == true || it == {}
          then "${newline}<${key}/>"
          else null
      else if isElement
      then write
      else
        newline: it: let
          written = text it;
        in
          if written == null || written == ""
          then null
          else "${newline}<${key}>${written}</${key}>";
    ofOne = newline: it: let
      written = one newline it;
    in
      if written == ""
      then ofNone
      else written;
    ofList = newline: it:
      if it == []
      then ofNone
      else if isElement && all isAttrs it && (length it == 1 || isMany mark)
      then concat (map (one newline) it)
      else null;
    ofAll = newline: it:
      if it == null
      then ofNone
      else if isList it
      then ofList newline it
      else ofOne newline it;
  in
    if holds ? text
    then parts holds key
    else if mark == "~"
    then newline: given: ofAll newline (setsOf (given.${key} or null))
    else newline: given: ofAll newline (given.${key} or null);

  # An attribute and a child of the same name: a set is the child, any other value the attribute; a list may hold both.
  plainOf = it: let
    items = filter (it: !isSet it) it;
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
  textOf = holds: let
    inherit (holds) min max;
    text =
      if isList holds
      then
        it:
          if elem it holds
          then it
          else null
      else if isAttrs holds
      then
        it:
          if isInt it && min <= it && it <= max
          then toString it
          else null
      else switches.${holds} or (ofForm forms.${holds});
  in
    it:
      if isConvertible it
      then text (toString it)
      else text it;
  ofForm = isForm: it:
    if isString it && isForm it
    then it
    else null;
  switches =
    mapAttrs (_: switch) {
      YesNo = ["yes" "no"];
      OnOff = ["on" "off"];
    }
    // {
      Off = it:
        if it == false
        then "off"
        else null;
    };
  switch = words: it:
    if isBool it
    then
      (
        if it
        then head words
        else elemAt words 1
      )
    else null;
in
  spec:
    if isAttrs spec
    then ofAny kind (tables.${kind}.root or other.root) "\n" spec
    else other.bad
