# A machine of the 64-bit Arm architecture for Linux: `virt`, with UEFI and virtio throughout. See docs/templates.md for
# its arguments.
arguments @ {virtio_video ? true, ...}: let
  # IDE, SATA and PS/2 it does not have, nor a graphics card of the PC's kind.
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
