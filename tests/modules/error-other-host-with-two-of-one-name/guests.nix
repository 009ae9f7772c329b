# The checks across objects are made as on NixOS.
{
  virtualisation.libvirt.connections."qemu:///system".networks = [
    {definition.name = "lan";}
    {definition.name = "lan";}
  ];
}
