lib:
lib.domain.templates.cloud {
  name = "cloud";
  storage_vol = {
    pool = "default";
    volume = "cloud.qcow2";
    size = "20 GiB";
  };
  image = "/var/lib/libvirt/images/debian-13-generic-amd64.qcow2";
  seed = "/var/lib/libvirt/images/cloud-seed.iso";
  unknown = "is ignored";
}
