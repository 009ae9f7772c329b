/**
A 64-bit Arm machine for Linux: the QEMU machine type `virt` with UEFI, a virtio network interface, a channel for the QEMU guest
agent, and a random number generator. The CD drive is on SCSI, as is the disk if `virtio_drive` is false.

# Type

```
aarch64 :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.linux`, with `firmware = "efi"` by default. The machine has no QXL device, so `virtio_video = false`
means the same as `null`.

# Example

```nix
lib.domain.getXML (lib.domain.templates.aarch64 { name = "arm"; storage_vol = "/var/lib/libvirt/images/arm.qcow2"; })
```
*/
let
  # The machine has no IDE, SATA, PS/2 or VGA.
  make = import ./base.nix {
    machine = "virt";
    arch = "aarch64";
    cdromTarget = {
      dev = "sdb";
      bus = "scsi";
    };
    diskBus = "scsi";
    vcpus = 4;
    memorySize = 4;
    hasGuestAgent = true;
    input = [
      {
        type = "tablet";
        bus = "usb";
      }
      {
        type = "keyboard";
        bus = "usb";
      }
    ];
  };
  guestDevices = import ./guest-devices.nix;
in
  arguments: let
    base = make ({firmware = "efi";}
      // arguments
      // {
        virtio_net = true;
        virtio_video =
          if arguments.virtio_video or null == true
          then true
          else null;
      });
  in
    base
    // {
      features.acpi = {};

      clock.offset = "utc";

      devices =
        removeAttrs base.devices ["audio" "sound"]
        // guestDevices
        // {
          controller =
            base.devices.controller
            ++ [
              {
                type = "scsi";
                model = "virtio-scsi";
              }
              {
                type = "usb";
                model = "qemu-xhci";
              }
            ];
        };
    }
