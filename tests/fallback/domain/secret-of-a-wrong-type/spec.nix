{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  devices.graphics = {
    type = "vnc";
    passwd = true;
  };
}
