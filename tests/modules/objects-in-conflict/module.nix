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
      # A subnet within that of `five`, and the IPv6 subnet of `six`.
      seven = {
        forward.mode = "nat";
        ip = [
          {
            address = "10.9.3.1";
            netmask = "255.255.255.0";
          }
          {
            family = "ipv6";
            address = "fd00:9:0:0::7";
            prefix = 64;
          }
        ];
      };
      five = {
        forward.mode = "nat";
        uuid = "5d7b1c5e-5b55-4a35-9b55-0c1c1f5b5555";
        ip = {
          address = "10.9.0.1";
          prefix = 16;
        };
      };
      six = {
        uuid = "5d7b1c5e-5b55-4a35-9b55-0c1c1f5b5555";
        ip = {
          family = "ipv6";
          address = "fd00:9::1";
          prefix = "64";
        };
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
    pools = let
      pool = {
        type = "dir";
        target.path = "/srv/images";
      };
    in {
      images = pool;
      copies = pool;
    };
    secrets = let
      secret.usage = {
        type = "ceph";
        name = "client.libvirt secret";
      };
    in {
      ceph = secret;
      backup = secret;
    };
    domains = let
      # What only one running guest can have.
      alone = {
        devices = {
          graphics.vnc.port = 5950;
          hostdev.card = {
            type = "pci";
            source.address = "01:00.0";
          };
          vsock.cid.address = 3;
          interface.lan = {
            type = "user";
            mac.address = "52:54:00:AA:00:01";
            target.dev = "tap-lan";
          };
        };
      };
    in {
      first = domain (alone // {active = true;});
      second = domain (alone // {autostart = true;});
      # It does not start by itself.
      spare = domain (alone // {devices = removeAttrs alone.devices ["interface"];});
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
