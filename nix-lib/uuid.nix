# The UUID of an object, derived from its kind and name.
#
# # Type
# uuid :: String -> String -> String
kind: name: let
  digits = builtins.hashString "sha256" "nixvirt:${kind}:${name}";
  part = start: count: builtins.substring start count digits;
in "${part 0 8}-${part 8 4}-8${part 13 3}-a${part 17 3}-${part 20 12}"
