# A directory pool.
{
  name = "vm-storage";
  uuid = "550e8400-e29b-41d4-a716-446655440200";
  type = "dir";

  target = {path = "/var/lib/libvirt/images";};
}
