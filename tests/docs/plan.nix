# The picture of a plan: what was applied to a host before, and what is declared now.
lib: let
  manifest = objects: {
    version = 1;
    connections."qemu:///system" = objects;
  };

  pool = volumes: {
    xml = lib.pool.getXML (lib.pool.templates.dir {name = "disks";});
    active = true;
    inherit volumes;
  };
  volume = name: size: {xml = lib.volume.getXML (lib.volume.templates.qcow2 {inherit name size;});};

  network = hosts: {
    xml = lib.network.getXML {
      name = "lan";
      bridge.name = "virbr74";
      ip = {
        address = "192.168.74.1";
        netmask = "255.255.255.0";
        dhcp = {
          range = {
            start = "192.168.74.2";
            end = "192.168.74.254";
          };
          host = hosts;
        };
      };
    };
    active = true;
  };

  disk = target: volume: {
    type = "volume";
    driver = {
      name = "qemu";
      type = "qcow2";
    };
    source = {
      pool = "disks";
      inherit volume;
    };
    target = {
      dev = target;
      bus = "virtio";
    };
  };
  domain = name: balloon: vcpu: disks: {
    xml = lib.domain.getXML {
      type = "qemu";
      inherit name vcpu;
      memory = "1 GiB";
      currentMemory = balloon;
      os = {
        type = "hvm";
        arch = "x86_64";
        machine = "q35";
      };
      devices = {
        disk = disks;
        interface = {
          type = "network";
          source.network = "lan";
          model.type = "virtio";
        };
      };
    };
    active = true;
  };
in {
  before = manifest {
    pools = [(pool [(volume "web.qcow2" "20 GiB") (volume "logs.qcow2" "5 GiB")])];
    networks = [(network [])];
    domains = [
      (domain "web" "512 MiB" 1 [(disk "vda" "web.qcow2") (disk "vdb" "logs.qcow2")])
      (domain "trial" "512 MiB" 1 [] // {active = false;})
    ];
  };

  after = manifest {
    pools = [(pool [(volume "web.qcow2" "20 GiB") (volume "logs.qcow2" "10 GiB") (volume "db.qcow2" "50 GiB")])];
    networks = [
      (network [
        {
          name = "db";
          ip = "192.168.74.10";
        }
      ])
    ];
    domains = [
      (domain "web" "768 MiB" 2 [(disk "vda" "web.qcow2") (disk "vdb" "logs.qcow2")])
      (domain "db" "1 GiB" 2 [(disk "vda" "db.qcow2")] // {autostart = true;})
    ];
  };
}
