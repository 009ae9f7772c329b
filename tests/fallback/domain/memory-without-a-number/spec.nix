{
  type = "kvm";
  name = "web";
  memory = {
    count = null;
    unit = "GiB";
  };
  os.type = "hvm";
}
