# The plugin for a Nix of nixpkgs is switched on: the rebuild takes the new nix.conf, and Nix loads the plugin.
{
  name,
  pkgs,
}: {
  name = "nixvirt-plugin-${name}";

  nodes.host = {
    imports = [../../nix-lib/modules/nixos.nix];
    nix.package = pkgs.nixVersions.${name};
    virtualisation.libvirt.enable = true;
    virtualisation.libvirt.plugin.enable = true;
  };

  testScript = ''
    host.wait_for_unit("multi-user.target")
    assert host.succeed("nix-instantiate --eval --expr 'builtins ? nixvirt'").strip() == "true"
    output = host.succeed("nix --extra-experimental-features nix-command config show 2>&1")
    assert "warning" not in output, output
    report = host.execute("nixvirt doctor")[1]
    assert "Nix plugin:       ok" in report, report
  '';
}
