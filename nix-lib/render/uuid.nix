# The UUID of an object, derived from its kind and name.
#
# # Type
# uuid :: String -> String -> String
let
  derived = import ./derived.nix (import ./constants.nix).uuid;
in
  kind: name: derived {inherit kind name;}
