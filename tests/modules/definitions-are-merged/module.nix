{
  imports = [
    ({lib, ...}: {
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///system" = {
        domains.web = {
          type = "kvm";
          memory = "1 GiB";
          os.type = "hvm";
          title = lib.mkDefault "one";
          devices.disk.vda.source.file = "/web";
        };
      };
    })
    ({lib, ...}: {
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///system" = {
        domains.web = {
          title = "two";
          devices.disk.vda.target.bus = lib.mkIf true "virtio";
          devices.disk.vdb = lib.mkIf false {};
        };
      };
    })
    ({lib, ...}: {
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///system" = {
        domains.web = {
          memory = lib.mkForce "2 GiB";
          devices.console = lib.mkMerge [[{type = "pty";}]];
        };
      };
    })
    {
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///system" = {
        networks = null;
      };
    }
    {
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///system" = {
        networks = null;
      };
    }
  ];
}
