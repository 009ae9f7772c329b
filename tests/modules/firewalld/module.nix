# NixOS refuses `networking.firewall.interfaces` beside firewalld.
{
  networking.firewall.backend = "firewalld";
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".networks.lan = {
    bridge.name = "virbr1";
    ip = {
      address = "192.168.7.1";
      prefix = 24;
    };
  };
}
