lib:
lib.pool.templates.dir {
  name = "disks";
  path = "/srv/disks";
  permissions.mode = "0711";
  unknown = "is ignored";
}
