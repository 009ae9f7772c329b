# A hook and a TPM emulator that are added while the daemon and a guest run: the guest keeps running, and `nixvirt doctor` says what
# the daemon does not know until it is restarted.
_: {
  nodes.host = {
    imports = [./host.nix];
    specialisation.more.configuration.virtualisation.libvirt = {
      swtpm.enable = true;
      connections."qemu:///system".domains.web.hooks.started = "touch /tmp/started";
    };
  };

  testScript = ''
    host.wait_for_unit("multi-user.target")
    host.wait_until_succeeds("virsh domstate web | grep running", timeout=120)
    running = host.succeed("cat /run/libvirt/qemu/web.pid")

    host.succeed("/run/booted-system/specialisation/more/bin/switch-to-configuration test")
    assert host.succeed("cat /run/libvirt/qemu/web.pid") == running
    report = host.execute("nixvirt doctor")[1]
    assert "libvirtd does not find /run/current-system/sw/bin/swtpm" in report, report

    host.succeed("systemctl restart libvirtd.service")
    report = host.execute("nixvirt doctor")[1]
    assert "hooks:            ok" in report, report
    assert "TPM emulator:     ok" in report, report
    host.succeed("virsh destroy web && virsh start web")
    host.succeed("test -e /tmp/started")
  '';
}
