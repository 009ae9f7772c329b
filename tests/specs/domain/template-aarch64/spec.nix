lib:
lib.domain.templates.aarch64 {
  name = "aarch64";
  storage_vol = {
    pool = "default";
    volume = "aarch64.qcow2";
    size = "20 GiB";
  };
  install_vol = "/var/lib/libvirt/images/debian-arm64.iso";
  virtio_drive = false;
  virtio_video = false;
  unknown = "is ignored";
}
