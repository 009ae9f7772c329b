{config, ...}: {
  "service.json" = config.systemd.services.nixvirt;
  "activation.sh" = config.system.activationScripts.nixvirt.text;
}
