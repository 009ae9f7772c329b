# A Debian guest with a disk in the pool "default".
lib:
lib.domain.templates.linux {
  name = "debian-test";
  uuid = "550e8400-e29b-41d4-a716-446655440001";
  memory = {
    count = 8;
    unit = "GiB";
  };
  storage_vol = {
    pool = "default";
    volume = "debian-test.qcow2";
    size = {
      count = 50;
      unit = "GiB";
    };
  };
}
