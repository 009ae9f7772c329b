{config, ...}: {"hooks.json" = config.virtualisation.libvirtd.hooks.qemu;}
