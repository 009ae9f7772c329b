{config, ...}: {
  "command-is-built-with.json" = map (it: it.name) (builtins.head config.home.packages).buildInputs;
}
