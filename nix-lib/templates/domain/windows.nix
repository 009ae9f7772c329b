{
  guest-install,
  vcpus ? 2,
  memorySize ? 4,
}:
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
- `install_virtio` (default: `false`): Whether a second CD drive contains the VirtIO drivers for Windows.
- `unattended` (default: `null`): Answers for the installation, which then asks nothing: the arguments of `seed.windows`, such as
  `{ user = "alice"; passwordFile = "/run/secrets/windows-password"; }`. They are in a volume on a USB disk. `pool` (default: the pool of
  `storage_vol`) and `volume` (default: `"NAME-answers.raw"`) name the volume. With answers, `install_virtio` is `true`, and
  `boot` is `[ "hd" "cdrom" ]` by default.

Other defaults:

- `firmware` (default: `"efi"`): Firmware, as in `lib.domain.templates.q35`.
- `secure_boot` (default: `true`): Whether UEFI has Secure Boot.
- `memory` (default: `{ count = 4; unit = "GiB"; }`): Memory.
- `virtio_drive` (default: `false`): Whether disks are `vda`, `vdb` … on virtio instead of `sda`, `sde` … on SATA, where `sdb` to `sdd`
  are CD drives.

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
let
  storage = import ./storage.nix;
  base = import ./base.nix {inherit vcpus memorySize;};
  answersOf = import ./answers.nix;
in
  arguments @ {
    nvram_path,
    install_vol ? null,
    unattended ? null,
    install_virtio ? unattended != null,
    boot ? (
      if unattended == null
      then ["cdrom" "hd"]
      # The disk is empty at first, and boots after that.
      else ["hd" "cdrom"]
    ),
    firmware ? null,
    secure_boot ? true,
    virtio_drive ? false,
    ...
  }: let
    q35 = base (arguments
      // {
        inherit boot secure_boot virtio_drive;
        install_vol = null;
        firmware =
          if firmware == null
          then "efi"
          else firmware;
      });

    disc = disc: dev:
      storage.cdrom {
        inherit disc;
        target = {
          inherit dev;
          bus = "sata";
        };
      };

    # libvirt refuses to start the guest if the disc is missing, instead of starting it with an empty drive.
    installDisc =
      disc install_vol "hdc"
      // (
        if install_vol == null || storage.type install_vol == "network"
        then {}
        else {source = storage.source install_vol // {startupPolicy = "mandatory";};}
      );
    hardDisks = builtins.filter (disk: disk.device == "disk") q35.devices.disk;
    answers =
      if unattended == null
      then null
      else answersOf arguments;
  in
    q35
    // (
      if answers == null
      then {}
      else {volumes = q35.volumes or [] ++ [answers.volume];}
    )
    // {
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
            hardDisks
            ++ [installDisc]
            ++ (
              if install_virtio
              then [(disc "${guest-install.virtio-win.iso}" "hdd")]
              else []
            )
            ++ (
              if answers == null
              then []
              else [answers.disk]
            );

          channel =
            q35.devices.channel
            ++ (
              if q35.devices.graphics.type or null == "spice"
              then [
                {
                  type = "spiceport";
                  source.channel = "org.spice-space.webdav.0";
                  target = {
                    type = "virtio";
                    name = "org.spice-space.webdav.0";
                  };
                }
              ]
              else []
            );

          tpm = {
            model = "tpm-crb";
            backend = {
              type = "emulator";
              version = "2.0";
            };
          };
        };
    }
