{config, ...}: {
  "config.json" = config.systemd.services // config.system.preSwitchChecks // config.environment.etc // config.virtualisation.libvirtd.hooks.qemu;
}
