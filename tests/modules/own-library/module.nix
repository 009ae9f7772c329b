# A configuration that sets the argument `NixVirt` itself uses that library instead of the module's.
{NixVirt, ...}: {
  _module.args.NixVirt.lib.network.templates.nat = {subnet_byte, ...}: {
    name = "of-the-flake";
    bridge.name = "virbr${toString subnet_byte}";
  };
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".networks = [
    {definition = NixVirt.lib.network.templates.nat {subnet_byte = 7;};}
  ];
}
