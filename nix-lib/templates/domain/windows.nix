{guest-install}:
/**
A PC for Windows: `lib.domain.templates.q35` with UEFI and Secure Boot, a TPM 2.0, the Hyper-V enlightenments, and a clock in
local time.

# Type

```
windows :: Arguments -> Spec
```

# Arguments

Those of `lib.domain.templates.q35`, and:

- `nvram_path`: File for the firmware's variables of this guest. Required.
- `firmware` (default: `null`): Firmware file. If null, libvirt chooses a firmware with Secure Boot.
- `nvram_template` (default: `null`): File that the firmware's variables are initialized from. If null, libvirt uses the one that
  belongs to the firmware.
- `install_virtio` (default: `false`): Whether a second CD drive contains the VirtIO drivers for Windows.

Other defaults:

- `memory` (default: `{ count = 4; unit = "GiB"; }`): Memory.
- `virtio_drive` (default: `false`): Whether the disk is `vda` on virtio instead of `sda` on SATA.

# Example

```nix
lib.domain.getXML (lib.domain.templates.windows {
  name = "office";
  nvram_path = "/var/lib/libvirt/qemu/nvram/office_VARS.fd";
  storage_vol = { pool = "default"; volume = "office.qcow2"; size = "80 GiB"; };
  install_vol = "/var/lib/libvirt/images/windows.iso";
})
```
*/
arguments @ {
  nvram_path,
  install_vol ? null,
  storage_vol ? null,
  backing_vol ? null,
  virtio_drive ? false,
  install_virtio ? false,
  firmware ? null,
  nvram_template ? null,
  ...
}: let
  storage = import ./storage.nix;
  q35 = import ./q35.nix ({
      memory = {
        count = 4;
        unit = "GiB";
      };
    }
    // arguments);

  disc = disc: dev:
    storage.cdrom {
      inherit disc;
      target = {
        inherit dev;
        bus = "sata";
      };
    };

  # The file with the firmware's variables, and the template that it is initialized from.
  nvram =
    (
      if nvram_template == null
      then {}
      else {template = nvram_template;}
    )
    // {path = nvram_path;};

  # libvirt refuses to start the guest if the disc is missing, instead of starting it with an empty drive.
  installDisc =
    disc install_vol "hdc"
    // (
      if install_vol == null
      then {}
      else {source = storage.source install_vol // {startupPolicy = "mandatory";};}
    );
in
  q35
  // {
    os =
      q35.os
      // {inherit nvram;}
      // (
        if firmware == null
        then {
          # libvirt finds a firmware with this feature, wherever the host installs it.
          firmware = [
            "efi"
            {
              feature = {
                name = "secure-boot";
                enabled = true;
              };
            }
          ];
        }
        else {
          loader = {
            readonly = true;
            secure = true;
            type = "pflash";
            path = firmware;
          };
        }
      );

    features =
      q35.features
      // {
        # Secure Boot protects its variables with System Management Mode.
        smm.state = true;
        hyperv = {
          mode = "custom";
          relaxed.state = true;
          vapic.state = true;
          spinlocks = {
            state = true;
            retries = 8191;
          };
          vpindex.state = true;
          runtime.state = true;
          synic.state = true;
          stimer = {
            state = true;
            direct.state = true;
          };
          reset.state = true;
          vendor_id = {
            state = true;
            value = "KVM Hv";
          };
          frequencies.state = true;
          reenlightenment.state = true;
          tlbflush.state = true;
          ipi.state = true;
        };
      };

    clock =
      q35.clock
      // {
        offset = "localtime";
        timer =
          q35.clock.timer
          ++ [
            {
              name = "hypervclock";
              present = true;
            }
          ];
      };

    pm = {
      suspend-to-mem.enabled = false;
      suspend-to-disk.enabled = false;
    };

    devices =
      q35.devices
      // {
        disk =
          (
            if storage_vol == null
            then []
            else [(storage.disk {inherit storage_vol backing_vol virtio_drive;})]
          )
          ++ [installDisc]
          ++ (
            if install_virtio
            then [(disc "${guest-install.virtio-win.iso}" "hdd")]
            else []
          );

        channel =
          q35.devices.channel
          ++ [
            {
              type = "spiceport";
              source.channel = "org.spice-space.webdav.0";
              target = {
                type = "virtio";
                name = "org.spice-space.webdav.0";
              };
            }
          ];

        tpm = {
          model = "tpm-crb";
          backend = {
            type = "emulator";
            version = "2.0";
          };
        };
      };
  }
