# The declaration in the pool takes precedence.
{
  imports = [../guest-with-a-sized-disk.nix];
  virtualisation.libvirt.connections."qemu:///system".pools.disks = {
    type = "dir";
    target.path = "/disks";
    volumes."web.qcow2".capacity = "8 GiB";
  };
}
