{
  virtualisation.libvirtd.enable = false;
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".networks = [];
}
