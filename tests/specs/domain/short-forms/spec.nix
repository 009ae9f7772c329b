{
  type = "kvm";
  name = "short";
  memory = "2 GiB";
  currentMemory = 1048576;
  vcpu = 2;
  iothreads = 1;
  os = {
    type = "hvm";
    arch = "x86_64";
    machine = "q35";
    boot = {dev = "hd";};
    bootmenu = null;
  };
  features = {
    acpi = true;
    apic = {};
    pae = false;
    hyperv.relaxed = true;
    smm = {
      state = true;
      tseg = "48 MiB";
    };
  };
  devices.hostdev = [
    {
      mode = "subsystem";
      type = "pci";
      managed = true;
      source.address = "01:00.1";
      address = "0000:05:00.0";
    }
    null
    {
      mode = "subsystem";
      type = "usb";
      source = {
        vendor.id = "046d";
        product.id = 50475;
      };
    }
  ];
}
