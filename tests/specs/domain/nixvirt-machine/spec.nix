# Each attribute beside devices that NixVirt knows, with a value of the type that it has there.
lib: {
  type = "kvm";
  name = "machine";
  uuid = "6f1ad1a5-53f2-4f0f-9f2e-0ea0bb0c3b11";
  title = "A machine";
  description = "What is beside devices";
  metadata = with lib.xml; [
    (elem "note" [(attr "xmlns" "urn:note")] "text")
    (many [(elem "one" [(attr "xmlns" "urn:one")] null) (elem "two" [(attr "xmlns" "urn:two")] "")])
    (opt true (elem "shown" [(attr "xmlns" "urn:shown")] [(elem "part" [] [])]))
    (opt false (elem "hidden" [] []))
    none
  ];
  memory = {
    count = 4;
    unit = "GiB";
  };
  memtune = {
    hard_limit = {
      count = 8;
      unit = "GiB";
    };
    soft_limit = {
      count = 6;
      unit = "GiB";
    };
    swap_hard_limit = {
      count = 9;
      unit = "GiB";
    };
  };
  currentMemory = {
    count = 2;
    unit = "GiB";
  };
  vcpu = {
    placement = "static";
    cpuset = "0-3";
    current = 1;
    count = 2;
  };
  vcpus.vcpu = [
    {
      id = 0;
      enabled = true;
      hotpluggable = false;
      order = 1;
    }
    {
      id = 1;
      enabled = false;
      hotpluggable = true;
    }
  ];
  iothreads.count = 1;
  cputune = {
    vcpupin = {
      vcpu = 0;
      cpuset = "0";
    };
    emulatorpin.cpuset = "1";
    iothreadpin = {
      iothread = 1;
      cpuset = "1";
    };
    shares = 2048;
    period = 100000;
    quota = 50000;
    global_period = 100000;
    global_quota = 50000;
    emulator_period = 100000;
    emulator_quota = 50000;
    iothread_period = 100000;
    iothread_quota = 50000;
    vcpusched = {
      vcpus = "0";
      scheduler = "fifo";
      priority = 1;
    };
    iothreadsched = {
      iothreads = 1;
      scheduler = "batch";
    };
    cachetune = {
      vcpus = "0";
      cache = {
        id = 0;
        level = 3;
        type = "both";
        size = 3;
        unit = "MiB";
      };
      monitor = {
        level = 3;
        vcpus = "0";
      };
    };
    memorytune = {
      vcpus = "0";
      node = {
        id = 0;
        bandwidth = 60;
      };
    };
  };
  numatune = {
    memory = {
      mode = "strict";
      nodeset = "0";
    };
    memnode = {
      cellid = 0;
      mode = "strict";
      nodeset = "0";
    };
  };
  sysinfo = {
    type = "smbios";
    bios.entry = {
      name = "vendor";
      value = "Acme";
    };
    system.entry = [
      {
        name = "manufacturer";
        value = "Acme";
      }
      {
        name = "product";
        value = "Anvil";
      }
    ];
    baseBoard.entry = {
      name = "manufacturer";
      value = "Acme";
    };
    chassis.entry = {
      name = "manufacturer";
      value = "Acme";
    };
  };
  os = {
    type = "hvm";
    arch = "x86_64";
    machine = "q35";
    loader = {
      readonly = true;
      stateless = false;
      secure = true;
      type = "pflash";
      path = /firmware/code.fd;
    };
    nvram = {
      template = "/firmware/vars.fd";
      templateFormat = "raw";
      format = "raw";
      path = "/nvram/machine.fd";
    };
    boot = [{dev = "cdrom";} {dev = "hd";}];
    bootmenu.enable = true;
    smbios.mode = "sysinfo";
  };
  memoryBacking = {
    hugepages.page = {
      size = 2;
      unit = "MiB";
      nodeset = "0";
    };
    nosharepages = {};
    locked = {};
    source.type = "memfd";
    access.mode = "shared";
    allocation = {
      mode = "immediate";
      threads = 2;
    };
    discard = {};
  };
  features = {
    acpi = {};
    apic.eoi = true;
    pae = {};
    pvspinlock.state = true;
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
        value = "Acme";
      };
      frequencies.state = true;
      reenlightenment.state = true;
      tlbflush.state = true;
      ipi.state = true;
      evmcs.state = false;
    };
    kvm = {
      hidden.state = true;
      hint-dedicated.state = true;
      poll-control.state = true;
      pv-ipi.state = false;
      dirty-ring = {
        state = true;
        size = 4096;
      };
    };
    vmport.state = false;
    ioapic.driver = "kvm";
    smm = {
      state = true;
      tseg = {
        count = 48;
        unit = "MiB";
      };
    };
  };
  cpu = {
    mode = "custom";
    match = "exact";
    check = "partial";
    model = {
      fallback = "allow";
      name = "qemu64";
    };
    topology = {
      sockets = 1;
      dies = 1;
      cores = 1;
      threads = 2;
    };
    cache = {
      level = 3;
      mode = "emulate";
    };
    maxphysaddr = {
      mode = "passthrough";
      limit = 40;
    };
    feature = {
      policy = "require";
      name = "vmx";
    };
    numa.cell = {
      id = 0;
      cpus = "0-1";
      memory = 4;
      unit = "GiB";
    };
  };
  clock = {
    offset = "timezone";
    timezone = "Europe/Paris";
    timer = [
      {
        name = "rtc";
        track = "guest";
        tickpolicy = "catchup";
        catchup = {
          threshold = 123;
          slew = 120;
          limit = 10000;
        };
      }
      {
        name = "tsc";
        frequency = 3000000000;
        mode = "emulate";
      }
      {
        name = "hpet";
        present = false;
      }
    ];
  };
  on_poweroff = "destroy";
  on_reboot = "restart";
  on_crash = "preserve";
  pm = {
    suspend-to-mem.enabled = true;
    suspend-to-disk.enabled = false;
  };
  qemu-commandline = {
    arg = {value = "-msg";};
    env = {
      name = "TRACE";
      value = "1";
    };
  };
  qemu-override.device = {
    alias = "net0";
    frontend.property = {
      name = "mq";
      type = "bool";
      value = "true";
    };
  };
}
