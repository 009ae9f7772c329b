# The memory that Looking Glass shows the guest's screen in: a file in /dev/shm, or the device of the kernel module kvmfr, for which
# libvirt has no element.
setting: let
  given =
    if builtins.isAttrs setting
    then setting
    else if setting == true
    then {}
    else {size = setting;};
  size = given.size or "64 MiB";
  mib = builtins.match "([0-9]+) *MiB" size;
  bytes =
    if mib == null
    then throw ''looking_glass: expected a size in MiB, e.g. "64 MiB", found ${builtins.toJSON size}''
    else builtins.fromJSON (builtins.head mib) * 1048576;
in
  if given ? kvmfr
  then {
    spec.qemu-commandline.arg =
      map (value: {inherit value;})
      [
        "-device"
        (builtins.toJSON {
          driver = "ivshmem-plain";
          id = "shmem0";
          memdev = "looking-glass";
        })
        "-object"
        (builtins.toJSON {
          qom-type = "memory-backend-file";
          id = "looking-glass";
          mem-path = given.kvmfr;
          size = bytes;
          share = true;
        })
      ];
    devices = {};
  }
  else {
    spec = {};
    devices.shmem = {
      name = "looking-glass";
      model.type = "ivshmem-plain";
      inherit size;
    };
  }
