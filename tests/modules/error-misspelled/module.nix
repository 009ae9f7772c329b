{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains.web = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      devices.disk.vda.driver.cahce = "none";
      devices.disk.vda.target.bus = "virtoi";
    };
  };
}
