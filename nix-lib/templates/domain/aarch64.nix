/**
A 64-bit Arm machine for Linux: the QEMU machine type `virt` with UEFI, a virtio network interface, a channel for the QEMU guest
agent, and a random number generator. The CD drive is on SCSI, as is the disk if `virtio_drive` is false.

# Type

```
aarch64 :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.linux`. The machine has no QXL device, so that `virtio_video = false` means the same as `null`.

# Example

```nix
lib.domain.getXML (lib.domain.templates.aarch64 { name = "arm"; storage_vol = "/var/lib/libvirt/images/arm.qcow2"; })
```
*/
arguments @ {virtio_video ? true, ...}: let
  # The machine has no IDE, SATA, PS/2 or VGA.
  base =
    import ./base.nix {
      machine = "virt";
      cdromTarget = {
        dev = "sdb";
        bus = "scsi";
      };
      diskBus = "scsi";
    } ({
        vcpu = {count = 4;};
        memory = {
          count = 4;
          unit = "GiB";
        };
      }
      // arguments
      // {
        virtio_net = true;
        virtio_video =
          if virtio_video == true
          then true
          else null;
      });
in
  base
  // {
    os =
      base.os
      // {
        arch = "aarch64";
        firmware = "efi";
      };

    features.acpi = {};

    clock.offset = "utc";

    devices =
      import ./guest-devices.nix (removeAttrs base.devices ["audio" "sound"])
      // {
        controller = [
          {
            type = "scsi";
            model = "virtio-scsi";
          }
          {
            type = "usb";
            model = "qemu-xhci";
          }
        ];
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
  }
