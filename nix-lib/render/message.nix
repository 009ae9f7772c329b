# The messages that plain Nix shares with the plugin, each as a function of the values that it names; a text where it names none.
# `schema/src/engine/message.rs` declares them.
let
  inherit (builtins) attrNames fromJSON mapAttrs match readFile replaceStrings toJSON;
  # As in Rust, `{name}` is a value, `{name:?}` the value in quotes, and `{{` a brace.
  fill = text: values: let
    names = attrNames values;
    each = make: map (name: make values.${name}) names;
  in
    replaceStrings
    (["{{" "}}"] ++ map (name: "{${name}}") names ++ map (name: "{${name}:?}") names)
    (["{" "}"] ++ each toString ++ each toJSON)
    text;
in
  mapAttrs (_: text:
    if match ".*[{].*" text == null
    then text
    else fill text) (fromJSON (readFile ../../schema/json/messages.json))
