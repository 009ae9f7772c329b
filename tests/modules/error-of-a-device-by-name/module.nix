{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    definition = NixVirt.lib.domain.templates.linux {
      name = "web";
      storage_vol = "/web.qcow2";
    };
    devices.disk.vda.driver.cahce = "none";
    devices.interface.lan.type = "netwrok";
  };
}
