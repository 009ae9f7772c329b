lib:
lib.pool.templates.logical {
  name = "lvm";
  group = "vg0";
  devices = ["/dev/sdb" "/dev/sdc"];
}
