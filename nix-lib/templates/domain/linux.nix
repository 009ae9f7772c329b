/**
A PC for Linux: `lib.domain.templates.q35` with a virtio network interface, a channel for the QEMU guest agent, and a random
number generator.

# Type

```
linux :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.q35`, except `virtio_net`, which is always `true`. Other defaults:

- `vcpu` (default: `{ count = 4; }`): Virtual CPUs.
- `memory` (default: `{ count = 4; unit = "GiB"; }`): Memory.
- `guest_agent` (default: `true`): Whether the guest has a channel for the QEMU guest agent.

# Example

```nix
lib.domain.getXML (lib.domain.templates.linux {
  name = "web";
  storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; };
  install_vol = "/var/lib/libvirt/images/debian.iso";
})
```
*/
let
  base = import ./base.nix {
    vcpus = 4;
    memorySize = 4;
    hasGuestAgent = true;
  };
  guestDevices = import ./guest-devices.nix;
in
  arguments: let
    pc = base (arguments // {virtio_net = true;});
  in
    pc // {devices = pc.devices // guestDevices;}
