# A guest with a disk of 20 GiB in the pool `disks`.
{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains = [
    {
      definition = NixVirt.lib.domain.templates.cloud {
        name = "web";
        image = "/image.qcow2";
        storage_vol = {
          pool = "disks";
          volume = "web.qcow2";
          size = "20 GiB";
        };
      };
    }
  ];
}
