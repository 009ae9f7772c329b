# The virtual machines of this user.
{NixVirt, ...}: {
  virtualisation.libvirt = {
    enable = true;
    connections."qemu:///session" = {
      pools.disks = {
        type = "dir";
        target.path = "/home/user/.local/share/libvirt/images";
        active = true;
      };

      domains.web = {
        definition = NixVirt.lib.domain.templates.linux {
          name = "web";
          storage_vol = {
            pool = "disks";
            volume = "web.qcow2";
            size = "20 GiB";
          };
        };
        # Without rights on the host, a guest reaches others through QEMU.
        devices.interface = [
          {
            type = "user";
            model.type = "virtio";
          }
        ];
      };
    };
  };
}
