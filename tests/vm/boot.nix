# A host applies its manifest when it boots, and again when it boots the next time.
_: {
  nodes.host = ./host.nix;

  testScript = ''
    def is_applied():
        host.wait_for_unit("multi-user.target")
        host.wait_until_succeeds("virsh domstate web | grep running", timeout=120)
        host.succeed("virsh net-info lan | grep 'Active:.*yes'")
        host.succeed("virsh vol-info --pool disks web.qcow2")
        host.succeed("nixvirt status --exit-code")
        # The service has ended, so that the next switch starts it again.
        host.wait_until_fails("systemctl is-active nixvirt.service")
        host.fail("systemctl is-failed nixvirt.service")

    host.start()
    is_applied()
    before = host.succeed("virsh domuuid web")

    host.shutdown()
    host.start()
    is_applied()
    assert host.succeed("virsh domuuid web") == before, "the guest is the same one"

    # The host is as ready as doctor says, but for KVM, which a virtual machine may lack.
    report = host.execute("nixvirt doctor")[1]
    assert "socket:           ok" in report, report
    assert "state directory:  ok" in report, report
  '';
}
