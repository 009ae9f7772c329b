# A user who lingers has a libvirt of their own, which Home Manager fills, without privileges on the host.
{pkgs}: {
  nodes.host = {
    imports = ["${pkgs.home-manager.src}/nixos"];
    virtualisation.memorySize = 1536;
    virtualisation.libvirtd.enable = true;
    users.users.alice = {
      isNormalUser = true;
      linger = true;
    };
    home-manager.users.alice = {
      imports = [../../nix-lib/modules/home-manager.nix];
      home.stateVersion = "25.11";
      virtualisation.libvirt.enable = true;
      virtualisation.libvirt.connections."qemu:///session".domains.web = {
        type = "qemu";
        memory = "64 MiB";
        os = {
          type = "hvm";
          arch = "x86_64";
          machine = "q35";
        };
        active = true;
      };
    };
  };

  testScript = ''
    def alice(command):
        return host.succeed(f"su --login alice --command 'XDG_RUNTIME_DIR=/run/user/$(id -u) {command}'")

    host.wait_for_unit("multi-user.target")
    host.wait_for_unit("home-manager-alice.service")
    # At boot, the user's session may start after the activation.
    host.succeed("systemctl restart home-manager-alice.service")
    assert "running" in alice("virsh --connect qemu:///session domstate web")
    alice("nixvirt status --exit-code --manifest ~/.config/nixvirt/manifest.json")
    # The guest outlives the activation.
    host.succeed("systemctl restart home-manager-alice.service")
    assert "running" in alice("virsh --connect qemu:///session domstate web")
  '';
}
