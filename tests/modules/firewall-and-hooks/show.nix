{config, ...}: {
  "firewall.json" = config.networking.firewall.interfaces;
  "hook.sh" = builtins.readFile (builtins.head (builtins.attrValues config.virtualisation.libvirtd.hooks.qemu));
}
