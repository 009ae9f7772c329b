{config, ...}: {"firewall.json" = config.networking.firewall.interfaces;}
