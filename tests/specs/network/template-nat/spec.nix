lib:
lib.network.templates.nat {
  name = "nat";
  subnet_byte = 75;
  forward_dev = "eth0";
  domain_name = "vms.internal";
  dhcp_hosts = {
    mac = "52:54:00:74:10:01";
    ip = "192.168.75.11";
  };
  unknown = "is ignored";
}
