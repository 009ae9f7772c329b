# `false` leaves a source out. A serial port of the machine `virt` has no address, its USB controller 15 ports, and a disk on "sd" no serial number.
{
  type = "qemu";
  name = "web";
  memory = "64 MiB";
  os = {
    type = "hvm";
    arch = "aarch64";
    machine = "virt";
  };
  devices = {
    disk = [
      {
        source.file = "/vm.qcow2";
        driver.type = "qcow2";
        target.dev = "vda";
        backingStore = {
          type = "file";
          format.type = "raw";
          source = false;
        };
      }
      {
        source.file = "/vm.img";
        target = {
          dev = "sda";
          bus = "sd";
        };
        serial = "1";
        address.type = "unassigned";
      }
    ];
    controller = {
      type = "usb";
      ports = 16;
    };
    serial = {
      type = "pty";
      target.type = "isa-serial";
      address.type = "isa";
    };
  };
}
