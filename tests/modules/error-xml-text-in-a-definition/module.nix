{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web.definition = "<domain type='kvm'/>";
}
