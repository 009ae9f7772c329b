{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os = {
    type = "hvm";
    boot = ["hd" {dev = "cdrom";}];
  };
  features = {
    acpi = "yes";
    apic = "Off";
    pae = "much";
    pmu = "on";
    smm.state = "yes";
    gic = "3";
  };
  cpu = "host-passthrough";
  clock = "utc";
  pm = "yes";
  devices = {
    disk = [
      {
        source = "/a.img";
        target = "vda";
        rawio = "on";
        driver = "qcow2";
      }
      "/b.img"
      {
        type = "volume";
        source = "b.img";
        target.dev = "vdb";
      }
    ];
    graphics = [
      "vnc"
      {
        type = "rdp";
        autoport = "on";
      }
    ];
    interface = {
      type = "network";
      source = "default";
      model = "virtio";
      ip = "192.168.1.5/24";
    };
    sound = ["ich9"];
    tpm = "tpm-crb";
    controller = [
      {
        type = "usb";
        driver.iommu = "yes";
      }
    ];
  };
}
