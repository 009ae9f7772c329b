# A disk that names a declared volume, by its pool or by its path, has the format of the volume.
{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    pools.disks = {
      type = "dir";
      target.path = "/disks";
      volumes."web.qcow2" = {
        capacity = "20 GiB";
        target.format.type = "qcow2";
      };
      volumes."data.img".capacity = "1 GiB";
    };
    # libvirt would make a snapshot of a logical volume with another allocation.
    pools.fast = {
      type = "logical";
      source.name = "vg0";
      target.path = "/dev/vg0";
      volumes.root.definition = NixVirt.lib.volume.templates.raw {
        name = "root";
        size = "8 GiB";
      };
    };
    domains.web = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      devices.disk = {
        vda = {
          type = "volume";
          source = {
            pool = "disks";
            volume = "web.qcow2";
          };
          driver.cache = "none";
        };
        vdb.source.file = "/disks/data.img";
        vdc = {
          type = "block";
          source.dev = "/dev/vg0/root";
        };
        vdd = {
          source.file = "/elsewhere/top.qcow2";
          driver.type = "qcow2";
          backingStore = {
            type = "file";
            source.file = "/disks/web.qcow2";
          };
        };
        vde.source.file = "/elsewhere/other.qcow2";
      };
    };
  };
}
