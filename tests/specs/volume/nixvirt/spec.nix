# Each attribute that NixVirt knows, with a value of the type that it has there.
{
  name = "disk.qcow2";
  allocation = {
    count = 1;
    unit = "MiB";
  };
  capacity = {
    count = 20;
    unit = "GB";
  };
  target = {
    format.type = "qcow2";
    permissions = {
      mode.octal = "0600";
      owner.uid = 107;
      group.gid = 107;
      label.MAC = "virt_image_t";
    };
    compat = "1.1";
    nocow = {};
    clusterSize = {
      count = 64;
      unit = "KiB";
    };
    features = {
      lazy_refcounts = {};
      extended_l2 = {};
    };
  };
  backingStore = {
    path = "/var/lib/libvirt/images/base.qcow2";
    format.type = "qcow2";
    permissions = {
      mode.octal = "0600";
      owner.uid = 107;
      group.gid = 107;
      label.MAC = "virt_image_t";
    };
  };
}
