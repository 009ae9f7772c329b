{
  type = "bond";
  name = "bond 0";
  start = "onboot";
  protocol = [
    {
      family = "ipv4";
      ip.address = "fd00::1";
    }
    {
      family = "ipv4";
      autoconf = true;
    }
  ];
  bridge.delay = -1;
  bond = {
    mode = "802.3";
    miimon.freq = 100;
    arpmon = {
      interval = 100;
      target = "router";
    };
    interface = [];
  };
}
