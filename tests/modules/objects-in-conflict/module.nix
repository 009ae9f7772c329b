{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = let
    subnet = last: {
      address = "10.7.0.${last}";
      prefix = 24;
    };
    domain = extra:
      {
        type = "kvm";
        memory = "1 GiB";
        os.type = "hvm";
      }
      // extra;
  in {
    networks = {
      one = {
        bridge.name = "virbr7";
        forward.mode = "nat";
        ip = subnet "1";
      };
      two = {
        bridge.name = "virbr7";
        ip = subnet "2";
        active = true;
      };
      # A bridge of the host may be that of several networks.
      three = {
        bridge.name = "br0";
        forward.mode = "bridge";
        active = true;
      };
      four = {
        bridge.name = "br0";
        forward.mode = "bridge";
      };
    };
    domains = {
      web = domain {
        active = true;
        devices.disk = {
          vda = {
            driver.type = "qcow2";
            source.file = "/images/shared.qcow2";
          };
          vdb = {
            driver.type = "raw";
            source.file = "/images/cluster.img";
            shareable = true;
          };
        };
        devices.interface.lan = {
          type = "network";
          source.network = "one";
        };
      };
      mail = domain {
        devices.disk = {
          vda = {
            driver.type = "qcow2";
            source.file = "/images/shared.qcow2";
          };
          vdb = {
            driver.type = "raw";
            source.file = "/images/cluster.img";
            shareable = true;
          };
        };
        devices.interface.lan = {
          type = "network";
          source.network = "one";
        };
      };
    };
  };
}
