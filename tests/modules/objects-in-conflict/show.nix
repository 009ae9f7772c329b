{config, ...}: {
  "assertions.json" = map (it: it.message) (builtins.filter (it: !it.assertion) config.assertions);
  "warnings.json" = config.warnings;
}
