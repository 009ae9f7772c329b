{
  nmae = "lan";
  forward.mode = "natt";
  bridge = "br0";
  ip = {
    address = "192.168.100.1.7";
    dhcp.range = {
      start = "192.168.100.100";
      stop = "192.168.100.200";
    };
  };
}
