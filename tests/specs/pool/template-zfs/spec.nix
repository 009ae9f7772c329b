lib:
lib.pool.templates.zfs {
  name = "zfs";
  dataset = "tank/vms";
}
