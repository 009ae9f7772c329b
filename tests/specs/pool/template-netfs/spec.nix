lib:
lib.pool.templates.netfs {
  name = "nas";
  host = "nas.example.org";
  dir = "/export/vms";
}
