{config, ...}: {
  "warnings.txt" = builtins.concatStringsSep "\n" config.warnings;
}
