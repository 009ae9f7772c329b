# A roll-back, lost state records and a removed module: no guest ends, and nothing undeclared is touched.
_: {
  nodes.host = {lib, ...}: {
    imports = [./host.nix];
    specialisation.empty.configuration.virtualisation.libvirt.connections = lib.mkForce {};
    specialisation.without.configuration = {
      virtualisation.libvirt.enable = lib.mkForce false;
      virtualisation.libvirtd.enable = true;
    };
  };

  testScript = ''
    def switch(specialisation=None):
        path = f"/specialisation/{specialisation}" if specialisation else ""
        host.succeed(f"/run/booted-system{path}/bin/switch-to-configuration test")

    def pid():
        return host.succeed("cat /run/libvirt/qemu/web.pid")

    host.wait_for_unit("multi-user.target")
    host.wait_until_succeeds("virsh domstate web | grep running", timeout=120)
    host.succeed("virsh net-define <(echo '<network><name>mine</name></network>')")
    running = pid()

    with subtest("without the module, everything stays"):
        switch("without")
        host.fail("systemctl cat nixvirt.service")
        assert pid() == running

    with subtest("with it again, nothing changes"):
        switch()
        assert pid() == running
        host.succeed("nixvirt status --exit-code")

    with subtest("lost state records are made again"):
        host.succeed("rm -r /var/lib/nixvirt/*")
        host.succeed("systemctl start nixvirt.service")
        assert pid() == running
        host.succeed("nixvirt status --exit-code")

    with subtest("a connection that is no longer declared is no longer managed"):
        switch("empty")
        assert pid() == running

    host.succeed("virsh net-info mine")
  '';
}
