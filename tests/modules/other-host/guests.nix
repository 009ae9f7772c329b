# A module of NixOS gives the manifest of a host with neither NixOS nor Home Manager, with the volumes of its guests.
{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    networks.lan = {
      definition = NixVirt.lib.network.templates.nat {
        name = "lan";
        subnet_byte = 74;
      };
      active = true;
    };
    pools.disks.definition = NixVirt.lib.pool.templates.dir {name = "disks";};
    domains.web = {
      definition = NixVirt.lib.domain.templates.linux {
        name = "web";
        storage_vol = {
          pool = "disks";
          volume = "web.qcow2";
          size = "20 GiB";
        };
      };
      devices.interface = [
        {
          type = "network";
          source.network = "lan";
        }
      ];
    };
  };
}
