# The base of all domain templates; `q35.nix` documents the arguments.
{
  machine,
  cdromTarget,
  # The bus of a disk that is not on virtio.
  diskBus ? "sata",
}: {
  name,
  uuid ? null,
  vcpu ? {count = 2;},
  memory ? {
    count = 2;
    unit = "GiB";
  },
  storage_vol ? null,
  backing_vol ? null,
  install_vol ? null,
  bridge_name ? "virbr0",
  net_iface_mac ? null,
  virtio_drive ? true,
  virtio_net ? false,
  virtio_video ? true,
  ...
}: let
  storage = import ./storage.nix;
  volumes = storage.volumes {inherit storage_vol backing_vol;};
in
  {
    type = "kvm";
    inherit name uuid vcpu memory;

    os = {
      type = "hvm";
      arch = "x86_64";
      inherit machine;
      boot = [{dev = "cdrom";} {dev = "hd";}];
    };

    features = {
      acpi = {};
      apic = {};
    };

    cpu.mode = "host-passthrough";

    clock = {
      offset = "utc";
      timer = [
        {
          name = "rtc";
          tickpolicy = "catchup";
        }
        {
          name = "pit";
          tickpolicy = "delay";
        }
        {
          name = "hpet";
          present = false;
        }
      ];
    };

    # No `emulator`: libvirt finds its own, and a store path would change the definition with every update of QEMU.
    devices = {
      disk =
        (
          if storage_vol == null
          then []
          else [(storage.disk {inherit storage_vol backing_vol virtio_drive diskBus;})]
        )
        ++ [
          (storage.cdrom {
            disc = install_vol;
            target = cdromTarget;
          })
        ];

      interface = {
        type = "bridge";
        mac =
          if net_iface_mac == null
          then null
          else {address = net_iface_mac;};
        source.bridge = bridge_name;
        model =
          if virtio_net
          then {type = "virtio";}
          else null;
      };

      channel = [
        {
          type = "spicevmc";
          target = {
            type = "virtio";
            name = "com.redhat.spice.0";
          };
        }
      ];

      input = [
        {
          type = "tablet";
          bus = "usb";
        }
        {
          type = "mouse";
          bus = "ps2";
        }
        {
          type = "keyboard";
          bus = "ps2";
        }
      ];

      graphics = {
        type = "spice";
        autoport = true;
        listen =
          # SPICE with OpenGL works on the local host only.
          if virtio_video == true
          then {type = "none";}
          else {
            type = "address";
            address = "127.0.0.1";
          };
        image.compression = false;
        gl =
          if virtio_video == null
          then null
          else {enable = virtio_video;};
      };

      sound.model = "ich9";

      audio = {
        id = 1;
        type = "spice";
      };

      video.model =
        if virtio_video == false
        then {
          type = "qxl";
          ram = 65536;
          vram = 65536;
          vgamem = 16384;
          heads = 1;
          primary = true;
        }
        else {
          type = "virtio";
          heads = 1;
          primary = true;
          acceleration =
            if virtio_video == null
            then null
            else {accel3d = true;};
        };

      redirdev =
        builtins.genList (_: {
          bus = "usb";
          type = "spicevmc";
        })
        4;
    };
  }
  // (
    if volumes == []
    then {}
    else {inherit volumes;}
  )
