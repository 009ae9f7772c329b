# XML in Nix, for what specs hold as free XML, such as `metadata`. What these functions make is a set that is
# a string to Nix.
let
  escape =
    builtins.replaceStrings
    ["&" "<" ">" "'" "\""]
    ["&amp;" "&lt;" "&gt;" "&apos;" "&quot;"];

  # `text` is a function of the depth at which the element stands.
  node = text: {
    inherit text;
    __toString = self: self.text "";
  };

  concat = indent: nodes: builtins.concatStringsSep "" (map (it: it.text indent) nodes);
in rec {
  # Nothing at all.
  none = node (_: "");

  # The node if the condition holds, else nothing.
  opt = condition: it:
    if condition
    then it
    else none;

  # Several nodes in a row.
  many = nodes: node (indent: concat indent nodes);

  # An attribute, for the second argument of `elem`.
  attr = name: value: node (_: " ${name}='${escape (toString value)}'");

  # An element: its name, its attributes, and its body, which is null, a string or a list of elements.
  #
  # # Example
  # elem "os" [(attr "id" "http://microsoft.com/win/11")] null
  elem = name: attributes: body:
    node (
      indent: let
        head = "${indent}<${name}${concat indent attributes}";
        inside =
          if body == null
          then ""
          else if builtins.isString body
          then escape body
          else if builtins.isList body
          then concat "${indent}  " body
          else throw "nixvirt: the body of the XML element ${name} is ${builtins.typeOf body}; expected null, a string or a list of elements";
      in
        if inside == ""
        then "${head}/>\n"
        else if builtins.isString body
        then "${head}>${inside}</${name}>\n"
        else "${head}>\n${inside}${indent}</${name}>\n"
    );

  # The text of a node.
  toText = toString;
}
