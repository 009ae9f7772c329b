{
  name = "mdev";
  parent = "pci_0000_00_02_0";
  capability = {
    type = "mdev";
    kind.id = "i915-GVTg_V5_8";
    uuid = "d069d019-36ea-4111-8f0a-8c9a70e21366";
    attr = [
      {
        name = "first";
        value = 1;
      }
      {
        name = "second";
        value = "two";
      }
    ];
  };
}
