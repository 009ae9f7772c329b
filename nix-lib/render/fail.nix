# Throws the problems of a spec that cannot be written.
#
# # Type
# fail :: { kind :: String, schema :: Schema } -> Spec -> Error
{
  kind,
  schema,
}: let
  inherit (builtins) isString toJSON;
  problems = import ./problems.nix {inherit kind schema;};
in
  spec: let
    name = import ./only.nix (spec.name or null);
  in
    (import ./problem.nix).fail (
      if isString name
      then "${kind} ${toJSON name}"
      else kind
    ) (problems spec)
