# The network may be the one that the file declares.
{
  imports = [../guest-with-network-and-pool.nix];
  virtualisation.libvirt.connections."qemu:///system" = {
    networks = [{definition = "/lan.xml";}];
    pools.disks = {
      type = "dir";
      target.path = "/disks";
      volumes.some.capacity = 1;
    };
  };
}
