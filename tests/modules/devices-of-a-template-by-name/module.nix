{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    definition = NixVirt.lib.domain.templates.linux {name = "web";};
    devices.interface.default = {
      type = "network";
      source.network = "lan";
      mac.address = "52:54:00:00:00:01";
    };
    devices.interface.second = {
      type = "bridge";
      source.bridge = "br0";
    };
    devices.graphics.spice.listen.address = "192.168.74.1";
    devices.graphics.vnc.autoport = true;
    devices.channel."org.qemu.guest_agent.0".source.mode = "bind";
    devices.video.default.model.vram = "32 MiB";
    devices.rng.default.rate.bytes = 1024;
  };
}
