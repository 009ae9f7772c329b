{virtualisation.libvirt.enable = true;}
