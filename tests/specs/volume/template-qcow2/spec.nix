lib:
lib.volume.templates.qcow2 {
  name = "web.qcow2";
  size = "20 GiB";
  backing = "/var/lib/libvirt/images/base.qcow2";
  unknown = "is ignored";
}
