{
  imports = [../guest-with-network-and-pool.nix];
  virtualisation.libvirt.connections."qemu:///system" = {
    networks.lan = {};
    pools.disks = {
      type = "dir";
      target.path = "/disks";
      volumes.some.capacity = 1;
    };
  };
}
