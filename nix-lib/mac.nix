# The hardware address of a network card of a domain, which follows from the domain's name and what the card is known by: its
# place in the list, or its name.
#
# # Type
# mac :: { type :: String, domain :: String, card :: Int | String } -> String
{
  type,
  domain,
  card,
}: let
  inherit (import ./constants.nix) mac;
in
  mac.prefixes.${type} or mac.otherPrefix
  + import ./derived.nix mac {
    inherit domain;
    card = toString card;
  }
