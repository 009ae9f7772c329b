# The problems of a spec that cannot be written.
#
# # Type
# problems :: { kind :: String, schema :: Schema } -> Spec -> [Problem]
{
  kind,
  schema,
}: let
  inherit (import ./constants.nix) namespaces;
  explain = import ./explain.nix {inherit kind schema namespaces;};
in
  # The types refuse what libvirt takes although its schema does not.
  spec: explain (import ./taken.nix kind spec)
