# The virtual machines of this host.
{NixVirt, ...}: {
  virtualisation.libvirt = {
    enable = true;
    connections."qemu:///system" = {
      # Where disks are.
      pools.disks = {
        definition = NixVirt.lib.pool.templates.dir {name = "disks";};
        active = true;
        autostart = true;
      };

      # Guests reach what this host reaches.
      networks.lan = {
        definition = NixVirt.lib.network.templates.nat {
          name = "lan";
          subnet_byte = 74;
        };
        active = true;
        autostart = true;
      };

      # A guest with a disk that is created, and the installer's disc.
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
