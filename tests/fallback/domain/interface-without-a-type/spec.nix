# Where an interface of type "user" would lose its `source`, another one keeps its position.
{
  type = "kvm";
  name = "web";
  memory = "1 GiB";
  os.type = "hvm";
  devices.interface = [
    {
      source.bridge = "br0";
    }
  ];
}
