{config, ...}: {
  "service.json" = config.systemd.services.nixvirt;
  "pre-switch-check.sh" = config.system.preSwitchChecks.nixvirt;
}
