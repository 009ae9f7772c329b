{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains = {
      definition = NixVirt.lib.domain.templates.linux {name = "web";};
      active = true;
    };
  };
}
