{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections = let
    web.domains.web = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      hooks.prepare = "true";
    };
  in {
    "qemu:///system" = web;
    "qemu:///session" = web;
    "qemu+ssh://host/system" = web;
  };
}
