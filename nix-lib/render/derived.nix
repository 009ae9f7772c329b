# Identities derived from names, as `schema/src/engine/identity.rs` derives them.
let
  inherit (builtins) attrNames attrValues concatStringsSep elem elemAt fromJSON hashString isString map readFile replaceStrings substring;
  recipes = fromJSON (readFile ../../schema/json/identity.json);

  # An identity, given its recipe and the values that the recipe names.
  derived = recipe: values: let
    digits = hashString "sha256" (replaceStrings (map (name: "{${name}}") (attrNames values)) (attrValues values) recipe.seed);
    piece = it:
      if isString it
      then it
      else substring (elemAt it 0) (elemAt it 1) digits;
  in
    concatStringsSep "" (map piece recipe.pieces);
in {
  # Whether objects of a kind have a UUID.
  #
  # hasUuid :: String -> Bool
  hasUuid = kind: elem kind recipes.kindsWithUuid;

  # The UUID of an object, given its kind and name.
  #
  # uuid :: String -> String -> String
  uuid = kind: name: derived recipes.uuid {inherit kind name;};

  # The MAC address of a network interface, derived from what tells the domain apart, its UUID or else its name, and from the
  # position or name of the interface.
  #
  # mac :: { type :: String, uuid :: Null | False | String, name :: String, card :: Int | String } -> String
  mac = {
    type,
    uuid,
    name,
    card,
  }: let
    secondHalf = derived recipes.mac {
      domain =
        if isString uuid
        then replaceStrings ["-" "A" "B" "C" "D" "E" "F"] ["" "a" "b" "c" "d" "e" "f"] uuid
        else name;
      card = toString card;
    };
  in "${recipes.mac.prefixes.${type} or recipes.mac.otherPrefix}${secondHalf}";
}
