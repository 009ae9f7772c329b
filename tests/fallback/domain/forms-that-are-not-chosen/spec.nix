# Names and words are compared with those of all forms, as long as no form is chosen.
lib: {
  type = "kvm";
  name = "vm";
  memory = "1 GiB";
  os.type = "hvm";
  devices = {
    graphics = {
      prt = 5900;
      nonsense = true;
    };
    # The outer form is chosen, the inner one is not.
    hostdev = {
      mode = "subsystem";
      source = {
        vendor.id = "0x1234";
        product.id = "0x5678";
      };
    };
    # It belongs to another form, or to another place.
    interface = {
      type = "direct";
      source = {
        dev = "eth0";
        bridge = "br0";
      };
    };
  };
  disk = [];
}
