# The base of all domain templates; `q35.nix` documents the arguments.
{
  machine ? "q35",
  arch ? "x86_64",
  # Whether devices are on PCI Express.
  isExpress ? true,
  cdromTarget ? {
    dev = "sdc";
    bus = "sata";
  },
  # The bus of a disk that is not on virtio.
  diskBus ? "sata",
  # Defaults that differ between the templates.
  vcpus ? 2,
  memorySize ? 2,
  hasGuestAgent ? false,
  input ? [
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
  ],
}: let
  storage = import ./storage.nix;
  firmwareOf = import ./firmware.nix;
  displayOf = import ./display.nix;
  share = import ./share.nix;
  pci = import ./pci.nix "pci_devices";
  usb = import ./usb.nix;
  evdev = import ./evdev.nix;
  lookingGlassOf = import ./looking-glass.nix;
  pinned = import ./pinning.nix;
in
  {
    name,
    uuid ? null,
    title ? null,
    description ? null,
    topology ? null,
    vcpu ? {
      count =
        if topology == null
        then vcpus
        else topology.cores * topology.sockets or 1 * topology.threads or 1;
    },
    memory ? {
      count = memorySize;
      unit = "GiB";
    },
    firmware ? null,
    secure_boot ? null,
    nvram_path ? null,
    nvram_template ? null,
    boot ? ["cdrom" "hd"],
    storage_vol ? null,
    backing_vol ? null,
    extra_disks ? [],
    install_vol ? null,
    network ? null,
    bridge_name ? "virbr0",
    net_iface_mac ? null,
    virtio_drive ? true,
    virtio_net ? false,
    display ? null,
    listen ? "127.0.0.1",
    virtio_video ? null,
    console ? true,
    guest_agent ? hasGuestAgent,
    shares ? {},
    pci_devices ? [],
    usb_devices ? [],
    evdev_devices ? [],
    looking_glass ? null,
    pinning ? null,
    hugepages ? false,
    host_smbios ? false,
    ...
  }: let
    inherit (builtins) attrNames isString map;
    hostDevices = pci pci_devices ++ map usb usb_devices;
    lookingGlass =
      if looking_glass == null || looking_glass == false
      then {
        spec = {};
        devices = {};
      }
      else lookingGlassOf looking_glass;
    disks = storage.disks {inherit storage_vol backing_vol extra_disks virtio_drive diskBus;};
    volumes = storage.volumes {inherit storage_vol backing_vol extra_disks;};
  in
    {
      type = "kvm";
      inherit name uuid title description vcpu memory;

      os =
        {
          type = "hvm";
          inherit arch machine;
          boot = map (dev: {inherit dev;}) boot;
        }
        // firmwareOf {inherit firmware secure_boot nvram_path nvram_template;}
        // (
          if host_smbios
          then {smbios.mode = "host";}
          else {}
        );

      features = {
        acpi = {};
        apic = {};
      };

      cpu =
        if topology == null
        then {mode = "host-passthrough";}
        else {
          mode = "host-passthrough";
          topology =
            {
              sockets = 1;
              threads = 1;
            }
            // topology;
        };

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
      devices =
        {
          disk =
            disks
            ++ [
              (storage.cdrom {
                disc = install_vol;
                target = cdromTarget;
              })
            ];

          # libvirt adds the ports with lower numbers. Spare ones take devices while the guest runs.
          controller =
            if isExpress
            then [
              {
                type = "pci";
                index = 14;
                model = "pcie-root-port";
              }
            ]
            else [];

          interface = {
            type =
              if network == null
              then "bridge"
              else "network";
            mac =
              if net_iface_mac == null
              then null
              else {address = net_iface_mac;};
            source =
              if network == null
              then {bridge = bridge_name;}
              else {inherit network;};
            model =
              if virtio_net
              then {type = "virtio";}
              else null;
          };

          console =
            if console
            then {
              type = "pty";
              target.type = "serial";
            }
            else null;

          input = input ++ map evdev evdev_devices;
        }
        // displayOf {inherit display listen virtio_video guest_agent;}
        // (
          if shares == {}
          then {}
          else {filesystem = map (tag: share tag shares.${tag}) (attrNames shares);}
        )
        // (
          if hostDevices == []
          then {}
          else {hostdev = hostDevices;}
        )
        // lookingGlass.devices;
    }
    // lookingGlass.spec
    // (
      if volumes == []
      then {}
      else {inherit volumes;}
    )
    // (
      if pinning == null
      then {}
      else {
        cputune = pinned {
          inherit pinning;
          count = vcpu.count or vcpu;
          threads =
            if topology == null
            then 1
            else topology.threads or 1;
        };
      }
    )
    // (
      if shares == {} && hugepages == false
      then {}
      else {
        memoryBacking =
          (
            if hugepages == false
            then {}
            else {
              hugepages =
                if isString hugepages
                then {page.size = hugepages;}
                else {};
            }
          )
          // (
            if shares == {}
            then {}
            # virtiofsd reads and writes the memory of the guest.
            else {
              source.type = "memfd";
              access.mode = "shared";
            }
          );
      }
    )
