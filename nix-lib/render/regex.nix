# Matches a string against a regular expression of the JSON Schemas.
#
# Nix has POSIX extended regular expressions: groups have no `?:`, and a backslash between brackets is literal, so that `]` has to
# come first there and `-` last. They match bytes, so that a string with non-ASCII characters is accepted without a match.
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
    isPlain = match "[^[\\]*" inside != null;
    others = replaceStrings ["\\\\" "\\n" "\\r" "\\t" "\\]" "\\[" "\\-"] ["\\" "\n" "\r" "\t" "" "" ""] inside;
  in
    if isPlain
    then text
    else "[${
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
