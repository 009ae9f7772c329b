# Arguments of the templates of domains, and a part of the XML that each of them brings. `needs` is what a guest needs to start that the
# development root lacks.
let
  # Templates that take all of these.
  templates = ["pc" "q35" "linux" "windows" "windows11" "aarch64" "cloud"];
  windows = ["windows" "windows11"];
  # A cloud image's disc is its seed.
  withDisc = builtins.filter (it: it != "cloud") templates;
  # Those with PCI Express.
  express = builtins.filter (it: it != "pc") templates;
  # Arm has neither SATA nor QXL.
  withSata = builtins.filter (it: it != "aarch64") templates;

  rows = [
    {
      arguments.name = "other";
      xml = "<name>other</name>";
    }
    {
      arguments.uuid = "0b5e5cf1-7fd4-4d35-8c8e-4c0b2f9f1c11";
      xml = "<uuid>0b5e5cf1-7fd4-4d35-8c8e-4c0b2f9f1c11</uuid>";
    }
    {
      arguments.vcpu.count = 7;
      xml = "<vcpu>7</vcpu>";
    }
    {
      arguments.memory = {
        count = 7;
        unit = "GiB";
      };
      xml = "<memory unit='GiB'>7</memory>";
    }
    {
      arguments.storage_vol = /disk.qcow2;
      xml = "<source file='/disk.qcow2'/>";
    }
    {
      arguments.storage_vol = "/disk.qcow2";
      xml = "<source file='/disk.qcow2'/>";
    }
    {
      arguments.storage_vol = "/disk.raw";
      xml = "<driver name='qemu' type='raw' cache='none' discard='unmap'/>";
    }
    {
      arguments = {
        storage_vol = "/disk.qcow2";
        backing_vol = "/base.raw";
      };
      xml = "<format type='raw'/>";
    }
    {
      arguments.storage_vol = {
        pool = "p";
        volume = "v";
      };
      xml = "<source pool='p' volume='v'/>";
    }
    {
      arguments.storage_vol = "/dev/vg0/web";
      needs = "a block device";
      xml = "<source dev='/dev/vg0/web'/>";
    }
    {
      arguments.storage_vol = "/dev/vg0/web";
      needs = "a block device";
      xml = "<driver name='qemu' type='raw' cache='none' discard='unmap'/>";
    }
    {
      arguments.storage_vol = {
        dev = "/dev/vg0/web";
        format = "qcow2";
      };
      needs = "a block device";
      xml = "<driver name='qemu' type='qcow2' cache='none' discard='unmap'/>";
    }
    {
      arguments.storage_vol = {
        file = "/web.img";
        format = "raw";
      };
      xml = "<driver name='qemu' type='raw' cache='none' discard='unmap'/>";
    }
    {
      arguments.storage_vol = {
        protocol = "nbd";
        name = "web";
        host.name = "nas";
      };
      needs = "a server";
      xml = "<disk type='network' device='disk'>";
    }
    {
      arguments.extra_disks = [
        "/a.qcow2"
        {
          pool = "p";
          volume = "data.raw";
        }
      ];
      xml = "<source pool='p' volume='data.raw'/>";
    }
    {
      arguments = {
        extra_disks = ["/a.qcow2"];
        virtio_drive = true;
      };
      xml = "<target dev='vdb' bus='virtio'/>";
    }
    {
      templates = withSata;
      arguments = {
        extra_disks = ["/a.qcow2" "/b.qcow2"];
        virtio_drive = false;
      };
      xml = "<target dev='sdf' bus='sata'/>";
    }
    {
      arguments.title = "A guest";
      xml = "<title>A guest</title>";
    }
    {
      arguments.description = "For trials";
      xml = "<description>For trials</description>";
    }
    {
      arguments.topology.cores = 6;
      xml = "<topology sockets='1' cores='6' threads='1'/>";
    }
    {
      arguments.topology = {
        sockets = 2;
        cores = 2;
        threads = 2;
      };
      xml = "<vcpu>8</vcpu>";
    }
    {
      arguments.boot = ["network" "hd"];
      xml = "<boot dev='network'/>\n    <boot dev='hd'/>";
    }
    {
      arguments.firmware = "efi";
      xml = "<os firmware='efi'>";
    }
    {
      arguments = {
        firmware = "efi";
        secure_boot = false;
      };
      xml = "<feature enabled='no' name='secure-boot'/>";
    }
    {
      arguments = {
        firmware = "efi";
        nvram_path = "/vars.fd";
      };
      xml = "<nvram>/vars.fd</nvram>";
    }
    {
      arguments.firmware = "/code.fd";
      needs = "the variables of a firmware";
      xml = "/code.fd</loader>";
    }
    {
      arguments = {
        firmware = "/code.fd";
        nvram_template = "/vars.fd";
        nvram_path = "/vars-of-guest.fd";
      };
      xml = "<nvram template='/vars.fd'>/vars-of-guest.fd</nvram>";
    }
    {
      arguments.network = "lan";
      xml = "<interface type='network'>";
    }
    {
      arguments.network = "lan";
      xml = "<source network='lan'/>";
    }
    {
      arguments.display = "vnc";
      xml = "<graphics type='vnc' autoport='yes'>";
    }
    {
      arguments = {
        display = "vnc";
        listen = "0.0.0.0";
      };
      xml = "<listen type='address' address='0.0.0.0'/>";
    }
    {
      arguments.display = "spice-gl";
      needs = "a graphics card";
      xml = "<gl enable='yes'/>";
    }
    {
      arguments.display = "none";
      xml = "<console type='pty'>";
    }
    {
      arguments.guest_agent = true;
      xml = "name='org.qemu.guest_agent.0'";
    }
    {
      arguments.shares.data = "/srv/data";
      needs = "virtiofsd";
      xml = "<access mode='shared'/>";
    }
    {
      arguments.shares.data = /srv/data;
      needs = "virtiofsd";
      xml = "<source dir='/srv/data'/>";
    }
    {
      arguments.storage_vol = {
        file = "/disk.qcow2";
        startupPolicy = "optional";
      };
      xml = "startupPolicy='optional'";
    }
    {
      arguments = {
        storage_vol = "/disk";
        backing_vol = /base.qcow2;
      };
      xml = "<source file='/base.qcow2'/>";
    }
    {
      arguments = {
        storage_vol = "/disk";
        backing_vol = {
          pool = "p";
          volume = "v";
        };
      };
      xml = "<source pool='p' volume='v'/>";
    }
    {
      arguments = {
        storage_vol = "/disk";
        backing_vol.file = "/base";
      };
      xml = "<source file='/base'/>";
    }
    {
      arguments = {
        storage_vol = "/disk";
        backing_vol = {
          type = "file";
          format.type = "raw";
          source.file = "/base";
        };
      };
      xml = "<format type='raw'/>";
    }
    {
      arguments = {
        storage_vol = "/disk";
        backing_vol = {};
      };
      xml = "<backingStore/>";
    }
    {
      templates = withDisc;
      arguments.install_vol = "/disc.iso";
      xml = "<source file='/disc.iso'";
    }
    {
      templates = withDisc;
      arguments.install_vol = /disc.iso;
      xml = "<source file='/disc.iso'";
    }
    {
      templates = withDisc;
      arguments.install_vol = "https://mirror.example.org:8443/debian/disc.iso?arch=amd64";
      needs = "the server";
      xml = "<source protocol='https' name='debian/disc.iso' query='arch=amd64'>\n        <host name='mirror.example.org' port='8443'/>";
    }
    {
      templates = withDisc;
      arguments.install_vol.file = "/disc.iso";
      xml = "<source file='/disc.iso'";
    }
    {
      templates = withDisc;
      arguments.install_vol = {
        pool = "p";
        volume = "disc.iso";
      };
      xml = "<source pool='p' volume='disc.iso'";
    }
    {
      arguments.bridge_name = "br7";
      xml = "<source bridge='br7'/>";
    }
    {
      arguments.net_iface_mac = "52:54:00:00:00:07";
      xml = "<mac address='52:54:00:00:00:07'/>";
    }
    {
      arguments.virtio_net = true;
      xml = "<model type='virtio'/>";
    }
    {
      arguments = {
        storage_vol = "/disk";
        virtio_drive = true;
      };
      xml = "<target dev='vda' bus='virtio'/>";
    }
    {
      templates = withSata;
      arguments = {
        storage_vol = "/disk";
        virtio_drive = false;
      };
      xml = "<target dev='sda' bus='sata'/>";
    }
    {
      arguments.virtio_video = true;
      needs = "a graphics card";
      xml = "accel3d='yes'";
    }
    {
      templates = withSata;
      arguments.virtio_video = false;
      xml = "<model type='qxl'";
    }
    {
      arguments.virtio_video = null;
      xml = "<listen type='address' address='127.0.0.1'/>";
    }
    {
      templates = windows;
      arguments.nvram_path = "/vars.fd";
      xml = "<nvram>/vars.fd</nvram>";
    }
    {
      templates = windows;
      arguments.firmware = "/code.fd";
      needs = "the variables of a firmware";
      xml = "<loader readonly='yes' secure='yes' type='pflash'>/code.fd</loader>";
    }
    {
      arguments.pci_devices = ["01:00.0"];
      needs = "a PCI device";
      xml = "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>";
    }
    {
      arguments.usb_devices = ["046d:c52b"];
      needs = "USB";
      xml = "<product id='0xc52b'/>";
    }
    {
      arguments.evdev_devices = ["/dev/input/event0"];
      needs = "an input device";
      xml = "<source dev='/dev/input/event0' grab='all' grabToggle='ctrl-ctrl' repeat='on'/>";
    }
    {
      arguments.looking_glass = true;
      xml = "<size unit='MiB'>64</size>";
    }
    {
      arguments.looking_glass = {
        kvmfr = "/tmp/kvmfr";
        size = "32 MiB";
      };
      xml = "\"mem-path\":\"/tmp/kvmfr\"";
    }
    {
      arguments = {
        vcpu.count = 2;
        pinning = {
          vcpus = "0-1";
          emulator = "0";
        };
      };
      xml = "<vcpupin vcpu='1' cpuset='1'/>";
    }
    {
      arguments.hugepages = "2 MiB";
      needs = "huge pages";
      xml = "<page size='2' unit='MiB'/>";
    }
    {
      arguments.host_smbios = true;
      needs = "the SMBIOS of the host";
      xml = "<smbios mode='host'/>";
    }
    {
      templates = express;
      xml = "<controller type='pci' index='14' model='pcie-root-port'/>";
    }
    {
      templates = windows;
      arguments.install_vol = "/disc.iso";
      xml = "startupPolicy='mandatory'";
    }
    {
      templates = windows;
      arguments = {
        install_virtio = false;
        storage_vol = {
          pool = "p";
          volume = "v";
        };
        unattended = {
          user = "alice";
          passwordFile = "/run/secrets/windows";
          volume = "answers";
        };
      };
      xml = "<target dev='sdz' bus='usb' removable='on'/>";
    }
    {
      templates = windows;
      arguments.install_virtio = true;
      needs = "the built disc";
      xml = "virtio-win.iso";
    }
  ];

  least = {
    name = "guest";
    nvram_path = "/nvram.fd";
  };
in
  builtins.concatMap (row:
    map (template: {
      inherit template;
      inherit (row) xml;
      needs = row.needs or null;
      arguments = least // row.arguments or {};
    }) (row.templates or templates))
  rows
