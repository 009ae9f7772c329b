# XML in Nix, for fields of a spec that hold free XML, such as `metadata`. A node converts to a string.
let
  escape =
    builtins.replaceStrings
    ["&" "<" ">" "'" "\""]
    ["&amp;" "&lt;" "&gt;" "&apos;" "&quot;"];

  # `text` is a function of the indentation of the node.
  node = text: {
    inherit text;
    __toString = self: self.text "";
  };

  concat = indent: nodes: builtins.concatStringsSep "" (map (it: it.text indent) nodes);
in rec {
  /**
  An empty node.

  # Type

  ```
  none :: Node
  ```

  # Example

  ```nix
  lib.xml.elem "os" [ ] [ lib.xml.none ]
  ```
  */
  none = node (_: "");

  /**
  A node if the condition is true, `none` otherwise.

  # Type

  ```
  opt :: Bool -> Node -> Node
  ```

  # Example

  ```nix
  lib.xml.elem "os" [ (lib.xml.opt true (lib.xml.attr "id" "linux")) ] null
  ```
  */
  opt = condition: it:
    if condition
    then it
    else none;

  /**
  Several nodes in sequence, as one node.

  # Type

  ```
  many :: [Node] -> Node
  ```

  # Example

  ```nix
  lib.xml.many [ (lib.xml.elem "a" [ ] null) (lib.xml.elem "b" [ ] null) ]
  ```
  */
  many = nodes: node (indent: concat indent nodes);

  /**
  An XML attribute, for the second argument of `elem`.

  # Type

  ```
  attr :: String -> (String | Int | Path) -> Node
  ```

  # Example

  ```nix
  lib.xml.elem "os" [ (lib.xml.attr "id" "linux") ] null
  ```
  */
  attr = name: value: node (_: " ${name}='${escape (toString value)}'");

  /**
  An XML element: its name, its attributes, and its body, which is null, a string or a list of elements.

  # Type

  ```
  elem :: String -> [Node] -> (Null | String | [Node]) -> Node
  ```

  # Example

  ```nix
  lib.xml.elem "os" [ (lib.xml.attr "id" "http://microsoft.com/win/11") ] null
  ```
  */
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
          else throw "lib.xml.elem: invalid body of <${name}>: expected null, a string or a list of elements, found a value of type ${builtins.typeOf body}";
      in
        if inside == ""
        then "${head}/>\n"
        else if builtins.isString body
        then "${head}>${inside}</${name}>\n"
        else "${head}>\n${inside}${indent}</${name}>\n"
    );

  /**
  The text of a node.

  # Type

  ```
  toText :: Node -> String
  ```

  # Example

  ```nix
  lib.xml.toText (lib.xml.elem "title" [ ] "Web server")
  ```
  */
  toText = toString;
}
