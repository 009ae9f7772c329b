# Made by `schema/src/engine/plain_nix.rs`.
{
  Apic = {
    fields = {};
    short = "presence";
  };
  Audio = {
    fields.id = [
      {
        maximum = 255;
        minimum = 1;
        type = [
          "integer"
          "string"
        ];
      }
    ];
    forms = {
      by = "type";
      of.spice = {
        attributes = [
          "type"
          "id"
        ];
        fields = {
          id = [
            {
              maximum = 255;
              minimum = 1;
              type = [
                "integer"
                "string"
              ];
            }
          ];
          type = [
            "spice"
          ];
        };
        required = [
          "id"
        ];
      };
    };
  };
  Channel = {
    attributes = [
      "type"
    ];
    children = [
      "source"
      "target"
    ];
    fields = {
      source = {
        element = "CharacterSource";
        many = true;
        mayBeFalse = true;
      };
      target = "ChannelTarget";
      type = [
        "dev"
        "file"
        "pipe"
        "unix"
        "tcp"
        "udp"
        "null"
        "stdio"
        "vc"
        "pty"
        "spicevmc"
        "spiceport"
        "nmdm"
        "qemu-vdagent"
        "dbus"
      ];
    };
    required = [
      "type"
      "target"
    ];
  };
  ChannelTarget = {
    fields = {};
    forms = {
      by = "type";
      of.virtio = {
        attributes = [
          "type"
          "name"
        ];
        fields = {
          name = [
            {
              any = true;
              type = [
                "string"
                "number"
              ];
            }
          ];
          type = [
            "virtio"
          ];
        };
      };
    };
  };
  CharacterSource = {
    attributes = [
      "channel"
    ];
    fields.channel = [
      {
        any = true;
        type = [
          "string"
          "number"
        ];
      }
    ];
    short = "presence";
  };
  CharacterTarget = {
    attributes = [
      "type"
    ];
    fields.type = [
      "xen"
      "serial"
      "uml"
      "virtio"
      "lxc"
      "openvz"
      "sclp"
      "sclplm"
      "isa-serial"
      "usb-serial"
      "pci-serial"
      "spapr-vio-serial"
      "system-serial"
      "sclp-serial"
      "isa-debug"
    ];
    short = "presence";
  };
  Clock = {
    fields.timer = {
      element = "Timer";
      many = true;
    };
    forms = {
      by = "offset";
      of = {
        localtime = {
          attributes = [
            "offset"
          ];
          children = [
            "timer"
          ];
          fields = {
            offset = [
              "localtime"
            ];
            timer = {
              element = "Timer";
              many = true;
            };
          };
        };
        utc = {
          attributes = [
            "offset"
          ];
          children = [
            "timer"
          ];
          fields = {
            offset = [
              "utc"
            ];
            timer = {
              element = "Timer";
              many = true;
            };
          };
        };
      };
    };
  };
  Console = {
    attributes = [
      "type"
    ];
    children = [
      "target"
    ];
    fields = {
      target = {
        element = "CharacterTarget";
        mayBeFalse = true;
      };
      type = [
        "dev"
        "file"
        "pipe"
        "unix"
        "tcp"
        "udp"
        "null"
        "stdio"
        "vc"
        "pty"
        "spicevmc"
        "spiceport"
        "nmdm"
        "qemu-vdagent"
        "dbus"
      ];
    };
    short = "presence";
  };
  Controller = {
    fields.index = [
      {
        maximum = 2147483646;
        minimum = 0;
        type = [
          "integer"
          "string"
        ];
      }
    ];
    forms = {
      by = "type";
      of = {
        pci = {
          attributes = [
            "type"
            "index"
            "model"
          ];
          children = [
            "model"
          ];
          fields = {
            index = [
              {
                maximum = 2147483646;
                minimum = 0;
                type = [
                  "integer"
                  "string"
                ];
              }
            ];
            model = [
              "pci-root"
              "pcie-root"
              "pci-bridge"
              "dmi-to-pci-bridge"
              "pcie-to-pci-bridge"
              "pcie-root-port"
              "pcie-switch-upstream-port"
              "pcie-switch-downstream-port"
              "pci-expander-bus"
              "pcie-expander-bus"
            ];
            type = [
              "pci"
            ];
          };
          required = [
            "model"
          ];
          twins.model = {
            element = "ControllerPciDevice";
            many = true;
          };
        };
        scsi = {
          attributes = [
            "type"
            "index"
            "model"
          ];
          fields = {
            index = [
              {
                maximum = 2147483646;
                minimum = 0;
                type = [
                  "integer"
                  "string"
                ];
              }
            ];
            model = [
              "auto"
              "buslogic"
              "lsilogic"
              "lsisas1068"
              "vmpvscsi"
              "ibmvscsi"
              "virtio-scsi"
              "lsisas1078"
              "virtio-transitional"
              "virtio-non-transitional"
              "ncr53c90"
              "dc390"
              "am53c974"
            ];
            type = [
              "scsi"
            ];
          };
        };
        usb = {
          attributes = [
            "type"
            "index"
            "model"
          ];
          fields = {
            index = [
              {
                maximum = 2147483646;
                minimum = 0;
                type = [
                  "integer"
                  "string"
                ];
              }
            ];
            model = [
              "piix3-uhci"
              "piix4-uhci"
              "ehci"
              "ich9-ehci1"
              "ich9-uhci1"
              "ich9-uhci2"
              "ich9-uhci3"
              "vt82c686b-uhci"
              "pci-ohci"
              "nec-xhci"
              "none"
              "qusb1"
              "qusb2"
              "qemu-xhci"
            ];
            type = [
              "usb"
            ];
          };
        };
      };
    };
  };
  Cpu = {
    attributes = [
      "mode"
    ];
    fields.mode = [
      "custom"
      "host-model"
      "host-passthrough"
      "maximum"
    ];
    short = "presence";
  };
  Devices = {
    children = [
      "disk"
      "controller"
      "interface"
      "console"
      "channel"
      "input"
      "tpm"
      "graphics"
      "sound"
      "audio"
      "video"
      "redirdev"
      "rng"
    ];
    fields = {
      audio = {
        element = "Audio";
        many = true;
      };
      channel = {
        element = "Channel";
        many = true;
      };
      console = {
        element = "Console";
        many = true;
        mayBeFalse = true;
      };
      controller = {
        element = "Controller";
        many = true;
      };
      disk = {
        element = "Disk";
        many = true;
      };
      graphics = {
        element = "Graphics";
        many = true;
      };
      input = {
        element = "Input";
        many = true;
      };
      interface = {
        element = "Interface";
        many = true;
      };
      redirdev = {
        element = "Redirdev";
        many = true;
      };
      rng = {
        element = "Rng";
        many = true;
      };
      sound = {
        element = "Sound";
        many = true;
      };
      tpm = {
        element = "Tpm";
        many = true;
      };
      video = {
        element = "Video";
        many = true;
        mayBeFalse = true;
      };
    };
    short = "presence";
  };
  Disk = {
    fields = {
      backingStore = "DiskBackingStore";
      device = [
        "floppy"
        "disk"
        "cdrom"
        "lun"
      ];
      driver = {
        element = "DiskDriver";
        mayBeFalse = true;
      };
      readonly.mayBeFalse = true;
      target = "DiskTarget";
    };
    forms = {
      by = "type";
      default = "file";
      of = {
        file = {
          attributes = [
            "type"
            "device"
          ];
          children = [
            "driver"
            "source"
            "backingStore"
            "target"
            "readonly"
          ];
          fields = {
            backingStore = "DiskBackingStore";
            device = [
              "floppy"
              "disk"
              "cdrom"
              "lun"
            ];
            driver = {
              element = "DiskDriver";
              mayBeFalse = true;
            };
            readonly.mayBeFalse = true;
            source = {
              element = "DiskSourceFile";
              mayBeFalse = true;
            };
            target = "DiskTarget";
            type = [
              "file"
            ];
          };
          required = [
            "target"
          ];
        };
        volume = {
          attributes = [
            "type"
            "device"
          ];
          children = [
            "driver"
            "source"
            "backingStore"
            "target"
            "readonly"
          ];
          fields = {
            backingStore = "DiskBackingStore";
            device = [
              "floppy"
              "disk"
              "cdrom"
              "lun"
            ];
            driver = {
              element = "DiskDriver";
              mayBeFalse = true;
            };
            readonly.mayBeFalse = true;
            source = "DiskSourceVolume";
            target = "DiskTarget";
            type = [
              "volume"
            ];
          };
          required = [
            "target"
          ];
        };
      };
    };
  };
  DiskDriver = {
    attributes = [
      "name"
      "type"
      "cache"
      "discard"
    ];
    fields = {
      cache = [
        "default"
        "none"
        "writeback"
        "writethrough"
        "directsync"
        "unsafe"
      ];
      discard = [
        "unmap"
        "ignore"
      ];
      name = [
        {
          form = "Token";
          posix = "[a-zA-Z0-9_+-]+";
          type = [
            "string"
            "integer"
          ];
        }
      ];
      type = [
        {
          enum = [
            "raw"
            "dir"
            "bochs"
            "cloop"
            "dmg"
            "iso"
            "vpc"
            "vdi"
            "fat"
            "vhd"
            "ploop"
            "luks"
            "cow"
            "qcow"
            "qcow2"
            "qed"
            "vmdk"
          ];
        }
        {
          enum = [
            "aio"
          ];
        }
      ];
    };
    short = "presence";
  };
  DiskSourceFile = {
    attributes = [
      "file"
    ];
    fields.file = [
      {
        form = "AbsolutePath";
        posix = "(/|[a-zA-Z]:\\\\)[^\n\r]+";
      }
      {
        posix = "\\[[^]]+] [^\n\r]+";
      }
    ];
    short = "presence";
  };
  DiskSourceVolume = {
    attributes = [
      "pool"
      "volume"
    ];
    fields = {
      pool = [
        {
          form = "Name";
          posix = "[^/\n]+";
          type = [
            "string"
            "integer"
          ];
        }
      ];
      volume = [
        {
          form = "VolumeName";
          posix = "[^/]*[^/. \t\n\r][^/]*|\\.{3,}";
          type = [
            "string"
            "integer"
          ];
        }
      ];
    };
    required = [
      "pool"
      "volume"
    ];
  };
  DiskTarget = {
    attributes = [
      "dev"
      "bus"
    ];
    fields = {
      bus = [
        "ide"
        "fdc"
        "scsi"
        "virtio"
        "xen"
        "usb"
        "uml"
        "sata"
        "sd"
        "nvme"
      ];
      dev = [
        {
          form = "DiskTargetName";
          posix = "(ioemu:)?(fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+";
        }
        {
          posix = "nvme[0-9]+n[0-9]+(p[0-9]+)?";
        }
      ];
    };
    required = [
      "dev"
    ];
  };
  FeatureState = {
    attributes = [
      "state"
    ];
    fields.state = [
      true
      false
      "on"
      "off"
    ];
    required = [
      "state"
    ];
    short = "switch";
    shortFor = [
      "state"
    ];
  };
  Features = {
    children = [
      "acpi"
      "apic"
      "hyperv"
      "smm"
    ];
    fields = {
      acpi.mayBeFalse = true;
      apic = {
        element = "Apic";
        mayBeFalse = true;
      };
      hyperv = "Hyperv";
      smm = "Smm";
    };
    short = "presence";
  };
  FirmwareFeature = {
    attributes = [
      "enabled"
      "name"
    ];
    fields = {
      enabled = [
        true
        false
        "yes"
        "no"
      ];
      name = [
        "enrolled-keys"
        "secure-boot"
      ];
    };
    required = [
      "enabled"
      "name"
    ];
  };
  Graphics = {
    fields = {};
    forms = {
      by = "type";
      of.spice = {
        attributes = [
          "type"
          "autoport"
          "listen"
        ];
        children = [
          "listen"
          "image"
          "gl"
        ];
        fields = {
          autoport = [
            true
            false
            "yes"
            "no"
          ];
          gl = "GraphicsGl";
          image = "SpiceImage";
          listen = [
            {
              form = "DnsName";
              posix = "[a-zA-Z0-9.-]+";
              type = [
                "string"
                "integer"
              ];
            }
            {
              posix = "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])|([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){6}:[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){5}:([0-9A-Fa-f]{1,4}:)?[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){4}:([0-9A-Fa-f]{1,4}:){0,2}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){3}:([0-9A-Fa-f]{1,4}:){0,3}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){2}:([0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}::([0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}|::([0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){1,7}:|::|(([0-9A-Fa-f]{1,4}:){6}|([0-9A-Fa-f]{1,4}:){1,5}:|::([0-9A-Fa-f]{1,4}:){0,5})((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])";
            }
          ];
          type = [
            "spice"
          ];
        };
        twins.listen = {
          element = "GraphicsListen";
          many = true;
        };
      };
    };
  };
  GraphicsListen = {
    fields = {};
    forms = {
      by = "type";
      of.address = {
        attributes = [
          "type"
          "address"
        ];
        fields = {
          address = [
            {
              form = "DnsName";
              posix = "[a-zA-Z0-9.-]+";
              type = [
                "string"
                "integer"
              ];
            }
            {
              posix = "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])|([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){6}:[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){5}:([0-9A-Fa-f]{1,4}:)?[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){4}:([0-9A-Fa-f]{1,4}:){0,2}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){3}:([0-9A-Fa-f]{1,4}:){0,3}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){2}:([0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}::([0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}|::([0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){1,7}:|::|(([0-9A-Fa-f]{1,4}:){6}|([0-9A-Fa-f]{1,4}:){1,5}:|::([0-9A-Fa-f]{1,4}:){0,5})((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])";
            }
          ];
          type = [
            "address"
          ];
        };
      };
    };
  };
  Hyperv = {
    fields = {};
    forms = {
      by = "mode";
      default = "custom";
      of.custom = {
        attributes = [
          "mode"
        ];
        children = [
          "relaxed"
          "vapic"
          "spinlocks"
          "vpindex"
          "runtime"
          "synic"
          "stimer"
          "reset"
          "vendor_id"
          "frequencies"
          "reenlightenment"
          "tlbflush"
          "ipi"
        ];
        fields = {
          frequencies = "FeatureState";
          ipi = "FeatureState";
          mode = [
            "custom"
          ];
          reenlightenment = "FeatureState";
          relaxed = "FeatureState";
          reset = "FeatureState";
          runtime = "FeatureState";
          spinlocks = "HypervSpinlocks";
          stimer = "HypervStimer";
          synic = "FeatureState";
          tlbflush = "HypervTlbflush";
          vapic = "FeatureState";
          vendor_id = "HypervVendorId";
          vpindex = "FeatureState";
        };
      };
    };
  };
  HypervSpinlocks = {
    attributes = [
      "state"
      "retries"
    ];
    fields = {
      retries = [
        {
          maximum = 4294967295;
          minimum = 0;
          type = [
            "integer"
            "string"
          ];
        }
      ];
      state = [
        true
        false
        "on"
        "off"
      ];
    };
    required = [
      "state"
    ];
    short = "switch";
    shortFor = [
      "state"
    ];
  };
  HypervStimer = {
    attributes = [
      "state"
    ];
    children = [
      "direct"
    ];
    fields = {
      direct = "FeatureState";
      state = [
        true
        false
        "on"
        "off"
      ];
    };
    short = "switch";
    shortFor = [
      "state"
    ];
  };
  HypervTlbflush = {
    attributes = [
      "state"
    ];
    fields.state = [
      true
      false
      "on"
      "off"
    ];
    short = "switch";
    shortFor = [
      "state"
    ];
  };
  HypervVendorId = {
    attributes = [
      "state"
      "value"
    ];
    fields = {
      state = [
        true
        false
        "on"
        "off"
      ];
      value = [
        {
          form = "HypervVendorText";
          posix = "[^,]{0,12}";
          type = [
            "string"
            "integer"
          ];
        }
      ];
    };
    required = [
      "state"
    ];
    short = "switch";
    shortFor = [
      "state"
    ];
  };
  Input = {
    fields = {};
    forms = {
      by = "type";
      of = {
        keyboard = {
          attributes = [
            "type"
            "bus"
          ];
          fields = {
            bus = [
              "ps2"
              "usb"
              "xen"
              "virtio"
            ];
            type = [
              "keyboard"
            ];
          };
        };
        mouse = {
          attributes = [
            "type"
            "bus"
          ];
          fields = {
            bus = [
              "ps2"
              "usb"
              "xen"
              "virtio"
            ];
            type = [
              "mouse"
            ];
          };
        };
        tablet = {
          attributes = [
            "type"
            "bus"
          ];
          fields = {
            bus = [
              "ps2"
              "usb"
              "xen"
              "virtio"
            ];
            type = [
              "tablet"
            ];
          };
        };
      };
    };
  };
  Interface = {
    fields = {
      mac = {
        absent = "mac";
        element = "InterfaceMac";
      };
      model = "InterfaceModel";
    };
    forms = {
      by = "type";
      of = {
        bridge = {
          attributes = [
            "type"
          ];
          children = [
            "mac"
            "source"
            "model"
          ];
          fields = {
            mac = {
              absent = "mac";
              element = "InterfaceMac";
            };
            model = "InterfaceModel";
            source = "InterfaceSourceBridge";
            type = [
              "bridge"
            ];
          };
        };
        network = {
          attributes = [
            "type"
          ];
          children = [
            "mac"
            "source"
            "model"
          ];
          fields = {
            mac = {
              absent = "mac";
              element = "InterfaceMac";
            };
            model = "InterfaceModel";
            source = "InterfaceSourceNetwork";
            type = [
              "network"
            ];
          };
          required = [
            "source"
          ];
        };
      };
    };
  };
  InterfaceMac = {
    attributes = [
      "address"
    ];
    fields.address = [
      {
        form = "UnicastMac";
        posix = "[a-fA-F0-9][02468aAcCeE](:[a-fA-F0-9]{2}){5}";
      }
    ];
    required = [
      "address"
    ];
  };
  InterfaceModel = {
    attributes = [
      "type"
    ];
    fields.type = [
      {
        posix = "[a-zA-Z0-9_-]+";
        type = [
          "string"
          "integer"
        ];
      }
    ];
    required = [
      "type"
    ];
  };
  InterfaceSourceBridge = {
    attributes = [
      "bridge"
    ];
    fields.bridge = [
      {
        form = "BridgeName";
        posix = "[a-zA-Z0-9_.\\:/ -]*";
        type = [
          "string"
          "integer"
        ];
      }
    ];
    required = [
      "bridge"
    ];
  };
  InterfaceSourceNetwork = {
    attributes = [
      "network"
    ];
    fields.network = [
      {
        any = true;
        type = [
          "string"
          "number"
        ];
      }
    ];
    required = [
      "network"
    ];
  };
  Loader = {
    attributes = [
      "readonly"
      "type"
    ];
    fields = {
      readonly = [
        true
        false
        "yes"
        "no"
      ];
      type = [
        "rom"
        "pflash"
      ];
    };
    short = "text";
    shortFor = [
      "path"
    ];
  };
  Memory = {
    attributes = [
      "unit"
    ];
    fields = {
      count = [
        {
          minimum = 0;
          type = [
            "integer"
            "string"
          ];
        }
      ];
      unit = [
        {
          enum = [
            "B"
            "byte"
            "bytes"
            "K"
            "KB"
            "KiB"
            "M"
            "MB"
            "MiB"
            "G"
            "GB"
            "GiB"
            "T"
            "TB"
            "TiB"
            "P"
            "PB"
            "PiB"
            "E"
            "EB"
            "EiB"
          ];
        }
        {
          posix = "[bB]([yY][tT][eE][sS]?)?|[kKmMgGtTpPeE]([iI]?[bB])?";
        }
      ];
    };
    required = [
      "count"
    ];
    short = "size";
    shortFor = [
      "count"
      "unit"
    ];
    texts = [
      "count"
    ];
  };
  Os = {
    fields = {};
    forms = {
      by = "type";
      of.hvm = {
        attributes = [
          "firmware"
        ];
        children = [
          "type"
          "firmware"
          "loader"
          "nvram"
          "boot"
        ];
        fields = {
          arch = [
            "aarch64"
            "alpha"
            "armv6l"
            "armv7l"
            "cris"
            "i686"
            "ia64"
            "lm32"
            "loongarch64"
            "m68k"
            "microblaze"
            "microblazeel"
            "mips"
            "mipsel"
            "mips64"
            "mips64el"
            "openrisc"
            "parisc"
            "parisc64"
            "ppc"
            "ppc64"
            "ppc64le"
            "ppcemb"
            "riscv32"
            "riscv64"
            "s390"
            "s390x"
            "sh4"
            "sh4eb"
            "sparc"
            "sparc64"
            "unicore32"
            "x86_64"
            "xtensa"
            "xtensaeb"
          ];
          boot = {
            element = "OsBoot";
            many = true;
          };
          firmware = [
            "bios"
            "efi"
          ];
          loader = "Loader";
          machine = [
            {
              form = "MachineName";
              posix = "[a-zA-Z0-9_.-]+";
              type = [
                "string"
                "integer"
              ];
            }
          ];
          nvram = "OsNvram";
          type = {
            group = {
              attributes = [
                "arch"
                "machine"
              ];
              tag = "type";
            };
            words = [
              {
                enum = [
                  "hvm"
                ];
              }
            ];
          };
        };
        twins.firmware = {
          element = "OsFirmware";
          many = true;
        };
      };
    };
  };
  OsBoot = {
    attributes = [
      "dev"
    ];
    fields.dev = [
      "hd"
      "fd"
      "cdrom"
      "network"
    ];
    required = [
      "dev"
    ];
  };
  OsFirmware = {
    children = [
      "feature"
    ];
    fields.feature = {
      element = "FirmwareFeature";
      many = true;
    };
    required = [
      "feature"
    ];
  };
  OsNvram = {
    fields.path = [
      {
        form = "AbsolutePath";
        posix = "(/|[a-zA-Z]:\\\\)[^\n\r]+";
      }
      {
        posix = "\\[[^]]+] [^\n\r]+";
      }
    ];
    forms = {
      by = "type";
      default = "file";
      of.file = {
        fields.path = [
          {
            form = "AbsolutePath";
            posix = "(/|[a-zA-Z]:\\\\)[^\n\r]+";
          }
          {
            posix = "\\[[^]]+] [^\n\r]+";
          }
        ];
        texts = [
          "path"
        ];
      };
    };
    short = "text";
    shortFor = [
      "path"
    ];
  };
  Pm = {
    children = [
      "suspend-to-mem"
      "suspend-to-disk"
    ];
    fields = {
      suspend-to-disk = {
        element = "PmSuspend";
        mayBeFalse = true;
      };
      suspend-to-mem = {
        element = "PmSuspend";
        mayBeFalse = true;
      };
    };
    short = "presence";
  };
  PmSuspend = {
    attributes = [
      "enabled"
    ];
    fields.enabled = [
      true
      false
      "yes"
      "no"
    ];
    short = "presence";
  };
  Redirdev = {
    attributes = [
      "bus"
      "type"
    ];
    fields = {
      bus = [
        "usb"
      ];
      type = [
        "dev"
        "file"
        "pipe"
        "unix"
        "tcp"
        "udp"
        "null"
        "stdio"
        "vc"
        "pty"
        "spicevmc"
        "spiceport"
        "nmdm"
        "qemu-vdagent"
        "dbus"
      ];
    };
    required = [
      "bus"
      "type"
    ];
  };
  Rng = {
    attributes = [
      "model"
    ];
    children = [
      "backend"
    ];
    fields = {
      backend = "RngBackend";
      model = [
        "virtio"
        "virtio-transitional"
        "virtio-non-transitional"
      ];
    };
    required = [
      "model"
      "backend"
    ];
  };
  RngBackend = {
    fields = {};
    forms = {
      by = "model";
      of.random = {
        attributes = [
          "model"
        ];
        fields = {
          model = [
            "random"
          ];
          source = [
            {
              form = "AbsolutePath";
              posix = "(/|[a-zA-Z]:\\\\)[^\n\r]+";
            }
          ];
        };
        texts = [
          "source"
        ];
      };
    };
  };
  Smm = {
    attributes = [
      "state"
    ];
    fields.state = [
      true
      false
      "on"
      "off"
    ];
    short = "switch";
    shortFor = [
      "state"
    ];
  };
  Sound = {
    attributes = [
      "model"
    ];
    fields.model = [
      "sb16"
      "es1370"
      "pcspk"
      "ac97"
      "ich6"
      "ich7"
      "ich9"
      "usb"
      "virtio"
    ];
    required = [
      "model"
    ];
  };
  SpiceImage = {
    attributes = [
      "compression"
    ];
    fields.compression = [
      "auto_glz"
      "auto_lz"
      "quic"
      "glz"
      "lz"
      "off"
      false
    ];
    required = [
      "compression"
    ];
  };
  Timer = {
    fields.present = [
      true
      false
      "yes"
      "no"
    ];
    forms = {
      by = "name";
      of = {
        hpet = {
          fields.name = [
            "hpet"
          ];
          forms = {
            by = "tickpolicy";
            default = "delay";
            of = {
              catchup = {
                attributes = [
                  "name"
                  "tickpolicy"
                  "present"
                ];
                fields = {
                  name = [
                    "hpet"
                  ];
                  present = [
                    true
                    false
                    "yes"
                    "no"
                  ];
                  tickpolicy = [
                    "catchup"
                  ];
                };
              };
              delay = {
                attributes = [
                  "name"
                  "tickpolicy"
                  "present"
                ];
                fields = {
                  name = [
                    "hpet"
                  ];
                  present = [
                    true
                    false
                    "yes"
                    "no"
                  ];
                  tickpolicy = [
                    "delay"
                  ];
                };
              };
            };
          };
        };
        hypervclock = {
          attributes = [
            "name"
            "present"
          ];
          fields = {
            name = [
              "hypervclock"
            ];
            present = [
              true
              false
              "yes"
              "no"
            ];
          };
        };
        pit = {
          fields.name = [
            "pit"
          ];
          forms = {
            by = "tickpolicy";
            default = "delay";
            of = {
              catchup = {
                attributes = [
                  "name"
                  "tickpolicy"
                  "present"
                ];
                fields = {
                  name = [
                    "pit"
                  ];
                  present = [
                    true
                    false
                    "yes"
                    "no"
                  ];
                  tickpolicy = [
                    "catchup"
                  ];
                };
              };
              delay = {
                attributes = [
                  "name"
                  "tickpolicy"
                  "present"
                ];
                fields = {
                  name = [
                    "pit"
                  ];
                  present = [
                    true
                    false
                    "yes"
                    "no"
                  ];
                  tickpolicy = [
                    "delay"
                  ];
                };
              };
            };
          };
        };
        rtc = {
          fields.name = [
            "rtc"
          ];
          forms = {
            by = "tickpolicy";
            default = "delay";
            of = {
              catchup = {
                attributes = [
                  "name"
                  "tickpolicy"
                  "present"
                ];
                fields = {
                  name = [
                    "rtc"
                  ];
                  present = [
                    true
                    false
                    "yes"
                    "no"
                  ];
                  tickpolicy = [
                    "catchup"
                  ];
                };
              };
              delay = {
                attributes = [
                  "name"
                  "tickpolicy"
                  "present"
                ];
                fields = {
                  name = [
                    "rtc"
                  ];
                  present = [
                    true
                    false
                    "yes"
                    "no"
                  ];
                  tickpolicy = [
                    "delay"
                  ];
                };
              };
            };
          };
        };
      };
    };
  };
  Tpm = {
    attributes = [
      "model"
    ];
    children = [
      "backend"
    ];
    fields = {
      backend = "TpmBackend";
      model = [
        "tpm-tis"
        "tpm-crb"
        "tpm-spapr"
        "spapr-tpm-proxy"
      ];
    };
    required = [
      "backend"
    ];
  };
  TpmBackend = {
    fields.version = [
      "1.2"
      "2.0"
    ];
    forms = {
      by = "type";
      of.emulator = {
        attributes = [
          "type"
          "version"
        ];
        fields = {
          type = [
            "emulator"
          ];
          version = [
            "1.2"
            "2.0"
          ];
        };
      };
    };
  };
  Vcpu = {
    fields.count = [
      {
        maximum = 65535;
        minimum = 1;
        type = [
          "integer"
          "string"
        ];
      }
    ];
    required = [
      "count"
    ];
    short = "text";
    shortFor = [
      "count"
    ];
    texts = [
      "count"
    ];
  };
  Video = {
    children = [
      "model"
    ];
    fields.model = "VideoModel";
    short = "presence";
  };
  VideoModel = {
    fields = {
      acceleration = {
        element = "VideoAcceleration";
        mayBeFalse = true;
      };
      heads = [
        {
          maximum = 4294967295;
          minimum = 0;
          type = [
            "integer"
            "string"
          ];
        }
      ];
      primary = [
        true
        false
        "yes"
        "no"
      ];
    };
    forms = {
      by = "type";
      of.virtio = {
        attributes = [
          "type"
          "heads"
          "primary"
        ];
        children = [
          "acceleration"
        ];
        fields = {
          acceleration = {
            element = "VideoAcceleration";
            mayBeFalse = true;
          };
          heads = [
            {
              maximum = 4294967295;
              minimum = 0;
              type = [
                "integer"
                "string"
              ];
            }
          ];
          primary = [
            true
            false
            "yes"
            "no"
          ];
          type = [
            "virtio"
          ];
        };
      };
    };
  };
  domain = {
    attributes = [
      "type"
    ];
    children = [
      "name"
      "uuid"
      "title"
      "description"
      "memory"
      "vcpu"
      "os"
      "features"
      "cpu"
      "clock"
      "pm"
      "devices"
    ];
    fields = {
      clock = "Clock";
      cpu = {
        element = "Cpu";
        mayBeFalse = true;
      };
      description = [
        {
          any = true;
          type = [
            "string"
            "number"
          ];
        }
      ];
      devices = {
        element = "Devices";
        mayBeFalse = true;
      };
      features = {
        element = "Features";
        mayBeFalse = true;
      };
      memory = "Memory";
      name = [
        {
          form = "Line";
          posix = "[^\n]+";
          type = [
            "string"
            "integer"
          ];
        }
      ];
      os = "Os";
      pm = {
        element = "Pm";
        mayBeFalse = true;
      };
      title = [
        {
          form = "Line";
          posix = "[^\n]+";
          type = [
            "string"
            "integer"
          ];
        }
      ];
      type = [
        "kvm"
        "qemu"
        "kqemu"
        "lxc"
        "xen"
        "bhyve"
        "hvf"
        "vmware"
        "hyperv"
        "vbox"
        "vz"
        "test"
        "uml"
        "openvz"
        "phyp"
      ];
      uuid = {
        absent = "uuid";
        words = [
          {
            form = "Uuid";
            posix = "[a-fA-F0-9]{32}|[a-fA-F0-9]{8}-([a-fA-F0-9]{4}-){3}[a-fA-F0-9]{12}";
          }
        ];
      };
      vcpu = "Vcpu";
    };
    required = [
      "type"
      "name"
    ];
    root = "domain";
  };
}
