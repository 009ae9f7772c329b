{
  NixVirt,
  lib,
  ...
}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains = [
      {
        type = "kvm";
        memory = "1 GiB";
        os.type = "hvm";
        name = "web";
        volumes = [
          {
            pool = "other";
            definition = {
              name = "b";
              capacity = 1;
            };
          }
        ];
      }
      {
        definition = NixVirt.lib.domain.templates.pc {
          name = "web";
          storage_vol = {
            pool = "other";
            volume = "b";
            size = 1;
          };
        };
      }
      {definition = "/web.xml";}
    ];
    networks = lib.mkMerge [[{name = "lan";}] {lan = {};}];
    pools.disks = {
      type = "dir";
      target.path = "/disks";
      volumes = [
        {
          name = "a";
          capacity = 1;
        }
        {
          name = "a";
          present = false;
        }
      ];
    };
  };
}
