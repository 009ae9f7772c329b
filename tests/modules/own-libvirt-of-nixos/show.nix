{config, ...}: {"package.json" = config.virtualisation.libvirtd.package;}
