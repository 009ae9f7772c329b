{config, ...}: {
  "hook.sh" = builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu));
}
