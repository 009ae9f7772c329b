# An invalid spec, whose problems `dev/run demo` shows.
{
  type = "kvm";
  name = "broken";
  memory = {
    count = 8;
    unit = "GiBs";
  };
  vcpu = 0;
  os.type = "hvm";
  devices = {
    disk = [
      {
        source.file = "/var/lib/libvirt/images/broken.img";
        driver.cahce = "none";
        target.bus = "virtoi";
      }
    ];
    interface = {
      type = "network";
      source.network = {name = "default";};
      mac.address = "52:54:00:12:34";
    };
    emulator = x: x;
  };
}
