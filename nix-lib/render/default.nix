# Renders specs in plain Nix, for evaluators without the plugin: a walk along the tables of the kind, as `schema/src/engine/render.rs`
# does it. The XML is the same, byte for byte.
#
# An invalid spec throws the problems of its types, in the words of the plugin. Only the plugin checks rules, and that characters and
# free XML are valid XML. `schema` has descriptions, which only problems need; the tables have the rest.
#
# # Type
# render :: { kind :: String, schema :: Schema } -> Spec -> String
{
  kind,
  schema,
}: let
  inherit (builtins) substring tryEval;
  write = import ./write.nix kind;
  identity = import ./identity.nix kind;
  # What cannot be written throws, without a word, so that nothing on the way has to know where it is. The errors of the spec's
  # own values, which `tryEval` takes, are found again while the problems are explained.
  attempt = spec: tryEval (write (identity spec));
  finish = written: substring 1 (-1) written.value + "\n";
in
  spec: let
    written = attempt spec;
    # The types refuse what libvirt takes although its schema does not.
    settled = import ./taken.nix kind spec;
    again = attempt settled;
  in
    if written.success
    then finish written
    else if again.success
    then finish again
    else import ./fail.nix {inherit kind schema;} settled
