{config, ...}: {
  "assertions.json" = map (it: it.message) (builtins.filter (it: !it.assertion) config.assertions);
  "hook.sh" = builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu));
}
