{
  type = "lxc";
  name = "container";
  memory = "1 GiB";
  os = {
    type = "exe";
    init = "/bin/sh";
  };
  devices.filesystem = {
    type = "ram";
    source.usage = "64 MiB";
    target.dir = "/tmp";
  };
}
