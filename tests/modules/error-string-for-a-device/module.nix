{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system".domains.web = {
    type = "kvm";
    devices.disk.vdb = "/data.qcow2";
  };
}
