# What the plugin and plain Nix share. `schema/src/constants.rs` makes it.
builtins.fromJSON (builtins.readFile ../schema/json/constants.json)
