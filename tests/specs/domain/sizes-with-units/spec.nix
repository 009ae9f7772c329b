{
  type = "kvm";
  name = "sizes";
  memory = "4 GiB";
  memtune.hard_limit = "8 GIB";
  memoryBacking.hugepages.page = {
    size = "2 MiB";
    nodeset = "0";
  };
  os.type = "hvm";
  blkiotune.device = {
    path = "/dev/sda";
    read_bytes_sec = "100 MB";
  };
  cpu.numa.cell = [
    {
      cpus = "0-1";
      memory = "2 GiB";
      cache = {
        level = 1;
        associativity = "direct";
        policy = "writeback";
        size.value = "10 KiB";
        line = {
          value = 8;
          unit = "b";
        };
      };
    }
    {
      cpus = "2-3";
      memory = 2;
      unit = "gIB";
    }
  ];
  vcpu = 4;
  devices = {
    disk = {
      source.file = "/var/lib/libvirt/images/sizes.qcow2";
      driver.type = "qcow2";
      blockio.physical_block_size = "4 KiB";
      iotune.total_bytes_sec = "1 GiB";
      target.dev = "vda";
    };
    video.model = {
      type = "qxl";
      vram = "64 mib";
      ram = 65536;
      vgamem = "16384";
    };
  };
}
