# A host whose libvirt has its own network `default`, with a UUID of its own, takes the declaration of a network of that name.
_: {
  nodes.host = {NixVirt, ...}: {
    imports = [../../nix-lib/modules/nixos.nix];
    virtualisation.memorySize = 1024;
    virtualisation.libvirt.enable = true;

    specialisation.declared.configuration.virtualisation.libvirt.connections."qemu:///system".networks = [
      {
        definition = NixVirt.lib.network.templates.bridge {subnet_byte = 71;};
        active = true;
      }
    ];
  };

  testScript = ''
    host.wait_for_unit("multi-user.target")
    host.wait_for_unit("libvirtd.service")
    uuid = host.succeed("virsh net-uuid default")

    host.succeed("/run/booted-system/specialisation/declared/bin/switch-to-configuration test")
    assert host.succeed("virsh net-uuid default") == uuid, "the network is the same one"
    host.succeed("virsh net-dumpxml default | grep 192.168.71.1")
    host.succeed("nixvirt status --exit-code")
  '';
}
