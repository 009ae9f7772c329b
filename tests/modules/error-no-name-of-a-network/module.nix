{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    networks = {
      forward.mode = "nat";
      bridge.name = "virbr9";
    };
  };
}
