{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.plugin.enable = false;
}
