{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    definition = "/web.xml";
    graphicsPasswordFile.vnc = "${builtins.toFile "password" "hidden"}";
  };
}
