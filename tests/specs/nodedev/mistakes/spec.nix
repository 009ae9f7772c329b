{
  parent = {
    wwnn = "2001001b32a9da4e";
    fabric_wwn = "2001001b32a9da4e";
  };
  capability = [
    {
      type = "pci";
      class = 131072;
      domain = 0;
      bus = 66;
      slot = 0;
      function = 0;
      product.id = 65536;
      capability = [
        {type = "virt_functions";}
        {
          type = "phys_function";
          address = "0000:42:00.8";
        }
        {type = "virt_functions";}
      ];
      iommuGroup.number = 65;
    }
    {
      type = "storage";
      block = "/dev/sda";
      num_blocks = 7;
    }
    {
      type = "storage";
      block = "sr0";
      size = 1;
      capability = {
        type = "removable";
        media_available = 0;
        media_size = 0;
        num_blocks = 0;
      };
    }
    {type = "drm";}
    {type = "cpu";}
  ];
}
