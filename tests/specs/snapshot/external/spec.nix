{
  name = "before-upgrade";
  description = "the system as it was";
  memory.file = "/var/lib/libvirt/images/web.mem";
  disks.disk = [
    {
      name = "vda";
      source.file = "/var/lib/libvirt/images/web.upgrade";
      driver.type = "qcow2";
    }
    {
      name = "/dev/vg/data";
      type = "block";
      source.dev = "/dev/vg/data.upgrade";
    }
    {
      name = "vdc";
      snapshot = "no";
    }
  ];
}
