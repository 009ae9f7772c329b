# A PC for Windows: UEFI with Secure Boot, a TPM, and what makes Windows fast under KVM. See docs/templates.md
# for its arguments.
{guest-install}: arguments @ {
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

  # What the firmware's variables start from, where that is named, and where they are kept.
  nvram =
    (
      if nvram_template == null
      then {}
      else {template = nvram_template;}
    )
    // {path = nvram_path;};

  # Windows does not install from a disc that is not there: libvirt says so at the start.
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
          # libvirt finds the firmware by what it can do, wherever this system keeps it.
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
        # Secure Boot keeps its variables where only this mode reaches them.
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
