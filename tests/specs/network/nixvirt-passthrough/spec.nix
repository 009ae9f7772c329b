# What NixVirt knows of networks that are cards of the host.
{
  name = "cards";
  trustGuestRxFilters = true;
  forward = {
    mode = "hostdev";
    address = {
      type = "pci";
      domain = 0;
      bus = 10;
      slot = 16;
      function = 2;
    };
  };
  # Cards of a port group with a `virtualport` have no VLAN.
  portgroup = [
    {
      name = "sales";
      virtualport = {
        type = "802.1Qbh";
        parameters.profileid = "sales";
      };
    }
    {
      name = "tagged";
      vlan = {
        trunk = true;
        tag = [
          {
            id = 42;
            nativeMode = "untagged";
          }
          {id = 47;}
        ];
      };
    }
  ];
}
