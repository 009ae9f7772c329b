{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains.web = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      hooks.prepare = "echo $VFIO";
      hooks.release = "true\nfalse";
    };
    networks.open = {
      bridge.name = "virbr1";
      ip = {
        address = "192.168.7.1";
        prefix = 24;
      };
    };
    networks.closed = {
      bridge.name = "virbr2";
      ip = {
        address = "192.168.8.1";
        prefix = 24;
      };
      openFirewall = false;
    };
    networks.bridged = {
      bridge.name = "br0";
      forward.mode = "bridge";
    };
  };
}
