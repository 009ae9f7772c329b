{config, ...}: {
  "config.json" = config.systemd.services // config.system.activationScripts // config.environment.etc // config.virtualisation.libvirtd.hooks.qemu;
}
