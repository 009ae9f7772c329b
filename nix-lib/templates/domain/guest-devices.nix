# How a Linux guest works with its host, added to the devices of a template: a channel for the guest agent, and random
# numbers.
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
