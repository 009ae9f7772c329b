{config, ...}: {
  "service.json" = config.systemd.services.nixvirt;
  "pre-switch-check.sh" = config.system.preSwitchChecks.nixvirt;
  "tmpfiles.json" = config.systemd.tmpfiles.rules;
}
