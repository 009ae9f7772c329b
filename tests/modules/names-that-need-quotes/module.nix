{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains."it's \"ü\" $HOME; a:b" = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      hooks.start = "true";
    };
  };
}
