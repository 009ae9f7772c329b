{
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections = {
    "qemu:///system" = {
      domains = [];
      pools.disks = {
        type = "dir";
        target.path = "/data/disks";
      };
      secrets.key = {
        definition.usage.type = "volume";
        definition.usage.volume = "/data/disks/web";
        valueFile = "/run/secrets/key";
      };
    };
    # Folders of another host are no mount points of this one.
    "qemu+ssh://alpha/system".pools.disks = {
      type = "dir";
      target.path = "/srv/disks";
    };
  };
}
