# `extra`: attributes and XML of an element that the schema does not know; and declarations of namespaces.
let
  inherit (builtins) all attrNames attrValues elem filter isAttrs isString length mapAttrs match removeAttrs split stringLength substring;
  scalar = import ./scalar.nix;
  inherit (scalar) value;
  isName = import ./regex.nix "[a-zA-Z_][a-zA-Z0-9_.\\-]*(?::[a-zA-Z_][a-zA-Z0-9_.\\-]*)?";
  presentIn = set: removeAttrs set (filter (name: set.${name} == null) (attrNames set));
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
in rec {
  inherit isName presentIn;
  parts = ["attributes" "xml"];
  nothing = {
    attributes = {};
    xml = "";
  };
  text = scalar.print [{type = ["string" "number"];}];
  trim = text: trimEnd (trimStart text);

  # The parts of an `extra`; null if it is invalid.
  read = it: let
    given = nothing // presentIn it;
    attributes = mapAttrs (_: it: text (value it)) (presentIn given.attributes);
    isSound =
      isAttrs (value it)
      && removeAttrs given parts == {}
      && isAttrs (value given.attributes)
      && isString (value given.xml)
      && all isName (attrNames attributes)
      && all (text: text != null) (attrValues attributes);
  in
    if it == null
    then nothing
    else if isSound
    then {
      inherit attributes;
      xml = value given.xml;
    }
    else null;

  # Whether an `extra` has a required field, with a value that the schema refuses.
  has = extra: field:
    if field.place == "attribute"
    then extra.attributes ? ${field.tag}
    else field.place == "child" && length (split "<${field.tag}[ \t\r\n/>]" extra.xml) > 1;

  # Whether an attribute declares a namespace that is declared anyway.
  isDeclaration = namespaces: name: it: let
    prefix = match "xmlns:(.*)" name;
  in
    prefix != null && namespaces.${builtins.head prefix} or null == value it;
}
