# A part that libvirt ignores is left out, and the positions of everything else stay.
{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  os.type = "hvm";
  devices.interface = [
    {
      type = "user";
      source.bridge = "br0";
    }
    {model.type = "virtio";}
  ];
}
