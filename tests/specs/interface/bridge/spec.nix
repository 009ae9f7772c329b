{
  type = "bridge";
  name = "br0";
  start.mode = "onboot";
  mtu.size = 9000;
  protocol = [
    {
      family = "ipv4";
      ip = {
        address = "192.168.50.7";
        prefix = 24;
      };
      route.gateway = "192.168.50.1";
    }
    {
      family = "ipv6";
      autoconf = true;
      dhcp.peerdns = false;
    }
  ];
  bridge = {
    stp = false;
    delay = 0.5;
    interface = [
      {
        type = "ethernet";
        name = "eth0";
        mac.address = "52:54:00:6b:3c:58";
      }
      {
        type = "vlan";
        vlan = {
          tag = 42;
          interface.name = "eth1";
        };
      }
      {
        type = "bond";
        name = "bond0";
        link.speed = 1000;
        bond = {
          mode = "802.3ad";
          miimon = {
            freq = 100;
            carrier = "netif";
          };
          interface = [
            {
              type = "ethernet";
              name = "eth2";
            }
            {
              type = "ethernet";
              name = "eth3";
            }
          ];
        };
      }
    ];
  };
}
