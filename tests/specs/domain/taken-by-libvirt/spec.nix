# libvirt takes all of this, and its schema does not.
lib: {
  type = "kvm";
  name = "vm";
  memory = "1 GiB";
  os.type = "hvm";
  features.hyperv = {
    mode = "passthrough";
    relaxed.state = true;
    vapic.state = true;
  };
  devices = {
    interface = [
      {
        type = "user";
        source.bridge = "virbr0";
        model.type = "virtio";
      }
      {
        type = "user";
        source.dev = "eth0";
        backend.type = "passt";
      }
    ];
    hostdev = {
      mode = "subsystem";
      type = "pci";
      managed = true;
      source.address = {
        type = "pci";
        domain = 0;
        bus = 1;
        slot = 0;
        function = 0;
      };
    };
  };
}
