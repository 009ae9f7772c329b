# Each template with only the required arguments, by kind and name.
lib: {
  domain = {
    pc = lib.domain.templates.pc {name = "pc";};
    q35 = lib.domain.templates.q35 {name = "q35";};
    linux = lib.domain.templates.linux {name = "linux";};
    windows = lib.domain.templates.windows {
      name = "windows";
      nvram_path = "/var/lib/libvirt/qemu/nvram/windows_VARS.fd";
    };
    windows11 = lib.domain.templates.windows11 {name = "windows11";};
    aarch64 = lib.domain.templates.aarch64 {name = "aarch64";};
    cloud = lib.domain.templates.cloud {name = "cloud";};
  };
  network = {
    bridge = lib.network.templates.bridge {subnet_byte = 74;};
    nat = lib.network.templates.nat {
      name = "nat";
      subnet_byte = 75;
    };
    isolated = lib.network.templates.isolated {
      name = "isolated";
      subnet_byte = 76;
    };
    route = lib.network.templates.route {
      name = "route";
      subnet_byte = 77;
    };
  };
  pool = {
    dir = lib.pool.templates.dir {name = "dir";};
    logical = lib.pool.templates.logical {name = "logical";};
    zfs = lib.pool.templates.zfs {name = "zfs";};
    netfs = lib.pool.templates.netfs {
      name = "netfs";
      host = "nas.example.org";
      dir = "/export/vms";
    };
  };
  volume = {
    qcow2 = lib.volume.templates.qcow2 {
      name = "disk.qcow2";
      size = "20 GiB";
    };
    raw = lib.volume.templates.raw {
      name = "disk.img";
      size = "20 GiB";
    };
    logical = lib.volume.templates.logical {
      name = "disk";
      size = "20 GiB";
    };
    zfs = lib.volume.templates.zfs {
      name = "disk";
      size = "20 GiB";
    };
  };
}
