{config, ...}: {
  "assertions.json" = map (it: it.message) config.assertions;
  "hook.sh" = builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu));
}
