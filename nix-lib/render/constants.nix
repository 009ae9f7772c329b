# The constants that plain Nix shares with the plugin. `schema/src/constants.rs` makes the file.
builtins.fromJSON (builtins.readFile ../../schema/json/constants.json)
