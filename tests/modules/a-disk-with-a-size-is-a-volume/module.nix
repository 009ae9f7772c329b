{
  imports = [../guest-with-a-sized-disk.nix];
  virtualisation.libvirt.connections."qemu:///system".pools.disks = {
    type = "dir";
    target.path = "/disks";
  };
}
