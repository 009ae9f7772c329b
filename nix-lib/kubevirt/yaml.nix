# Documents as YAML, as `schema/src/kubevirt/yaml.rs` writes them.
#
# # Type
# yaml :: [Any] -> String
let
  inherit (builtins) attrNames concatStringsSep elem isAttrs isList isString match stringLength substring toJSON;
  words = ["true" "false" "yes" "no" "on" "off" "y" "n" "null"];
  lower = builtins.replaceStrings ["A" "E" "F" "L" "N" "O" "R" "S" "T" "U" "Y"] ["a" "e" "f" "l" "n" "o" "r" "s" "t" "u" "y"];
  isPlain = text: match "[A-Za-z/][A-Za-z0-9./_-]*" text != null && !elem (lower text) words;
  isBlock = value: (isAttrs value && value != {}) || (isList value && value != []);
  scalar = value:
    if isString value && isPlain value
    then value
    else toJSON value;
  concat = concatStringsSep "";
  after = indent: value:
    if isBlock value
    then "\n${block "${indent}  " value}"
    else " ${scalar value}\n";
  listed = indent: item: let
    inner = "${indent}  ";
    lines = block inner item;
  in "${indent}- ${substring (stringLength inner) (stringLength lines) lines}";
  block = indent: value:
    if isAttrs value && value != {}
    then concat (map (name: "${indent}${scalar name}:${after indent value.${name}}") (attrNames value))
    else if isList value && value != []
    then concat (map (listed indent) value)
    else "${indent}${scalar value}\n";
in
  documents: concat (map (document: "---\n${block "" document}") documents)
