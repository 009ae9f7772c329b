{config, ...}: {
  "etc.json" = builtins.mapAttrs (_: it: it.source) (removeAttrs config.environment.etc ["nixvirt/manifest.json"]);
}
