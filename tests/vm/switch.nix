# A switch applies the changes of a generation once, after its mounts, bridges and secrets are there, and hurts no guest.
_: {
  nodes.host = {
    lib,
    pkgs,
    ...
  }: let
    write = value: pkgs.writeShellScript "write-key" "install -D -m 600 <(echo -n ${value}) /run/keys/ceph";
  in {
    imports = [./host.nix];
    virtualisation.emptyDiskImages = [512];

    virtualisation.libvirt.connections."qemu:///system".secrets.ceph = {
      usage = {
        type = "ceph";
        name = "client.web";
      };
      valueFile = "/run/keys/ceph";
    };
    systemd.services.key = {
      description = "Write the secret";
      wantedBy = ["nixvirt.service"];
      before = ["nixvirt.service"];
      serviceConfig.Type = "oneshot";
      serviceConfig.ExecStart = lib.mkDefault (write "Zmlyc3Q=");
    };

    # Only the title of the guest changes.
    specialisation.title.configuration.virtualisation.libvirt.connections."qemu:///system".domains.web.title = "Web server";

    # A pool on a new file system, a bridge of the host, and a rotated secret.
    specialisation.more.configuration = {
      fileSystems."/srv/disks" = {
        device = "/dev/vdb";
        fsType = "ext4";
        autoFormat = true;
      };
      networking.bridges.br0.interfaces = [];
      systemd.services.key.serviceConfig.ExecStart = write "c2Vjb25k";
      virtualisation.libvirt.connections."qemu:///system" = {
        pools.more = {
          type = "dir";
          target.path = "/srv/disks/pool";
          active = true;
        };
        networks.bridged = {
          definition = {
            name = "bridged";
            forward.mode = "bridge";
            bridge.name = "br0";
          };
          active = true;
        };
      };
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
    running = pid()
    assert "first" in host.succeed("virsh secret-get-value $(virsh secret-list | awk '/ceph/ {print $1}') --plain")

    with subtest("a switch without a change changes nothing"):
        switch()
        assert pid() == running
        host.succeed("nixvirt plan --detailed-exitcode")

    with subtest("the plan of a switch is printed, and nothing is changed"):
        plan = host.succeed("/run/booted-system/specialisation/title/bin/switch-to-configuration dry-activate 2>&1")
        assert "Web server" in plan, plan
        host.fail("virsh dumpxml web | grep 'Web server'")

    with subtest("a changed title reaches the running guest"):
        switch("title")
        host.succeed("virsh dumpxml web | grep 'Web server'")
        assert pid() == running

    with subtest("a pool is on the file system that is new in the same switch"):
        switch("more")
        host.succeed("mountpoint /srv/disks")
        host.succeed("virsh pool-info more | grep 'State:.*running'")
        host.succeed("findmnt --target /srv/disks/pool --noheadings --output TARGET | grep -x /srv/disks")

    with subtest("a bridge and a secret that are new in the same switch are used"):
        host.succeed("virsh net-info bridged | grep 'Active:.*yes'")
        assert "second" in host.succeed("virsh secret-get-value $(virsh secret-list | awk '/ceph/ {print $1}') --plain")

    with subtest("the way back leaves the guest running"):
        switch()
        assert pid() == running
        host.fail("virsh net-info bridged")
        host.succeed("nixvirt status --exit-code")
  '';
}
