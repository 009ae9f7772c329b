{
  name = "before-upgrade";
  state = "shutoff";
  creationTime = 1770000000;
  parent.name = "installed";
  memory.snapshot = "no";
  domain = {
    type = "kvm";
    name = "web";
    memory = "2 GiB";
    os.type = "hvm";
  };
  inactiveDomain = {
    type = "kvm";
    name = "web";
    memory = "4 GiB";
    os.type = "hvm";
  };
  cookie = "<slirpHelper/>";
}
