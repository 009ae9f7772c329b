# Each attribute that NixVirt knows, with a value of the type that it has there.
lib: {
  ipv6 = false;
  name = "lan";
  uuid = "c4acfd00-4597-41c7-a48e-e2302234fa89";
  title = "A network";
  description = "All of it";
  metadata = [(lib.xml.elem "note" [(lib.xml.attr "xmlns" "urn:note")] "text")];
  bridge = {
    name = "virbr7";
    stp = true;
    delay = 5;
    macTableManager = "kernel";
    zone = "libvirt";
  };
  mtu.size = 9000;
  domain = {
    name = "lan.example.org";
    localOnly = true;
  };
  forward = {
    mode = "nat";
    dev = "eth0";
    nat = {
      ipv6 = true;
      address = {
        start = "10.1.1.1";
        end = "10.1.1.9";
      };
      port = {
        start = 1024;
        end = 65535;
      };
    };
  };
  bandwidth = {
    inbound = {
      average = 1000;
      peak = 5000;
      burst = 5120;
    };
    outbound = {
      average = 1000;
      peak = 5000;
      burst = 5120;
    };
  };
  port.isolated = true;
  portgroup = {
    name = "engineering";
    default = true;
    trustGuestRxFilters = false;
    bandwidth.inbound = {
      average = 1000;
      peak = 5000;
      burst = 5120;
    };
    bandwidth.outbound = {
      average = 1000;
      peak = 5000;
      burst = 5120;
    };
  };
  route = {
    family = "ipv4";
    address = "192.168.222.0";
    prefix = 24;
    gateway = "192.168.74.2";
    metric = 2;
  };
  mac.address = "52:54:00:02:77:4b";
  dns = {
    enable = true;
    forwardPlainNames = false;
    forwarder = [
      {
        domain = "example.com";
        addr = "192.168.1.1";
      }
      {addr = "8.8.8.8";}
    ];
    txt = {
      name = "example";
      value = "some text";
    };
    host = {
      ip = "192.168.74.2";
      hostname = ["router" "gateway"];
    };
    srv = {
      service = "ldap";
      protocol = "tcp";
      domain = "example.org";
      target = "ldap.example.org";
      port = 389;
      priority = 10;
      weight = 20;
    };
  };
  ip = [
    {
      family = "ipv4";
      address = "192.168.74.1";
      netmask = "255.255.255.0";
      localPtr = true;
      tftp.root = "/srv/tftp";
      dhcp = {
        range = {
          start = "192.168.74.2";
          end = "192.168.74.254";
          lease = {
            expiry = 2;
            unit = "hours";
          };
        };
        host = {
          mac = "52:54:00:74:10:01";
          name = "printer";
          ip = "192.168.74.11";
          lease = {
            expiry = 0;
            unit = "minutes";
          };
        };
        bootp = {
          file = "pxelinux.0";
          server = "192.168.74.1";
        };
      };
    }
    {
      family = "ipv6";
      address = "fd00:74::1";
      prefix = 64;
    }
  ];
  "dnsmasq:options"."dnsmasq:option" = [
    {value = "log-queries";}
    {value = "dhcp-option=6,9.9.9.10";}
  ];
}
