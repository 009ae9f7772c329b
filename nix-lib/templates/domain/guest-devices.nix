# The devices of a template with those that serve a Linux guest: a channel for the QEMU guest agent, and a random number
# generator.
devices:
devices
// {
  channel =
    devices.channel
    ++ [
      {
        type = "unix";
        target = {
          type = "virtio";
          name = "org.qemu.guest_agent.0";
        };
      }
    ];
  rng = {
    model = "virtio";
    backend = {
      model = "random";
      source = "/dev/urandom";
    };
  };
}
