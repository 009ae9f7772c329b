# The guests of this user. The NixVirt module provides the argument `NixVirt`.
{NixVirt, ...}: {
  virtualisation.libvirt = {
    enable = true;

    connections."qemu:///session" = {
      # Storage pool: disks of the guests.
      pools.disks = {
        type = "dir";
        target.path = "/home/user/.local/share/libvirt/images";
        active = true;
      };

      # Guest with a new disk.
      domains.web = {
        definition = NixVirt.lib.domain.templates.linux {
          name = "web";
          storage_vol = {
            pool = "disks";
            volume = "web.qcow2";
            size = "20 GiB";
          };
        };
        # User-mode networking needs no privileges on the host.
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
