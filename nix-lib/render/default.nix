# Renders specs in plain Nix, for evaluators without the plugin: a walk along the tables of the kind, as `schema/src/engine/render.rs`
# does it. The XML is the same, byte for byte.
#
# An invalid spec throws the problems of its types, in the words of the plugin. Only the plugin checks rules, and that characters and
# free XML are valid XML. `schema` has descriptions, which only problems need; the tables have the rest, each element in a
# file, so that only those are read that specs have.
#
# # Type
# render :: { kind :: String, schema :: Schema } -> Spec -> String
{
  kind,
  schema,
}: let
  inherit (builtins) fromJSON isString mapAttrs readFile toJSON;
  constants = import ./constants.nix;
  inherit (constants) namespaces;
  tables = ../../schema/json/tables;
  read = file: fromJSON (readFile file);
  definitions = mapAttrs (name: _: read (tables + "/elements/${name}.json")) root.elements;
  root = read (tables + "/${kind}.json");
  problems = import ./explain.nix {inherit kind schema namespaces;};
  explain = spec: let
    name = import ./only.nix (spec.name or null);
  in
    (import ./problem.nix).fail (
      if isString name
      then "${kind} ${toJSON name}"
      else kind
    ) (problems spec);
in
  import ./write.nix {
    inherit definitions root namespaces explain;
    identity = import ./identity.nix kind (root.table.fields.uuid.absent or null == "uuid");
  }
