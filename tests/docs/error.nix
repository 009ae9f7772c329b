# The picture of an error: a spec with three mistakes.
{
  type = "kvm";
  name = "web";
  memory = "2 GiB";
  vcpu = 0;
  os = {
    type = "hvm";
    machine = "q35";
  };
  devices.disk = [
    {
      driver.cahce = "none";
      source.file = "/var/lib/libvirt/images/web.raw";
      target.dev = "vda";
    }
    {
      source.file = "/var/lib/libvirt/images/logs.raw";
      target.dev = "vda";
    }
  ];
}
