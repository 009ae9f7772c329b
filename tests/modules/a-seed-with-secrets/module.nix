{NixVirt, ...}: {
  virtualisation.libvirt = {
    enable = true;
    connections."qemu:///system".pools.disks = {
      definition = {
        type = "dir";
        target.path = "/disks";
      };
      volumes = [
        {
          definition = NixVirt.lib.volume.templates.raw {
            name = "web-seed";
            size = "1 MiB";
          };
          content = NixVirt.lib.seed.cloudInit {
            name = "web";
            userData.password = "@password@";
            networkConfig.version = 2;
            secretFiles.password = "/run/secrets/web";
          };
        }
        {
          definition = NixVirt.lib.volume.templates.raw {
            name = "leap-seed";
            size = "1 MiB";
          };
          content = NixVirt.lib.seed.ignition {
            config.ignition.version = "3.4.0";
            script = "#!/bin/sh\n";
          };
        }
      ];
    };
  };
}
