# Whether a text has the form that a regular expression of the JSON Schemas tells.
#
# Nix's own expressions are POSIX's extended ones: groups have no `?:`, and in brackets a backslash is itself, so that `]`
# stands there first and `-` last. They are of bytes, so that a text with other characters than ASCII's is taken as it is.
let
  inherit (builtins) concatStringsSep head isString match replaceStrings split stringLength substring;

  # A character after a backslash.
  escaped = text:
    if match ".[.[\\()*+?{|^$]" text != null
    then text
    else replaceStrings ["\\n" "\\r" "\\t" "\\"] ["\n" "\r" "\t" ""] text;

  brackets = text: let
    isNegated = substring 1 1 text == "^";
    start =
      if isNegated
      then 2
      else 1;
    inside = substring start (stringLength text - start - 1) text;
    without = escapes: replaceStrings (["\\\\"] ++ escapes) (["\\"] ++ map (_: "") escapes) inside;
    moved = letter:
      if without ["\\${letter}"] != without []
      then letter
      else "";
    others = replaceStrings ["\\\\" "\\n" "\\r" "\\t" "\\]" "\\[" "\\-"] ["\\" "\n" "\r" "\t" "" "" ""] inside;
  in "[${
    if isNegated
    then "^"
    else ""
  }${moved "]"}${others}${moved "["}${moved "-"}]";

  part = it:
    if isString it
    then replaceStrings ["(?:"] ["("] it
    else if substring 0 1 (head it) == "["
    then brackets (head it)
    else escaped (head it);
in
  expression: let
    posix = concatStringsSep "" (map part (split "(\\\\.|\\[([^]\\]|\\\\.)+])" expression));
  in
    text: match posix text != null || match "[ -~\t\n\r]*" text == null
