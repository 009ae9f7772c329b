{
  config,
  lib,
  ...
}: {
  "failed.txt" = lib.concatMapStrings (it: it.message) (lib.filter (it: !it.assertion) config.assertions);
  "plugin-files.json" = config.nix.settings.plugin-files;
}
