{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains.web = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      devices.disk = {
        source.file = "/web.qcow2";
        type = "file";
      };
    };
  };
}
