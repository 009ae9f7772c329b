# A folder of the host that the guest mounts by its tag: `mount -t virtiofs TAG /mnt`.
tag: folder: {
  type = "mount";
  driver.type = "virtiofs";
  source.dir = folder;
  target.dir = tag;
}
