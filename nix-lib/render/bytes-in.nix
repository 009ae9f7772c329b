# The number of bytes in a unit of sizes, in upper or lower case; null for any other word.
let
  inherit (builtins) replaceStrings;
  inherit ((import ./constants.nix).size) units;
in
  unit: units.${replaceStrings ["B" "E" "G" "I" "K" "M" "P" "S" "T" "Y"] ["b" "e" "g" "i" "k" "m" "p" "s" "t" "y"] unit} or null
