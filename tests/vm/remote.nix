# A host applies the manifest of another one over SSH.
{pkgs}: let
  inherit (import (pkgs.path + "/nixos/tests/ssh-keys.nix") pkgs) snakeOilEd25519PrivateKey snakeOilEd25519PublicKey;
in {
  nodes.far = {
    virtualisation.memorySize = 1024;
    virtualisation.libvirtd.enable = true;
    services.openssh.enable = true;
    users.users.root.openssh.authorizedKeys.keys = [snakeOilEd25519PublicKey];
  };

  nodes.near = {NixVirt, ...}: {
    imports = [../../nix-lib/modules/nixos.nix];
    programs.ssh.extraConfig = ''
      Host far
        StrictHostKeyChecking no
        IdentityFile /root/key
    '';
    systemd.tmpfiles.rules = ["C /root/key 0600 - - - ${snakeOilEd25519PrivateKey}"];
    virtualisation.libvirt.enable = true;
    virtualisation.libvirt.connections."qemu+ssh://root@far/system".networks.lan = {
      definition = NixVirt.lib.network.templates.isolated {
        name = "lan";
        subnet_byte = 76;
      };
      active = true;
    };
  };

  testScript = ''
    far.wait_for_unit("libvirtd.service")
    far.wait_for_unit("sshd.service")
    near.wait_for_unit("multi-user.target")
    near.succeed("systemctl start nixvirt.service")
    far.succeed("virsh net-info lan | grep 'Active:.*yes'")
    near.succeed("nixvirt status --exit-code")
    report = near.execute("nixvirt doctor --connect qemu+ssh://root@far/system")[1]
    assert "libvirt:         ok" in report, report
  '';
}
