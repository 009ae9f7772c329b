{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains = [
      {
        definition = "/web.xml";
        hooks.start = "true";
      }
    ];
  };
}
