{
  NixVirt,
  lib,
  ...
}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains.web = {
      definition = NixVirt.lib.domain.templates.linux {
        name = "web";
        storage_vol = "/web.qcow2";
      };
      title = "The web server";
      devices.disk.vda.driver.cache = "writeback";
      devices.disk.vdb = {
        source.file = "/data.qcow2";
        target.bus = "virtio";
      };
      devices.interface = [];
      devices.video = [{model.type = "vga";}];
      devices.watchdog.first = {
        model = "itco";
        action = "reset";
      };
      cpu.mode = "host-model";
    };
  };
}
