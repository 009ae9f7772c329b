# The guests of this host. The NixVirt module provides the argument `NixVirt`.
{NixVirt, ...}: {
  virtualisation.libvirt = {
    enable = true;

    connections."qemu:///system" = {
      # Storage pool: disks of the guests, in /var/lib/libvirt/disks.
      pools.disks = {
        definition = NixVirt.lib.pool.templates.dir {name = "disks";};
        active = true;
        autostart = true;
      };

      # NAT network: 192.168.74.0/24, with DHCP.
      networks.lan = {
        definition = NixVirt.lib.network.templates.nat {
          name = "lan";
          subnet_byte = 74;
        };
        active = true;
        autostart = true;
      };

      # Guest with a new disk, and an installation disc in its CD drive.
      domains.web = {
        definition = NixVirt.lib.domain.templates.linux {
          name = "web";
          storage_vol = {
            pool = "disks";
            volume = "web.qcow2";
            size = "20 GiB";
          };
          install_vol = "/var/lib/libvirt/images/debian.iso";
        };
        devices.interface = [
          {
            type = "network";
            source.network = "lan";
            model.type = "virtio";
          }
        ];
      };
    };
  };
}
