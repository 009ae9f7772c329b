{
  name = "web-server";
  chain = "root";
  priority = -700;
  uuid = "4c6a1d3e-5a0f-4a53-9d0b-0f5be2c1a7d4";
  filterref = [
    {filter = "no-mac-spoofing";}
    {
      filter = "no-ip-spoofing";
      parameter = {
        name = "IP";
        value = "10.0.0.7";
      };
    }
  ];
  rule = [
    {
      action = "accept";
      direction = "in";
      tcp = {
        srcipaddr = "10.0.0.0";
        srcipmask = 8;
        dstportstart = 80;
        dstportend = "$LAST_PORT";
        connlimit-above = 100;
        flags = "SYN/ALL";
        comment = "new connections from inside";
      };
    }
    {
      action = "return";
      direction = "inout";
      statematch = false;
      all = {
        ipset = "friends";
        ipsetflags = "src,dst";
        state = "NEW,ESTABLISHED";
      };
    }
    {
      action = "drop";
      direction = "out";
      priority = 10;
      mac = {
        match = false;
        protocolid = "0x88cc";
      };
    }
    {
      action = "accept";
      direction = "out";
      arp = {
        opcode = "Request";
        gratuitous = true;
      };
    }
    {
      action = "accept";
      direction = "in";
      icmpv6.type = 128;
    }
    {
      action = "drop";
      direction = "inout";
      all-ipv6 = true;
    }
    {
      action = "drop";
      direction = "inout";
    }
  ];
}
