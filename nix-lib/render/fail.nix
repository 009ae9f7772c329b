# Throws the problems of a spec that cannot be written.
#
# # Type
# fail :: { kind :: String, schema :: Schema } -> Spec -> Error
{
  kind,
  schema,
}: let
  inherit (builtins) isString toJSON;
  inherit (import ./constants.nix) namespaces;
  problems = import ./explain.nix {inherit kind schema namespaces;};
in
  spec: let
    name = import ./only.nix (spec.name or null);
  in
    (import ./problem.nix).fail (
      if isString name
      then "${kind} ${toJSON name}"
      else kind
    ) (problems spec)
