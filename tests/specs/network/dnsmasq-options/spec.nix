{
  name = "options";
  forward.mode = "nat";
  ip = {
    address = "192.168.7.1";
    prefix = 24;
  };
  dns.enable = false;
  "dnsmasq:options"."dnsmasq:option" = [
    {value = "dhcp-option=6,9.9.9.10";}
    {value = "log-queries";}
  ];
}
