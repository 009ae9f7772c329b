# Writes what `write.nix` leaves: elements with fields that few specs have, `extra`, and values in other notations.
#
# Each element is read on first use.
{
  kind,
  bad,
  concat,
  element,
  escapeAttribute,
  escapeText,
  isAbsent,
  ofSet,
  ofText,
  plainOf,
  textOf,
}: let
  inherit (builtins) all any attrNames attrValues elem elemAt filter foldl' fromJSON head isBool isList isString map mapAttrs readFile removeAttrs split typeOf;
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

  isConvertible = it: it ? outPath || it ? __toString;

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
    as = ofSet name tag newline;
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
in {
  inherit ofValue raw;
  root = root.name;
  ofSet = name: elements.${name};
  text = words: it: let
    printed = scalar.print words it;
  in
    if printed == null
    then bad
    else printed;
}
