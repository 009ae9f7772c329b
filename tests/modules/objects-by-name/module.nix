{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains.web = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      devices = {
        disk.vda = {
          source.file = "/web.qcow2";
          target.bus = "virtio";
          driver.cache = "none";
        };
        disk.cd = {
          device = "cdrom";
          target = {
            dev = "sda";
            bus = "sata";
          };
        };
        interface.lan = {
          type = "network";
          source.network = "lan";
        };
        interface.dmz = {
          type = "bridge";
          source.bridge = "br0";
          mac.address = "52:54:00:00:00:01";
        };
        memballoon.model = "none";
        graphics.spice.autoport = true;
        channel = [
          {
            type = "spicevmc";
            target.type = "virtio";
          }
        ];
      };
    };
    networks.lan = {
      forward.mode = "nat";
      ip = {
        address = "192.168.7.1";
        prefix = 24;
      };
      active = true;
    };
    pools.disks = {
      type = "dir";
      target.path = "/disks";
      volumes."web.qcow2".capacity = "20 GiB";
    };
    nwfilters.quiet.rule = {
      action = "drop";
      direction = "in";
    };
  };
}
