{NixVirt, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web.definition =
    NixVirt.lib.domain.templates.cloud {name = "web";};
}
