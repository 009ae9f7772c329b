{
  NixVirt,
  lib,
  ...
}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains = [
      {
        definition = NixVirt.lib.domain.writeXML (NixVirt.lib.domain.templates.cloud {
          name = "web";
          image = "/image.qcow2";
          storage_vol = {
            pool = "disks";
            volume = "web.qcow2";
            size = "20 GiB";
          };
        });
      }
    ];
  };
}
