# The version of the library and the plugin; a test keeps it equal to the version in `Cargo.toml`.
"0.1.0"
