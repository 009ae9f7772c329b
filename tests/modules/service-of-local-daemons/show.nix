{config, ...}: {"service.json" = config.systemd.services.nixvirt;}
