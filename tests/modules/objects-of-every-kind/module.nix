{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.verbose = true;
  virtualisation.libvirt.swtpm.enable = true;
  virtualisation.libvirt.connections."qemu:///session" = {
    domains = [
      {
        definition = NixVirt.lib.domain.writeXML (NixVirt.lib.domain.templates.linux {
          name = "Penguin";
          uuid = "cc7439ed-36af-4696-a6f2-1f0c4474d87e";
        });
      }
      {
        definition = "/etc/penguin.xml";
        active = true;
        restart = false;
      }
    ];
    networks = [
      {
        definition = NixVirt.lib.network.writeXML (NixVirt.lib.network.templates.bridge {
          uuid = "70b08691-28dc-4b47-90a1-45bbeac9ab5a";
          subnet_byte = 71;
        });
        active = true;
      }
    ];
    pools = [
      {
        definition = NixVirt.lib.pool.writeXML {
          name = "default";
          uuid = "650c5bbb-eebd-4cea-8a2f-36e1a75a8683";
          type = "dir";
          target.path = "/var/lib/pool";
        };
        active = true;
        volumes = [
          {
            definition = NixVirt.lib.volume.writeXML {
              name = "a.qcow2";
              capacity.count = 1024;
            };
          }
          {
            name = "b.qcow2";
            present = false;
          }
          {
            name = "c.qcow2";
            definition = "/etc/c.xml";
          }
        ];
      }
    ];
  };
}
