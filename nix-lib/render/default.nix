# Renders specs in plain Nix, for evaluators without the plugin. The XML is the same, byte for byte.
#
# Nix reads slowly, so this knows only what most specs have: the common elements, which `schema/src/engine/plain_nix/common.rs` writes as
# functions that call those below. Each function gives null for what it does not know. An element that holds such a value, `other.nix`
# writes.
#
# An invalid spec throws the problems of its types, in the words of the plugin. Only the plugin checks rules, and that characters and
# free XML are valid XML. `schema` has descriptions, which only problems need; the tables have the rest.
#
# # Type
# render :: { kind :: String, schema :: Schema } -> Spec -> String
{
  kind,
  schema,
}: let
  inherit (builtins) all concatStringsSep elem filter functionArgs head intersectAttrs isAttrs isInt isList isString length mapAttrs substring tryEval;
  concat = concatStringsSep "";
  other = import ./other.nix {inherit kind ofAny isConvertible plainOf setsOf;};
  common = mapAttrs element (import (../../schema/json/tables/common + "/${kind}.nix") writers);
  # What writes an element from its tag, the line break before it, and a set or a single value.
  ofAny = name: common.${name} or (other.ofAny name);

  isConvertible = it: isAttrs it && (it ? outPath || it ? __toString);
  isSet = it: isAttrs it && !isConvertible it;

  element = name: table: let
    another = other.ofAny name;
    of = mapAttrs (_: element name) table.of;
    form = word:
      if isString word
      then of.${word} or another
      else another;
    # A set that has only fields of the element equals what it shares with these, attribute by attribute.
    known = functionArgs table;
    nulls = mapAttrs (_: _: null) known;
    write = tag: newline: given: let
      it = table (nulls // given);
      attributes =
        if isList it
        then it
        else it.attributes;
      parts = it.children "${newline}  ";
      start = "${newline}<${tag}${concat attributes}";
    in
      if intersectAttrs known given != given || elem null attributes
      then another tag newline given
      else if isList it
      then "${start}/>"
      else if it ? text
      then
        if it.text == null
        then another tag newline given
        else "${start}>${it.text}</${tag}>"
      else if elem null parts
      then another tag newline given
      else if concat parts == ""
      then "${start}/>"
      else "${start}>${concat parts}${newline}</${tag}>";
    ofValue = import ./short.nix {inherit another kind name write;};
  in
    if table ? of
    then
      tag: newline: given:
        if given.${table.by} or null == null
        then form (table.default or null) tag newline given
        else form given.${table.by} tag newline given
    else
      tag: newline: it:
        if isAttrs it
        then write tag newline it
        else ofValue tag newline it;

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

  # The text of an uncommon value: null is no text, and what converts to a string means that string.
  unusual = none: write: it:
    if it == null
    then none
    else if isConvertible it
    then write (toString it)
    else null;
  ofWord = none: start: words: it:
    if elem it words
    then "${start}${it}'"
    else unusual none (ofWord none start words) it;
  ofNumber = none: start: min: max: it:
    if isInt it && min <= it && it <= max
    then "${start}${toString it}'"
    else unusual none (ofNumber none start min max) it;
  ofText = none: start: isForm: it:
    if isString it && isForm it
    then "${start}${it}'"
    else unusual none (ofText none start isForm) it;
  ofSwitch = none: on: off: start: it:
    if it == true && on != null
    then "${start}${on}"
    else if it == false
    then "${start}${off}"
    else if it == null
    then none
    else null;

  ofChild = none: isMany: newline: tag: name: it: let
    single = ofAny name tag newline it;
  in
    if isAttrs it
    then single
    else if it == null || it == []
    then none
    else if isList it
    then
      if all isAttrs it && (isMany || length it == 1)
      then concat (map (ofAny name tag newline) it)
      else null
    else if single == ""
    then none
    else single;
  ofLeaf = none: newline: tag: isForm: it:
    if it == null
    then none
    else if isString it && it != "" && isForm it
    then "${newline}<${tag}>${it}</${tag}>"
    else null;

  # What writes a field of a set: an attribute from its start, the text of the element, or a child from the line break before it. Names
  # end in `1` where the field is required.
  writers =
    {
      inherit plainOf setsOf;
      word = ofWord "";
      word1 = ofWord null;
      number = ofNumber "";
      number1 = ofNumber null;
      text = ofText "";
      text1 = ofText null;
      yesNo = ofSwitch "" "yes'" "no'";
      yesNo1 = ofSwitch null "yes'" "no'";
      onOff = ofSwitch "" "on'" "off'";
      onOff1 = ofSwitch null "on'" "off'";
      off1 = ofSwitch null null "off'";
      child = ofChild "" false;
      child1 = ofChild null false;
      children = ofChild "" true;
      children1 = ofChild null true;
      leaf = ofLeaf "";
      leaf1 = ofLeaf null;
      contentNumber = min: max: it:
        if isInt it && min <= it && it <= max
        then toString it
        else null;
      contentText = isForm: it:
        if isString it && it != "" && isForm it
        then it
        else null;
      group = newline: tag: attributes: words: it:
        if elem it words && !elem null attributes
        then "${newline}<${tag}${concat attributes}>${it}</${tag}>"
        else null;
      presence = newline: tag: it:
        if it == true || it == {}
        then "${newline}<${tag}/>"
        else if it == null
        then ""
        else null;
    }
    // import ./forms.nix;

  # What cannot be written throws, without a word, so that nothing on the way has to know where it is. The errors of the spec's
  # own values, which `tryEval` takes, are found again while the problems are explained.
  identity = import ./identity.nix;
  tag =
    if common ? ${kind}
    then kind
    else other.root;
  attempt = spec:
    tryEval (
      if isAttrs spec
      then ofAny kind tag "\n" (identity.complete kind spec)
      else other.bad
    );
  finish = written: substring 1 (-1) written.value + "\n";
in
  spec: let
    written = attempt spec;
    # The types refuse what libvirt takes although its schema does not.
    settled = import ./taken.nix kind spec;
    again = attempt settled;
  in
    if written.success
    then finish written
    else if again.success
    then finish again
    else import ./fail.nix {inherit kind schema;} settled
