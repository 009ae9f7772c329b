lib:
lib.domain.templates.linux {
  name = "linux";
  install_vol = "/var/lib/libvirt/images/debian.iso";
  bridge_name = "br0";
  # It is virtio always.
  virtio_net = false;
}
