# The manifest of the picture of hosts.
lib: let
  volume = name: {
    xml = lib.volume.getXML (lib.volume.templates.qcow2 {
      name = "${name}.qcow2";
      size = "20 GiB";
    });
  };
  guest = name: {
    xml = lib.domain.getXML (lib.domain.templates.linux {
      inherit name;
      storage_vol = {
        pool = "disks";
        volume = "${name}.qcow2";
      };
      network = "lan";
    });
  };
  host = subnet: names: {
    networks = [
      {
        xml = lib.network.getXML (lib.network.templates.nat {
          name = "lan";
          subnet_byte = subnet;
        });
      }
    ];
    pools = [
      {
        xml = lib.pool.getXML (lib.pool.templates.dir {name = "disks";});
        volumes = map volume names;
      }
    ];
    domains = map guest names;
  };
in {
  version = 1;
  connections = {
    "qemu+ssh://root@alpha/system" = host 81 ["web" "database"];
    "qemu+ssh://root@beta/system" = host 82 ["build"];
  };
}
