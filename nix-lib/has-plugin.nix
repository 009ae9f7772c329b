# Whether a Nix with these builtins has loaded a plugin that fits this library and knows the kind. Plugins whose versions differ only in
# the last number are compatible.
#
# # Type
# hasPlugin :: Builtins -> String -> Bool
builtins: kind: let
  loaded = builtins.nixvirt.version or null;
  release = builtins.match "([0-9]+[.][0-9]+)[.].*";
in
  loaded != null && release loaded == release (import ./version.nix) && builtins.nixvirt ? ${kind}
