# Identities derived from names, as `schema/src/engine/identity.rs` derives them.
let
  inherit (builtins) attrNames attrValues concatStringsSep elem elemAt fromJSON genList hashString isAttrs isList isString length map readFile replaceStrings substring;
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

  # What a value means: the only item of a list, and what converts to a string as that string.
  meant = it:
    if it == null || isString it
    then it
    else import ./value.nix (only it);
  only = it:
    if isList it
    then import ./only.nix it
    else it;
  text = it: let
    inner = meant it;
  in
    if isString inner
    then inner
    else "";
in rec {
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

  # A spec with the UUID and MAC addresses that it omits, given its kind.
  #
  # complete :: String -> Spec -> Spec
  complete = kind: spec: let
    name = text (spec.name or null);
    card = place: it:
      if isAttrs it && only (it.mac or null) == null
      then
        it
        // {
          mac.address = mac {
            type = text (spec.type or null);
            uuid = meant (spec.uuid or null);
            inherit name;
            card = place;
          };
        }
      else it;
    devices = only (spec.devices or null);
    cards = devices.interface or null;
    ids =
      if only (spec.uuid or null) == null && elem kind recipes.kindsWithUuid
      then {uuid = uuid kind name;}
      else {};
    addresses.devices =
      devices
      // {
        interface =
          if isList cards
          then genList (place: card place (elemAt cards place)) (length cards)
          else card 0 cards;
      };
  in
    if !isAttrs spec || name == ""
    then spec
    else if kind != "domain" || cards == null
    then spec // ids
    else spec // ids // addresses;
}
