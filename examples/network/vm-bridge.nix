# A network behind NAT, with DHCP.
{
  name = "vm-bridge";
  uuid = "550e8400-e29b-41d4-a716-446655440100";

  forward = {mode = "nat";};
  bridge = {name = "virbr1";};

  ip = {
    address = "192.168.100.1";
    netmask = "255.255.255.0";
    dhcp = {
      range = {
        start = "192.168.100.100";
        end = "192.168.100.200";
      };
    };
  };
}
