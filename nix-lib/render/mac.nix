# The MAC address of a network interface, derived from what tells the domain apart, its UUID or else its name, and from the position
# or name of the interface.
#
# # Type
# mac :: { type :: String, uuid :: Null | False | String, name :: String, card :: Int | String } -> String
let
  inherit (builtins) isString replaceStrings;
  inherit (import ./constants.nix) mac;
  derived = import ./derived.nix mac;
in
  {
    type,
    uuid,
    name,
    card,
  }: let
    secondHalf = derived {
      domain =
        if isString uuid
        then replaceStrings ["-" "A" "B" "C" "D" "E" "F"] ["" "a" "b" "c" "d" "e" "f"] uuid
        else name;
      card = toString card;
    };
  in "${mac.prefixes.${type} or mac.otherPrefix}${secondHalf}"
