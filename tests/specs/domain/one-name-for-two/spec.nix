# An attribute and a child that share a name.
{
  type = "kvm";
  name = "two";
  memory = "64 MiB";
  os = {
    type = "hvm";
    firmware = [
      "efi"
      {
        feature = {
          name = "secure-boot";
          enabled = true;
        };
      }
    ];
  };
  devices = {
    controller = {
      type = "pci";
      index = 1;
      model = ["pcie-root-port" {name = "pcie-root-port";}];
    };
    graphics = [
      {
        type = "vnc";
        listen = "127.0.0.1";
      }
      {
        type = "spice";
        autoport = true;
        listen = {
          type = "address";
          address = "127.0.0.1";
        };
      }
    ];
  };
}
