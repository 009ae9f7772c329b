# A rule says nothing that follows from a mistake that is reported already.
lib: {
  type = "kvm";
  name = "vm";
  memory = "1 GiB";
  os.type = "hvm";
  devices = {
    # Not also: a hard disk without `source`.
    disk = [
      "/images/vm.qcow2"
      {
        sorce.file = "/images/data.qcow2";
        target.dev = "vdb";
      }
      # A device beside a misspelled one is checked all the same.
      {
        source.file = "/images/more.qcow2";
        target.dev = "vdc";
      }
    ];
    # Not also: neither `vendor` and `product` nor `address`.
    hostdev = {
      type = "usb";
      source = {
        vendor = "0x1234";
        product = [true];
      };
    };
    # Not also: a channel of SPICE without a SPICE server.
    graphics = ["spice"];
    channel = {
      type = "spicevmc";
      target = {
        type = "virtio";
        name = "com.redhat.spice.0";
      };
    };
    # So is a device beside one that cannot be read.
    sound = [
      {
        model = "ich9";
        audio.id = 7;
      }
      "ich9"
    ];
  };
}
