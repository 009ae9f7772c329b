# Devices for a Linux guest.
{
  rng = {
    model = "virtio";
    backend = {
      model = "random";
      source = "/dev/urandom";
    };
  };
}
