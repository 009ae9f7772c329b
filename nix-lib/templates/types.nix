# The types of the arguments that templates take apart. All others become values of the spec, where they are checked.
let
  disk = ["path" "set" "string" "null"];
  list = ["list"];
  set = ["set"];
in {
  domain = {
    backing_vol = disk;
    boot = list;
    evdev_devices = list;
    extra_disks = list;
    firmware = ["path" "set" "string" "null"];
    install_vol = disk;
    meta_data = set;
    nixosConfiguration = set;
    pci_devices = ["list" "set" "string"];
    pinning = ["list" "set" "string" "null"];
    seed = disk;
    shares = set;
    storage_vol = disk;
    topology = ["set" "null"];
    usb_devices = list;
  };
  network = {
    subnet = ["string" "null"];
    subnet_byte = ["int" "string" "null"];
  };
  pool = {
    devices = list;
    group = ["string"];
    name = ["string"];
  };
}
