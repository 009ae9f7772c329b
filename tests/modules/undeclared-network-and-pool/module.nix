{
  imports = [../guest-with-network-and-pool.nix];
  virtualisation.libvirt.connections."qemu:///system" = {
    networks = [];
    pools = [];
  };
}
