{
  name = "disk.qcow2";
  capacity = {
    count = 20;
    unit = "GiB";
  };
  allocation = 0;
  target = {
    format.type = "qcow2";
    compat = "1.1";
    features.lazy_refcounts = true;
  };
  backingStore = {
    path = "/var/lib/libvirt/images/base.qcow2";
    format.type = "qcow2";
  };
}
