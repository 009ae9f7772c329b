{
  name = "pci_0000_42_00_0";
  path = "/sys/devices/pci0000:40/0000:40:02.0/0000:42:00.0";
  parent = "pci_0000_40_02_0";
  driver.name = "mlx5_core";
  devnode = [
    {
      type = "dev";
      path = "/dev/card";
    }
    {
      type = "link";
      path = "/dev/by-id/card";
    }
  ];
  capability = [
    {
      type = "pci";
      class = "0x020000";
      domain = 0;
      bus = 66;
      slot = 0;
      function = 0;
      product = {
        id = "A2D6";
        value = "ConnectX-6";
      };
      vendor.id = "0x15b3";
      capability = [
        {
          type = "virt_functions";
          maxCount = 16;
          address = ["0000:42:00.2" "0000:42:00.3"];
        }
        {
          type = "mdev_types";
          kind = [
            {
              id = "example-1";
              deviceAPI = "vfio-pci";
              availableInstances = 2;
            }
          ];
        }
        {
          type = "vpd";
          name = "a card";
          fields = [
            {
              access = "readonly";
              serial_number = "MT2113X00000";
              vendor_field = {
                index = "A";
                value = "a field";
              };
            }
            {
              access = "readwrite";
              asset_tag = "";
            }
          ];
        }
      ];
      iommuGroup = {
        number = 65;
        address = {
          domain = 0;
          bus = 66;
          slot = 0;
          function = 0;
        };
      };
      numa.node = -1;
      pci-express.link = {
        validity = "sta";
        speed = "2.5";
        width = 8;
      };
    }
    {
      type = "drm";
      kind = "render";
    }
  ];
}
