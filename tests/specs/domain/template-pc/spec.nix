lib:
lib.domain.templates.pc {
  name = "pc";
  uuid = "0b5e5cf1-7fd4-4d35-8c8e-4c0b2f9f1c11";
  storage_vol = /var/lib/libvirt/images/pc.qcow2;
  backing_vol = "/var/lib/libvirt/images/base.qcow2";
  virtio_video = false;
  unknown = "is ignored";
}
