# NixVirt 0.6 takes a list for each element. One item is the element, and no item leaves the element out.
{
  type = "kvm";
  name = ["web"];
  uuid = [];
  title = [null];
  memory = [
    {
      count = 2;
      unit = "GiB";
    }
  ];
  vcpu = [4];
  os = [
    {
      type = "hvm";
      arch = "x86_64";
      machine = "q35";
      loader = [
        null
        {
          path = "/share/OVMF_CODE.fd";
          readonly = true;
          type = "pflash";
        }
      ];
      bootmenu = [{enable = true;}];
    }
  ];
  features = [
    {
      acpi = [true];
      apic = [false];
      pae = [{}];
      hyperv = [
        {
          mode = "custom";
          relaxed = [{state = true;}];
        }
      ];
    }
  ];
  clock = [
    {
      offset = "utc";
      timer = [
        {
          name = "rtc";
          tickpolicy = "catchup";
          catchup = [];
        }
      ];
    }
  ];
  devices = [
    {
      emulator = ["/run/libvirt/nix-emulators/qemu-system-x86_64"];
      disk = {
        type = "file";
        driver = [
          {
            name = "qemu";
            type = "qcow2";
          }
        ];
        source = [{file = "/images/web.qcow2";}];
        backingStore = [];
        target = [
          {
            dev = "vda";
            bus = "virtio";
          }
        ];
        readonly = [true];
      };
      interface = [
        null
        {
          type = "network";
          mac = [];
          source = [{network = "default";}];
          model = [{type = "virtio";}];
        }
      ];
      memballoon = [{model = "none";}];
    }
  ];
}
