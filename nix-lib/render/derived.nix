# An identity derived from names, given its recipe in the constants and the values that the recipe names.
#
# # Type
# derived :: Recipe -> { name :: String } -> String
let
  inherit (builtins) attrNames attrValues concatStringsSep elemAt hashString isString map replaceStrings substring;
in
  recipe: values: let
    digits = hashString "sha256" (replaceStrings (map (name: "{${name}}") (attrNames values)) (attrValues values) recipe.seed);
    piece = it:
      if isString it
      then it
      else substring (elemAt it 0) (elemAt it 1) digits;
  in
    concatStringsSep "" (map piece recipe.pieces)
