# libvirt numbers the controllers without an index in their order, from 0 on: the first port has index 2 here. A second root has no index 0.
{
  type = "kvm";
  name = "web";
  memory = "64 MiB";
  os = {
    type = "hvm";
    arch = "x86_64";
    machine = "q35";
  };
  devices = {
    controller = [
      {
        type = "pci";
        model = "pcie-root";
      }
      {
        type = "pci";
        model = "pcie-root-port";
      }
      {
        type = "pci";
        index = 1;
        model = "dmi-to-pci-bridge";
      }
      {
        type = "pci";
        model = "pcie-root";
      }
    ];
    interface = {
      type = "user";
      model.type = "e1000";
      address = "02:03.0";
    };
  };
}
