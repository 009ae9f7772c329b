# A network behind NAT on 192.168.N.0/24, with DHCP.
{
  name ? "default",
  uuid ? null,
  bridge_name ? "virbr0",
  subnet_byte,
  dhcp_hosts ? null,
  ...
}: let
  subnet = "192.168.${toString subnet_byte}";
in {
  inherit name uuid;
  forward = {
    mode = "nat";
    nat.port = {
      start = 1024;
      end = 65535;
    };
  };
  bridge.name = bridge_name;
  ip = {
    address = "${subnet}.1";
    netmask = "255.255.255.0";
    dhcp = {
      range = {
        start = "${subnet}.2";
        end = "${subnet}.254";
      };
      host = dhcp_hosts;
    };
  };
}
