{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    pools.images.definition = {
      type = "dir";
      target.path = "/var/lib/images";
      autostart = true;
      volumes = [
        {
          definition.name = "a.img";
          definition.capacity = "1 GiB";
        }
      ];
    };
  };
}
