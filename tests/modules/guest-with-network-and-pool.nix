# A guest that uses the network `lan`, a volume in the pool `disks`, and a new volume in that pool.
{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains = [
    {
      definition =
        NixVirt.lib.domain.templates.linux {
          name = "web";
          storage_vol = {
            pool = "disks";
            volume = "web.qcow2";
            size = 1;
          };
        }
        // {
          devices.interface = {
            type = "network";
            source.network = "lan";
          };
          devices.disk = {
            type = "volume";
            source = {
              pool = "disks";
              volume = "other";
            };
            target.dev = "vda";
          };
        };
    }
    {definition = "/elsewhere.xml";}
  ];
}
