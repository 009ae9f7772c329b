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
            name = "windows-seed";
            size = "1 MiB";
          };
          content = NixVirt.lib.seed.windows {
            user = "alice & bob";
            passwordFile = "/run/secrets/windows";
            productKeyFile = "/run/secrets/windows-key";
            timezone = "W. Europe Standard Time";
            remoteDesktop = true;
            disks = [
              [
                {
                  size = "60 GiB";
                  label = "Windows";
                }
                {
                  label = "Data";
                  letter = "E";
                }
              ]
              [{}]
            ];
            commands = ["cmd /c echo <done>"];
          };
        }
      ];
    };
  };
}
