lib:
lib.domain.templates.q35 {
  name = "q35";
  storage_vol = {
    pool = "default";
    volume = "q35.qcow2";
    size = {
      count = 20;
      unit = "GiB";
    };
  };
  backing_vol = {
    pool = "default";
    volume = "base.qcow2";
  };
  virtio_drive = false;
  virtio_net = true;
  virtio_video = null;
  net_iface_mac = "52:54:00:6b:3c:58";
}
