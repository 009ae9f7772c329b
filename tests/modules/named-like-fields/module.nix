# Objects and devices with the names of fields: their values tell them from fields.
{lib, ...}: {
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    domains.memory = {
      type = "kvm";
      memory = "1 GiB";
      os.type = "hvm";
      devices = {
        channel.target = {
          type = "unix";
          target = {
            type = "virtio";
            name = "org.qemu.guest_agent.0";
          };
        };
        disk.serial = {
          source.file = "/web.qcow2";
          driver.type = "qcow2";
          target.dev = "vda";
        };
        interface.backend = {
          type = "network";
          source.network = "bridge";
        };
        interface.extra = {
          type = "bridge";
          source.bridge = "br0";
          model.type = "virtio";
        };
      };
    };
    networks.bridge = lib.mkMerge [
      {bridge.name = lib.mkDefault "br0";}
      (lib.mkIf true {forward.mode = "bridge";})
    ];
    networks.definition.definition = {
      forward.mode = "bridge";
      bridge.name = "br1";
    };
    pools.target = {
      type = "dir";
      target.path = "/images";
      volumes.key.capacity = "1 GiB";
    };
    pools.volumes = {
      type = "dir";
      target.path = "/volumes";
    };
  };
}
