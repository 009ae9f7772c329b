# Answers are declared with the guest. The password is in none of what is shown.
{NixVirt, ...}: {
  virtualisation.libvirt = {
    enable = true;
    connections."qemu:///system".domains.office.definition = NixVirt.lib.domain.templates.windows11 {
      name = "office";
      storage_vol = {
        pool = "disks";
        volume = "office.qcow2";
        size = "80 GiB";
      };
      install_vol = "/var/lib/libvirt/images/Win11.iso";
      virtio_drive = true;
      virtio_net = true;
      unattended = {
        user = "alice";
        passwordFile = "/run/secrets/windows";
        locale = "de-DE";
      };
    };
  };
}
