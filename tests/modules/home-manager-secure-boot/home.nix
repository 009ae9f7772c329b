{
  virtualisation.libvirt = {
    enable = true;
    secureBoot.enable = true;
  };
}
