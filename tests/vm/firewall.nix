# A guest gets an address of a declared network, whatever the firewall of the host. A network namespace on the bridge plays
# the guest.
{
  backend,
  pkgs,
}: {
  name = "nixvirt-firewall-${backend}";

  nodes.host = {
    imports = [./host.nix];
    networking.firewall.enable = true;
    networking.nftables.enable = backend != "iptables";
    services.firewalld.enable = backend == "firewalld";
    environment.systemPackages = [pkgs.busybox pkgs.iproute2];
  };

  testScript = ''
    host.wait_for_unit("multi-user.target")
    host.wait_until_succeeds("virsh net-info lan | grep 'Active:.*yes'", timeout=120)

    host.succeed("ip netns add guest")
    host.succeed("ip link add outside type veth peer name inside netns guest")
    host.succeed("ip link set outside master virbr74 up")
    host.succeed("ip -n guest link set inside up")
    host.succeed("ip netns exec guest busybox udhcpc -i inside -n -q -f -t 20 -s /bin/true 2>&1 | grep 192.168.74.")
    host.succeed("virsh net-dhcp-leases lan | grep 192.168.74.")

    report = host.execute("nixvirt doctor")[1]
    assert "firewall backend: ok" in report, report
  '';
}
