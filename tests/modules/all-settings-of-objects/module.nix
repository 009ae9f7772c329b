{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    prune = "none";
    onChange = "stage";
    shutdown.timeout = 30;
    domains = [
      {
        definition = "/web.xml";
        active = true;
        autostart = true;
        restart = true;
        onChange = "restart";
        shutdown = {
          timeout = 5;
          force = true;
        };
        purge = ["nvram" "tpm" "managedSave" "snapshots"];
        graphicsPasswordFile.vnc = "/run/agenix/console";
        secretFiles.token = "/run/agenix/token";
        move = "live";
        storage = "copy";
        transport = "tls";
        rollbackSnapshots = 3;
        snapshots = [
          {definition = "/snapshot.xml";}
          {
            name = "old";
            present = false;
          }
        ];
      }
    ];
    networks = [
      {
        definition = "/lan.xml";
        active = false;
        autostart = false;
        restart = false;
        onChange = "never";
      }
    ];
    nwfilters = [{definition = "/filter.xml";}];
    pools = [
      {
        definition = "/pool.xml";
        autostart = true;
        volumes = [
          {
            definition = "/a.xml";
            content.file = "/image.qcow2";
          }
          {
            definition = "/b.xml";
            content.volume.name = "a";
          }
          {
            definition = "/c.xml";
            content.volume = {
              pool = "other";
              name = "a";
            };
          }
        ];
      }
    ];
    secrets = [
      {
        definition = "/secret.xml";
        valueFile = "/run/agenix/secret";
        base64 = true;
      }
    ];
  };
}
