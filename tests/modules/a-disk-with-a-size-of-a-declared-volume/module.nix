# What the pool says of the volume goes before.
{
  NixVirt,
  lib,
  ...
}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains = [
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
    pools.disks = {
      type = "dir";
      target.path = "/disks";
      volumes."web.qcow2".capacity = "8 GiB";
    };
  };
}
