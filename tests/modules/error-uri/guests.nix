# The host `system` and the daemon `system` look alike.
{
  virtualisation.libvirt.connections = {
    "qemu://system".domains = null;
    "qemu+ssh:///alpha/system".domains = null;
    "".domains = null;
    "qemu:///system".domains = null;
  };
}
