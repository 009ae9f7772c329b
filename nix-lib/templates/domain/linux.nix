# A PC for Linux: virtio throughout, a channel for the guest agent, and random numbers from the host. See
# docs/templates.md for its arguments.
arguments: let
  q35 =
    import ./q35.nix
    ({
        vcpu = {count = 4;};
        memory = {
          count = 4;
          unit = "GiB";
        };
      }
      // arguments
      // {virtio_net = true;});
in
  q35 // {devices = import ./guest-devices.nix q35.devices;}
