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
  portgroup = {
    name = "sales";
    virtualport = {
      type = "802.1Qbh";
      parameters.profileid = "sales";
    };
  };
}
