# The version of the library, which is that of the plugin; a test keeps it equal to `Cargo.toml`'s.
"0.1.0"
