{
  name = "1st";
  chain = "tcp";
  priority = 1001;
  rule = [
    {
      action = "acept";
      direction = "in";
      tcp = {
        dstportstart = 65536;
        srcipaddr = "fd00::1";
        flags = "SYN";
        ipset = "friends";
      };
      udp = {};
    }
    {
      action = "drop";
      statematch = true;
      mac.protocolid = "0x05dc";
      tcp-ipv6.state = "NEW";
    }
    {
      action = "drop";
      direction = "out";
      all.ipsetflags = "source";
    }
  ];
}
