{config, ...}: {
  "package.json" = config.virtualisation.libvirtd.package;
  "command-is-built-with.json" = map (it: it.name) (builtins.head config.environment.systemPackages).buildInputs;
}
