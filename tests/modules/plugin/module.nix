{
  virtualisation.libvirt = {
    enable = true;
    plugin.enable = true;
  };
}
