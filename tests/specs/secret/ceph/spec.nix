{
  ephemeral = false;
  private = true;
  uuid = "b1d3c0c5-9d5c-4a51-8c5b-3d0c7a1f2e60";
  description = "the key of the pool of disks";
  usage = {
    type = "ceph";
    name = "client.libvirt secret";
  };
}
