{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    pools.images = {
      type = "dir";
      target.path = "/images";
      volumes.definition = ./volume.xml;
    };
  };
}
