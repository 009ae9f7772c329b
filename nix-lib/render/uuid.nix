# The UUID of an object, derived from its kind and name.
#
# # Type
# uuid :: String -> String -> String
kind: name: import ./derived.nix (import ./constants.nix).uuid {inherit kind name;}
