# Each attribute of devices that NixVirt knows, with a value of the type that it has there.
let
  pci = slot: {
    type = "pci";
    domain = 0;
    bus = 0;
    inherit slot;
    function = 0;
    multifunction = false;
  };
  usb = port: {
    type = "usb";
    bus = 0;
    inherit port;
  };
in {
  type = "kvm";
  name = "devices";
  memory.count = 1048576;
  iothreads.count = 2;
  memoryBacking = {
    source.type = "memfd";
    access.mode = "shared";
  };
  os = {
    type = "hvm";
    machine = "q35";
  };
  devices = {
    emulator = /usr/bin/qemu-system-x86_64;
    disk = [
      {
        type = "file";
        device = "disk";
        snapshot = false;
        driver = {
          name = "qemu";
          type = "qcow2";
          cache = "none";
          io = "native";
          discard = "unmap";
          queues = 2;
          iothread = 1;
        };
        source = {
          file = /disks/one.qcow2;
          startupPolicy = "optional";
          index = 1;
        };
        backingStore = {
          type = "file";
          format.type = "qcow2";
          source.file = "/disks/base.qcow2";
          backingStore = {
            type = "block";
            format.type = "raw";
            source.dev = "/dev/vg/base";
          };
        };
        target = {
          dev = "vda";
          bus = "virtio";
        };
        serial = "ONE";
        boot.order = 1;
        address = pci 6;
      }
      {
        type = "network";
        device = "disk";
        source = {
          protocol = "https";
          name = "/two.iso";
          query = "part=1";
          host = {
            name = "example.org";
            port = 443;
          };
        };
        target = {
          dev = "vdb";
          bus = "virtio";
        };
        readonly = {};
      }
      {
        type = "volume";
        source = {
          pool = "default";
          volume = "three.qcow2";
        };
        backingStore = {};
        target = {
          dev = "sda";
          bus = "scsi";
        };
        address = {
          type = "drive";
          controller = 0;
          bus = 0;
          target = 0;
          unit = 1;
        };
      }
      {
        type = "dir";
        device = "floppy";
        source.dir = "/srv/floppy";
        target.dev = "fda";
        readonly = {};
      }
      {
        type = "vhostuser";
        model = "virtio-transitional";
        driver.name = "qemu";
        source = {
          type = "unix";
          path = "/run/disk.sock";
        };
        target = {
          dev = "vdc";
          bus = "virtio";
        };
      }
    ];
    filesystem = {
      type = "mount";
      accessmode = "passthrough";
      driver.type = "virtiofs";
      binary = {
        path = "/usr/libexec/virtiofsd";
        xattr = true;
      };
      source.dir = "/srv/shared";
      target.dir = "shared";
      address = pci 7;
    };
    controller = [
      {
        type = "scsi";
        index = 0;
        model = "virtio-scsi";
        driver = {
          queues = 2;
          iothread = 2;
        };
        address = pci 5;
      }
      {
        type = "virtio-serial";
        index = 0;
        ports = 16;
      }
      {
        type = "usb";
        index = 0;
        model = "ich9-ehci1";
      }
      {
        type = "usb";
        index = 0;
        model = "ich9-uhci1";
        master.startport = 0;
      }
      {
        type = "pci";
        index = 0;
        model = "pcie-root";
      }
      {
        type = "pci";
        index = 1;
        model = "pcie-root-port";
        target = {
          chassis = 1;
          port = 16;
        };
      }
    ];
    hostdev = [
      {
        mode = "subsystem";
        type = "pci";
        managed = true;
        driver = {
          name = "vfio";
          model = "vfio-pci";
        };
        source.address = {
          domain = 0;
          bus = 10;
          slot = 16;
          function = 1;
        };
        boot.order = 2;
        rom = {
          bar = true;
          file = "/firmware/card.rom";
        };
        address = pci 8;
      }
      {
        mode = "subsystem";
        type = "pci";
        managed = false;
        source.address = {
          domain = 0;
          bus = 11;
          slot = 0;
          function = 0;
        };
        rom.enabled = false;
      }
      {
        mode = "subsystem";
        type = "usb";
        source = {
          startupPolicy = "optional";
          vendor.id = 1133;
          product.id = 50475;
        };
      }
    ];
    shmem = {
      name = "shared";
      model.type = "ivshmem-plain";
      size = {
        count = 32;
        unit = "MiB";
      };
    };
    interface = [
      {
        type = "bridge";
        bandwidth = {
          inbound = {
            average = 1000;
            peak = 5000;
            burst = 5120;
          };
          outbound = {
            average = 1000;
            peak = 5000;
            burst = 5120;
          };
        };
        mac.address = "52:54:00:00:00:01";
        source.bridge = "br0";
        target.dev = "tap7";
        vlan.tag.id = 42;
        model.type = "virtio";
        address = pci 9;
      }
      {
        type = "network";
        mac.address = "52:54:00:00:00:02";
        source.network = "lan";
        bandwidth.inbound = {
          average = 1000;
          floor = 200;
        };
        driver = {
          name = "vhost";
          txmode = "iothread";
          ioeventfd = true;
          event_idx = false;
          queues = 5;
          rx_queue_size = 256;
          tx_queue_size = 256;
          host = {
            csum = false;
            gso = false;
            tso4 = false;
            tso6 = false;
            ecn = false;
            ufo = false;
            mrg_rxbuf = false;
          };
          guest = {
            csum = false;
            tso4 = false;
            tso6 = false;
            ecn = false;
            ufo = false;
          };
        };
        vlan = {
          trunk = true;
          tag = [
            {
              id = 42;
              nativeMode = "untagged";
            }
            {id = 47;}
          ];
        };
        model.type = "virtio";
      }
      {
        type = "direct";
        trustGuestRxFilters = true;
        mac.address = "52:54:00:00:00:03";
        source = {
          dev = "eth0";
          mode = "bridge";
        };
      }
      {
        type = "vhostuser";
        mac.address = "52:54:00:00:00:04";
        source = {
          type = "unix";
          path = "/run/card.sock";
          mode = "client";
          reconnect = {
            enabled = true;
            timeout = 10;
          };
        };
        model.type = "virtio";
      }
      {
        type = "hostdev";
        mac.address = "52:54:00:00:00:05";
        source.address = {
          type = "pci";
          domain = 0;
          bus = 12;
          slot = 16;
          function = 0;
        };
      }
    ];
    smartcard = {
      mode = "passthrough";
      type = "spicevmc";
      address = {
        type = "ccid";
        controller = 0;
        slot = 0;
      };
    };
    serial = {
      type = "pty";
      target = {
        type = "isa-serial";
        port = 0;
        model.name = "isa-serial";
      };
    };
    console = {
      type = "pty";
      target = {
        type = "serial";
        port = 0;
      };
    };
    channel = [
      {
        type = "unix";
        target = {
          type = "virtio";
          name = "org.qemu.guest_agent.0";
        };
        address = {
          type = "virtio-serial";
          controller = 0;
          bus = 0;
          port = 1;
        };
      }
      {
        type = "spiceport";
        source.channel = "org.spice-space.webdav.0";
        target = {
          type = "virtio";
          name = "org.spice-space.webdav.0";
        };
      }
    ];
    input = [
      {
        type = "tablet";
        bus = "usb";
        address = usb 1;
      }
      {
        type = "evdev";
        source = {
          dev = "/dev/input/event1234";
          grab = "all";
          grabToggle = "ctrl-ctrl";
          repeat = true;
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
    graphics = [
      {
        type = "spice";
        port = 5910;
        tlsPort = 5911;
        autoport = false;
        listen = {
          type = "address";
          address = "127.0.0.1";
        };
        image.compression = false;
        gl = {
          enable = false;
          rendernode = "/dev/dri/renderD128";
        };
      }
      {
        type = "vnc";
        autoport = true;
        websocket = 5700;
        passwd = "letmein";
        sharePolicy = "force-shared";
        listen.type = "none";
      }
    ];
    sound = {
      model = "ich9";
      codec.type = "duplex";
      audio.id = 1;
      address = pci 10;
    };
    audio = {
      id = 1;
      type = "pipewire";
      runtimeDir = "/run/user/1000";
      input = {
        name = "in";
        streamName = "guest in";
        latency = 100;
      };
      output = {
        name = "out";
        streamName = "guest out";
        latency = 100;
      };
    };
    video = [
      {
        model = {
          type = "virtio";
          heads = 1;
          primary = true;
          blob = true;
          acceleration.accel3d = true;
        };
        address = pci 11;
      }
      {
        model = {
          type = "qxl";
          ram = 65536;
          vram = 65536;
          vgamem = 16384;
          heads = 1;
        };
      }
    ];
    redirdev = {
      bus = "usb";
      type = "spicevmc";
      address = usb 2;
    };
    hub = {
      type = "usb";
      address = usb 3;
    };
    watchdog = {
      model = "itco";
      action = "reset";
    };
    rng = {
      model = "virtio";
      backend = {
        model = "random";
        source = /dev/urandom;
      };
      address = pci 12;
    };
    memballoon = {
      model = "virtio";
      autodeflate = true;
      freePageReporting = true;
      address = pci 13;
    };
    vsock = {
      model = "virtio";
      cid = {
        auto = false;
        address = 3;
      };
      address = pci 14;
    };
  };
}
