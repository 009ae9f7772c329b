# A host with NixVirt, a network, a pool and a guest. The guest is emulated, and has no disk: the virtual machine of a test need
# not support virtual machines.
{
  lib,
  NixVirt,
  ...
}: {
  imports = [../../nix-lib/modules/nixos.nix];

  virtualisation.memorySize = 1536;
  virtualisation.diskSize = 4096;
  virtualisation.libvirt.enable = true;
  virtualisation.libvirt.connections."qemu:///system" = {
    networks.lan = {
      definition = NixVirt.lib.network.templates.nat {
        name = "lan";
        subnet_byte = 74;
      };
      active = lib.mkDefault true;
      autostart = true;
    };
    pools.disks = {
      type = "dir";
      target.path = "/var/lib/libvirt/disks";
      active = true;
      autostart = true;
      volumes = [
        {
          definition = NixVirt.lib.volume.templates.qcow2 {
            name = "web.qcow2";
            size = "1 MiB";
          };
        }
      ];
    };
    domains.web = {
      type = "qemu";
      memory = "64 MiB";
      os = {
        type = "hvm";
        arch = "x86_64";
        machine = "q35";
      };
      devices.interface.lan = {
        type = "network";
        source.network = "lan";
        model.type = "virtio";
      };
      active = true;
    };
  };
}
