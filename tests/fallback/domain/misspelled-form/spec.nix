{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  devices.disk.type = "flie";
}
