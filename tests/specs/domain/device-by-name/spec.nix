{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  devices.disk.vda = {
    source.file = "/web.img";
  };
}
