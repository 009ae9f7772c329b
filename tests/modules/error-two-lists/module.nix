{
  imports = [
    {
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///system".domains.web = {
        type = "kvm";
        memory = "1 GiB";
        os.type = "hvm";
        devices.disk = [
          {
            source.file = "/web.qcow2";
            driver.type = "qcow2";
            target.dev = "vda";
          }
        ];
      };
    }
    {
      virtualisation.libvirt.connections."qemu:///system".domains.web.devices.disk = [
        {
          target = {
            dev = "vdb";
            buss = "virtio";
          };
        }
      ];
    }
  ];
}
