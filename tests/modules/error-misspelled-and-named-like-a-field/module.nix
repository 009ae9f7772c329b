{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    type = "kvm";
    memory = "1 GiB";
    os.type = "hvm";
    devices.interface.backend = {
      type = "network";
      source.netwrok = "default";
    };
  };
}
