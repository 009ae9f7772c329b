{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.timeout = 30;
  virtualisation.libvirt.connections."qemu:///system".domains = [];
}
