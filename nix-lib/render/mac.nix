# The MAC address of a network interface, derived from the name of the domain and the position or name of the interface.
#
# # Type
# mac :: { type :: String, domain :: String, card :: Int | String } -> String
{
  type,
  domain,
  card,
}: let
  inherit (import ./constants.nix) mac;
  secondHalf = import ./derived.nix mac {
    inherit domain;
    card = toString card;
  };
in "${mac.prefixes.${type} or mac.otherPrefix}${secondHalf}"
