{
  name = "lan";
  forward = "nat";
  bridge = "virbr1";
  domain = "lan";
  dns = {
    enable = "true";
    forwarder = ["1.1.1.1"];
  };
  ip = [
    {
      address = "192.168.1.1/24";
      dhcp = {
        range = {
          start = "192.168.1.10/24";
          end = "192.168.1.20";
        };
        host = {
          name = "web";
          ip = "192.168.1.9/24";
        };
      };
    }
    {
      address = "fd00::1/64";
      family = "ipv6";
    }
    {address = "192.168.2.1/240";}
    "192.168.3.1/24"
    "192.168.4.1"
  ];
  route = {
    address = "10.0.0.0/8";
    gateway = "192.168.1.2";
  };
}
