//! What libvirt refuses of networks.

use super::super::refusal::Test::{Above, Any, Below, Given, Has, Is, Lacks, Not, Text, That, Whole};
use super::super::refusal::{Refusal, Table, is_one_of, refuse};
use super::{first, number, parts, spelled, text};
use crate::engine::value::Value;
use crate::kind::Kind::Network;
use std::net::IpAddr;

/// Modes of networks that libvirt gives neither a bridge nor addresses of its own.
const EXTERNAL: &[&str] = &["bridge", "passthrough", "private", "vepa", "hostdev"];

/// Such modes that have no bridge either.
const WITHOUT_BRIDGE: &[&str] = &["passthrough", "private", "vepa", "hostdev"];

/// Modes of networks other than NAT and routing.
const UNROUTED: &[&str] = &["none", "open", "bridge", "passthrough", "private", "vepa", "hostdev"];

/// The tables of networks.
pub(super) static TABLES: &[Table] = &[
    Table { kind: Network, at: &[], rows: WHOLE },
    Table { kind: Network, at: &["ip"], rows: IP },
    Table { kind: Network, at: &["dns", "srv"], rows: SRV },
    Table { kind: Network, at: &["dns", "forwarder"], rows: FORWARDER },
    Table { kind: Network, at: &["portgroup"], rows: PORTGROUP },
    Table { kind: Network, at: &["bandwidth"], rows: BANDWIDTH },
    Table { kind: Network, at: &["portgroup", "bandwidth"], rows: PORTGROUP_BANDWIDTH },
    Table { kind: Network, at: &["route"], rows: ROUTE },
    Table { kind: Network, at: &["dns", "txt"], rows: TXT },
    Table { kind: Network, at: &["vlan"], rows: VLAN },
    Table { kind: Network, at: &["portgroup", "vlan"], rows: PORTGROUP_VLAN },
];

const WHOLE: &[Refusal] = &[
    refuse(
        "forward-nat-mode",
        &[
            Has("forward.nat"),
            Is("forward.mode", &["route", "open", "bridge", "passthrough", "private", "vepa", "hostdev"]),
        ],
        "`forward.nat` requires the mode \"nat\"",
        [
            r#""forward": { "mode": "route", "nat": { "port": { "start": 1024, "end": 65535 } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "nat", "nat": { "port": { "start": 1024, "end": 65535 } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-nat-ports",
        &[Has("forward.nat.port"), That(|network, _| reversed(network, &["forward", "nat", "port"], port))],
        "the ports of `forward.nat` end before they start",
        [
            r#""forward": { "mode": "nat", "nat": { "port": { "start": 2048, "end": 1024 } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "nat", "nat": { "port": { "start": 1024, "end": 2048 } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-nat-addresses",
        &[Has("forward.nat.address"), That(|network, _| reversed(network, &["forward", "nat", "address"], ipv4))],
        "the addresses of `forward.nat` end before they start",
        [
            r#""forward": { "mode": "nat", "nat": { "address": { "start": "10.1.0.9", "end": "10.1.0.1" } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "nat", "nat": { "address": { "start": "10.1.0.1", "end": "10.1.0.9" } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-nat-wide",
        &[Has("forward.nat.address"), That(|network, _| has_wide_nat(network))],
        "the addresses of `forward.nat` are more than 65536, the most that libvirt accepts",
        [
            r#""forward": { "mode": "nat", "nat": { "address": { "start": "10.1.0.0", "end": "10.2.0.0" } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "nat", "nat": { "address": { "start": "10.1.0.0", "end": "10.1.255.255" } } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-without-ip",
        &[Has("forward"), Not("forward.mode", UNROUTED), Lacks("ip")],
        "a network with forward mode \"nat\" or \"route\" needs `ip`, the address of the host in it",
        [
            r#""forward": { "mode": "nat" }"#,
            r#""forward": { "mode": "nat" }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-devices",
        &[
            That(|network, _| parts(network, &["forward", "interface"]).len() > 1),
            Has("forward.interface"),
            Not("forward.mode", UNROUTED),
        ],
        "a network with forward mode \"nat\" or \"route\" can have at most one interface",
        [
            r#""forward": { "mode": "nat", "interface": [{ "dev": "eth0" }, { "dev": "eth1" }] }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "nat", "interface": { "dev": "eth0" } }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-open-device",
        &[Any(&[Has("forward.dev"), Has("forward.interface")]), Is("forward.mode", &["open"])],
        "forward mode \"open\" cannot have a device: libvirt adds no rules that restrict the network to the device",
        [
            r#""forward": { "mode": "open", "dev": "eth0" }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "open" }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "forward-first-interface",
        &[Has("forward.interface"), That(|network, _| first_interface_differs(network))],
        "`forward.dev` must be the first of `forward.interface`: omit it",
        [
            r#""forward": { "mode": "private", "dev": "eth0", "interface": { "dev": "eth1" } }"#,
            r#""forward": { "mode": "private", "interface": { "dev": "eth1" } }"#,
        ],
    ),
    refuse(
        "forward-sources",
        &[Has("forward.dev"), Any(&[Has("forward.pf"), Has("forward.address")])],
        "`forward.dev` conflicts with `pf` and `address`: name all devices in one way",
        [
            r#""forward": { "mode": "passthrough", "pf": { "dev": "eth0" }, "dev": "eth1" }"#,
            r#""forward": { "mode": "passthrough", "pf": { "dev": "eth0" } }"#,
        ],
    ),
    refuse(
        "forward-hostdev-interface",
        &[
            Is("forward.mode", &["hostdev"]),
            Lacks("forward.address"),
            Any(&[Has("forward.interface"), Has("forward.dev")]),
        ],
        "forward mode \"hostdev\" requires devices by `address` or `pf`",
        [
            r#""forward": { "mode": "hostdev", "interface": { "dev": "eth0" } }"#,
            r#""forward": { "mode": "hostdev", "pf": { "dev": "eth0" } }"#,
        ],
    ),
    refuse(
        "forward-address-mode",
        &[Has("forward.address"), Not("forward.mode", &["hostdev"])],
        "`forward.address` requires the mode \"hostdev\"",
        [
            r#""forward": { "mode": "passthrough", "address": { "type": "pci", "domain": 0, "bus": 1, "slot": 0, "function": 0 } }"#,
            r#""forward": { "mode": "passthrough", "interface": { "dev": "eth1" } }"#,
        ],
    ),
    refuse(
        "bridge-of-another-mode",
        &[Has("bridge.name"), Is("forward.mode", WITHOUT_BRIDGE)],
        "a network of this forward mode cannot have a bridge",
        [
            r#""forward": { "mode": "private", "interface": { "dev": "eth0" } }, "bridge": { "name": "br0" }"#,
            r#""forward": { "mode": "private", "interface": { "dev": "eth0" } }"#,
        ],
    ),
    refuse(
        "bridge-and-device",
        &[
            Is("forward.mode", &["bridge"]),
            Has("bridge.name"),
            Any(&[Has("forward.dev"), Has("forward.interface"), Has("forward.pf")]),
        ],
        "a network of forward mode \"bridge\" needs either a bridge of the host or a device of the host, not both",
        [
            r#""forward": { "mode": "bridge", "dev": "eth0" }, "bridge": { "name": "br0" }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#,
        ],
    ),
    refuse(
        "bridge-table-manager",
        &[Has("bridge.macTableManager"), Is("forward.mode", WITHOUT_BRIDGE)],
        "`bridge.macTableManager` requires a network with a bridge",
        [
            r#""forward": { "mode": "private", "interface": { "dev": "eth0" } }, "bridge": { "macTableManager": "libvirt" }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0", "macTableManager": "libvirt" }"#,
        ],
    ),
    refuse(
        "bridge-options",
        &[Any(&[Given("bridge.stp"), Given("bridge.zone"), Above("bridge.delay", 0)]), Is("forward.mode", EXTERNAL)],
        "`stp`, `delay` and `zone` require a bridge that libvirt makes, which a network of this forward mode does not have",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0", "stp": true }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#,
        ],
    ),
    refuse(
        "network-mtu-mode",
        &[Has("mtu"), Is("forward.mode", EXTERNAL)],
        "`mtu` requires a bridge that libvirt makes, which a network of this forward mode does not have",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "mtu": { "size": 9000 }"#,
            r#""bridge": { "name": "virbr7" }, "mtu": { "size": 9000 }"#,
        ],
    ),
    refuse(
        "network-mac-mode",
        &[Has("mac"), Is("forward.mode", EXTERNAL)],
        "`mac` requires a bridge that libvirt makes, which a network of this forward mode does not have",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "mac": { "address": "52:54:00:00:00:01" }"#,
            r#""bridge": { "name": "virbr7" }, "mac": { "address": "52:54:00:00:00:01" }"#,
        ],
    ),
    refuse(
        "network-ip-mode",
        &[Has("ip"), Is("forward.mode", EXTERNAL)],
        "a network of this forward mode cannot have `ip`: the host's own network assigns the addresses",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "ip": { "address": "10.0.0.1", "prefix": 24 }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#,
        ],
    ),
    refuse(
        "network-dns-mode",
        &[Any(&[Has("dns.txt"), Has("dns.host"), Has("dns.srv")]), Is("forward.mode", EXTERNAL)],
        "a network of this forward mode cannot have `dns`: libvirt runs no DNS server for it",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "dns": { "txt": { "name": "a", "value": "b" } }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#,
        ],
    ),
    refuse(
        "network-domain-mode",
        &[Has("domain"), Is("forward.mode", EXTERNAL)],
        "a network of this forward mode cannot have `domain`: libvirt runs no DNS server for it",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "domain": { "name": "lan" }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#,
        ],
    ),
    refuse(
        "network-bandwidth-mode",
        &[
            Any(&[Has("bandwidth.inbound"), Has("bandwidth.outbound")]),
            Is("forward.mode", EXTERNAL),
            Any(&[Not("forward.mode", &["bridge"]), Lacks("bridge.name")]),
        ],
        "`bandwidth` requires a network with a bridge",
        [
            r#""forward": { "mode": "private", "interface": { "dev": "eth0" } }, "bandwidth": { "inbound": { "average": 1000 } }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "bandwidth": { "inbound": { "average": 1000 } }"#,
        ],
    ),
    refuse(
        "network-vlan-mode",
        &[
            Has("vlan"),
            That(|network, _| !has_vlans(network, network)),
            That(|network, _| !has_default_portgroup(network)),
        ],
        "`vlan` requires a bridge of the host or of Open vSwitch, or forward mode \"passthrough\" or \"hostdev\"",
        [
            r#""forward": { "mode": "nat" }, "ip": { "address": "10.0.0.1", "prefix": 24 }, "vlan": { "tag": { "id": 42 } }"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "vlan": { "tag": { "id": 42 } }"#,
        ],
    ),
    refuse(
        "network-virtualport-type",
        &[Has("virtualport"), Lacks("virtualport.type")],
        "the virtual port of a network needs `type`",
        [
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "virtualport": {}"#,
            r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }, "virtualport": { "type": "openvswitch" }"#,
        ],
    ),
    refuse(
        "network-domain-register",
        &[Is("domain.register", &["yes"]), Not("domain.localOnly", &["yes"])],
        "`register` requires `localOnly`: otherwise the host would ask itself for names that it does not know",
        [
            r#""domain": { "name": "lan", "register": true }"#,
            r#""domain": { "name": "lan", "register": true, "localOnly": true }"#,
        ],
    ),
    refuse(
        "network-dns-disabled",
        &[Is("dns.enable", &["no"]), Any(&[Has("dns.forwarder"), Has("dns.txt"), Has("dns.host"), Has("dns.srv")])],
        "a disabled DNS server cannot have records",
        [
            r#""dns": { "enable": false, "txt": { "name": "a", "value": "b" } }"#,
            r#""dns": { "enable": true, "txt": { "name": "a", "value": "b" } }"#,
        ],
    ),
];

const IP: &[Refusal] = &[
    refuse(
        "dhcp-lease-short",
        &[Any(&[Has("dhcp.range.lease"), Has("dhcp.host.lease")]), That(|ip, _| has_short_lease(ip))],
        "a lease must last at least two minutes; 0 means that it never expires",
        [
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "range": { "start": "10.0.0.2", "end": "10.0.0.9", "lease": { "expiry": 1 } } }"#,
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "range": { "start": "10.0.0.2", "end": "10.0.0.9", "lease": { "expiry": 2 } } }"#,
        ],
    ),
    refuse(
        "ip-without-address",
        &[Lacks("address")],
        "an `ip` needs `address`, the address of the host in the network",
        [r#""prefix": 24"#, r#""address": "10.0.0.1", "prefix": 24"#],
    ),
    refuse(
        "ip-family",
        &[Has("address"), That(|ip, _| is_of_another_family(ip))],
        "the address does not belong to the address family in `family`",
        [r#""address": "fd00::1""#, r#""address": "fd00::1", "family": "ipv6", "prefix": 64"#],
    ),
    refuse(
        "ip-netmask-of-ipv6",
        &[Has("netmask"), Is("family", &["ipv6"])],
        "an IPv6 address cannot have `netmask`: set `prefix`",
        [
            r#""family": "ipv6", "address": "fd00::1", "netmask": "255.255.255.0""#,
            r#""family": "ipv6", "address": "fd00::1", "prefix": 64"#,
        ],
    ),
    refuse(
        "ip-prefix-of-ipv4",
        &[Above("prefix", 32), Not("family", &["ipv6"])],
        "the prefix of an IPv4 address must be at most 32",
        [r#""address": "10.0.0.1", "prefix": 33"#, r#""address": "10.0.0.1", "prefix": 24"#],
    ),
    refuse(
        "ip-tftp-of-ipv6",
        &[Has("tftp"), Is("family", &["ipv6"])],
        "`tftp` requires an IPv4 address",
        [
            r#""family": "ipv6", "address": "fd00::1", "prefix": 64, "tftp": { "root": "/srv" }"#,
            r#""address": "10.0.0.1", "prefix": 24, "tftp": { "root": "/srv" }"#,
        ],
    ),
    refuse(
        "dhcp-host-mac-of-ipv6",
        &[Has("dhcp.host.mac"), Is("family", &["ipv6"])],
        "DHCP for IPv6 identifies a host by `id` or `name`, not by `mac`",
        [
            r#""family": "ipv6", "address": "fd00::1", "prefix": 64, "dhcp": { "host": { "mac": "52:54:00:00:00:02", "ip": "fd00::2" } }"#,
            r#""family": "ipv6", "address": "fd00::1", "prefix": 64, "dhcp": { "host": { "name": "web", "ip": "fd00::2" } }"#,
        ],
    ),
    refuse(
        "dhcp-host-id-of-ipv4",
        &[Has("dhcp.host.id"), Not("family", &["ipv6"]), That(|ip, _| has_host_by_id_alone(ip))],
        "DHCP for IPv4 identifies a host by `mac` or `name`, not by `id`",
        [
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "id": "0:3:0:1:52:54:00:6b:3c:58", "ip": "10.0.0.2" } }"#,
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "mac": "52:54:00:00:00:02", "ip": "10.0.0.2" } }"#,
        ],
    ),
    refuse(
        "dhcp-bootp-server",
        &[Has("dhcp.bootp.server"), Not("family", &["ipv6"]), That(|ip, _| address(ip, "dhcp.bootp.server").is_none())],
        "the boot server must be an IP address: libvirt looks up no names",
        [
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "bootp": { "file": "pxelinux.0", "server": "boot.example.org" } }"#,
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "bootp": { "file": "pxelinux.0", "server": "10.0.0.2" } }"#,
        ],
    ),
    refuse(
        "dhcp-host-name",
        &[Has("dhcp.host.name"), That(|ip, _| has_odd_host_name(ip))],
        "the name of a DHCP host must start with a letter or digit",
        [
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "name": "_web", "ip": "10.0.0.2" } }"#,
            r#""address": "10.0.0.1", "prefix": 24, "dhcp": { "host": { "name": "web", "ip": "10.0.0.2" } }"#,
        ],
    ),
];

const SRV: &[Refusal] = &[
    refuse(
        "dns-srv-target",
        &[Any(&[Given("port"), Given("priority"), Given("weight")]), Lacks("target")],
        "`port`, `priority` and `weight` require `target`",
        [
            r#""service": "ldap", "protocol": "tcp", "port": 389"#,
            r#""service": "ldap", "protocol": "tcp", "port": 389, "target": "ldap.lan""#,
        ],
    ),
    refuse(
        "dns-srv-port",
        &[Below("port", 1)],
        "the port of a service must be 1 to 65535",
        [
            r#""service": "ldap", "protocol": "tcp", "port": 0, "target": "ldap.lan""#,
            r#""service": "ldap", "protocol": "tcp", "port": 389, "target": "ldap.lan""#,
        ],
    ),
    refuse(
        "dns-srv-lines",
        &[Any(&[Text("target", |target| target.contains('\n')), Text("domain", |domain| domain.contains('\n'))])],
        "the domain and the target of a service must be on one line",
        [
            r#""service": "ldap", "protocol": "tcp", "target": "two\nlines""#,
            r#""service": "ldap", "protocol": "tcp", "target": "ldap.example.org""#,
        ],
    ),
    refuse(
        "dns-srv-service",
        &[Has("service"), That(|srv, _| !spelled(srv, "service").is_none_or(|name| is_service(&name)))],
        "the name of a service can have only letters, digits, \"_\", \"-\", \"+\", \"/\" and \"*\"",
        [r#""service": "l d a p", "protocol": "tcp""#, r#""service": "ldap", "protocol": "tcp""#],
    ),
];

const FORWARDER: &[Refusal] = &[
    refuse(
        "dns-forwarder-empty",
        &[Lacks("addr"), Lacks("domain")],
        "a forwarder needs `addr`, `domain` or both",
        [r#""addr": null"#, r#""addr": "9.9.9.9""#],
    ),
    refuse(
        "dns-forwarder-port",
        &[Below("port", 1)],
        "a port must be at least 1",
        [r#""addr": "9.9.9.9", "port": 0"#, r#""addr": "9.9.9.9", "port": 53"#],
    )
    .since(12, 0),
];

const PORTGROUP: &[Refusal] = &[
    refuse(
        "portgroup-bandwidth-mode",
        &[
            Any(&[Has("bandwidth.inbound"), Has("bandwidth.outbound")]),
            Whole(&Is("forward.mode", EXTERNAL)),
            Whole(&Any(&[Not("forward.mode", &["bridge"]), Lacks("bridge.name")])),
        ],
        "`bandwidth` requires a network with a bridge",
        [r#""name": "slow", "bandwidth": { "inbound": { "average": 1000 } }"#, r#""name": "slow""#],
    )
    .beside(r#""forward": { "mode": "private", "interface": { "dev": "eth0" } }"#),
    refuse(
        "portgroup-vlan-mode",
        &[Any(&[Has("vlan"), Whole(&Has("vlan"))]), That(|portgroup, network| !has_vlans(portgroup, network))],
        "`vlan` requires a bridge of the host or of Open vSwitch, or forward mode \"passthrough\" or \"hostdev\"",
        [r#""name": "lab", "vlan": { "tag": { "id": 42 } }"#, r#""name": "lab""#],
    )
    .beside(r#""ip": { "address": "10.0.0.1", "prefix": 24 }"#),
];

const BANDWIDTH: &[Refusal] = &[
    refuse(
        "network-bandwidth-floor",
        &[Any(&[Has("inbound.floor"), Has("outbound.floor")])],
        "`floor` requires a network interface of a guest: remove it from the network",
        [r#""inbound": { "average": 1000, "floor": 100 }"#, r#""inbound": { "average": 1000 }"#],
    ),
    refuse(
        "network-bandwidth-class",
        &[Given("classID")],
        "libvirt chooses the traffic class: remove `classID`",
        [r#""classID": 1"#, r#""inbound": { "average": 1000 }"#],
    ),
    refuse(
        "network-bandwidth-average",
        &[Any(&[
            That(|bandwidth, _| lacks_average(bandwidth, "inbound")),
            That(|bandwidth, _| lacks_average(bandwidth, "outbound")),
        ])],
        "a limit needs `average`",
        [r#""inbound": { "peak": 1000 }"#, r#""inbound": { "average": 1000, "peak": 2000 }"#],
    ),
];

const PORTGROUP_BANDWIDTH: &[Refusal] = &[
    refuse(
        "portgroup-bandwidth-class",
        &[Given("classID")],
        "libvirt chooses the traffic class: remove `classID`",
        [r#""classID": 1"#, r#""inbound": { "average": 1000 }"#],
    )
    .within(r#""name": "slow""#),
    refuse(
        "portgroup-bandwidth-average",
        &[Any(&[
            That(|bandwidth, _| lacks_average(bandwidth, "inbound")),
            That(|bandwidth, _| lacks_average(bandwidth, "outbound")),
        ])],
        "a limit needs `average`",
        [r#""inbound": { "peak": 1000 }"#, r#""inbound": { "average": 1000, "peak": 2000 }"#],
    )
    .within(r#""name": "slow""#),
    refuse(
        "portgroup-bandwidth-floor",
        &[Any(&[Has("inbound.floor"), Has("outbound.floor")])],
        "`floor` requires a network interface of a guest: remove it from the port group",
        [r#""inbound": { "average": 1000, "floor": 100 }"#, r#""inbound": { "average": 1000 }"#],
    )
    .within(r#""name": "slow""#),
];

/// The addresses that have routes in the examples.
const ADDRESSES: &str =
    r#""ip": [{ "address": "10.0.0.1", "prefix": 24 }, { "family": "ipv6", "address": "fd00::1", "prefix": 64 }]"#;

const ROUTE: &[Refusal] = &[
    refuse(
        "route-family",
        &[Has("address"), That(|route, _| is_of_another_family(route))],
        "the address of the route does not belong to the address family in `family`",
        [
            r#""address": "fd00:1::", "prefix": 32, "gateway": "10.0.0.2""#,
            r#""family": "ipv6", "address": "fd00:1::", "prefix": 64, "gateway": "fd00::2""#,
        ],
    )
    .beside(ADDRESSES),
    refuse(
        "route-gateway-family",
        &[Has("gateway"), That(|route, _| has_gateway_of_another_family(route))],
        "the gateway of the route does not belong to the address family in `family`",
        [
            r#""address": "10.1.0.0", "prefix": 16, "gateway": "fd00::2""#,
            r#""address": "10.1.0.0", "prefix": 16, "gateway": "10.0.0.2""#,
        ],
    )
    .beside(ADDRESSES),
    refuse(
        "route-netmask-of-ipv6",
        &[Has("netmask"), Is("family", &["ipv6"])],
        "an IPv6 address cannot have `netmask`: set `prefix`",
        [
            r#""family": "ipv6", "address": "fd00:1::", "netmask": "255.255.255.0", "gateway": "fd00::2""#,
            r#""family": "ipv6", "address": "fd00:1::", "prefix": 64, "gateway": "fd00::2""#,
        ],
    )
    .beside(ADDRESSES),
    refuse(
        "route-prefix-of-ipv4",
        &[Above("prefix", 32), Not("family", &["ipv6"])],
        "the prefix of an IPv4 address must be at most 32",
        [
            r#""address": "10.1.0.0", "prefix": 33, "gateway": "10.0.0.2""#,
            r#""address": "10.1.0.0", "prefix": 16, "gateway": "10.0.0.2""#,
        ],
    )
    .beside(ADDRESSES),
    refuse(
        "route-host-bits",
        &[Has("address"), That(|route, _| has_host_bits(route))],
        "the address of a route must be that of a network: set `prefix`, so that all bits after the prefix are zero",
        [
            r#""address": "10.1.0.7", "prefix": 16, "gateway": "10.0.0.2""#,
            r#""address": "10.1.0.0", "prefix": 16, "gateway": "10.0.0.2""#,
        ],
    )
    .beside(ADDRESSES),
    refuse(
        "route-metric-zero",
        &[Below("metric", 1)],
        "the metric of a route must be greater than zero",
        [
            r#""address": "10.1.0.0", "prefix": 16, "gateway": "10.0.0.2", "metric": 0"#,
            r#""address": "10.1.0.0", "prefix": 16, "gateway": "10.0.0.2", "metric": 1"#,
        ],
    )
    .beside(ADDRESSES),
];

const TXT: &[Refusal] = &[refuse(
    "dns-txt-lines",
    &[Text("value", |value| value.contains('\n'))],
    "the value of a TXT record must be on one line",
    [r#""name": "note", "value": "two\nlines""#, r#""name": "note", "value": "one line""#],
)];

const VLAN: &[Refusal] = &[refuse(
    "vlan-native-twice",
    &[Has("tag.nativeMode"), That(|vlan, _| parts(vlan, &["tag", "nativeMode"]).len() > 1)],
    "at most one VLAN can be the native one",
    [
        r#""trunk": true, "tag": [{ "id": 1, "nativeMode": "tagged" }, { "id": 2, "nativeMode": "tagged" }]"#,
        r#""trunk": true, "tag": [{ "id": 1, "nativeMode": "tagged" }, { "id": 2 }]"#,
    ],
)
.beside(r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#)];

const PORTGROUP_VLAN: &[Refusal] = &[refuse(
    "portgroup-vlan-native-twice",
    &[Has("tag.nativeMode"), That(|vlan, _| parts(vlan, &["tag", "nativeMode"]).len() > 1)],
    "at most one VLAN can be the native one",
    [
        r#""trunk": true, "tag": [{ "id": 1, "nativeMode": "tagged" }, { "id": 2, "nativeMode": "tagged" }]"#,
        r#""trunk": true, "tag": [{ "id": 1, "nativeMode": "tagged" }, { "id": 2 }]"#,
    ],
)
.within(r#""name": "lab", "virtualport": { "type": "openvswitch" }"#)
.beside(r#""forward": { "mode": "bridge" }, "bridge": { "name": "br0" }"#)];

/// Returns the address of a text.
fn address(value: Value<'_>, name: &str) -> Option<IpAddr> {
    text(value, name)?.parse().ok()
}

pub(super) fn has_gateway_of_another_family(route: Value<'_>) -> bool {
    let is_v6 = text(route, "family") == Some("ipv6");
    address(route, "gateway").is_some_and(|gateway| gateway.is_ipv6() != is_v6)
}

/// Returns whether libvirt does not read a route of an interface as one to a network.
pub(super) fn is_no_network(route: Value<'_>) -> bool {
    let is_v6 = text(route, "family") == Some("ipv6");
    let prefix_fits = is_v6 || number(route, "prefix").is_none_or(|prefix| prefix <= 32);
    let has_mask_of_v4 = is_v6 && first(route, "netmask").is_some();
    has_host_bits(route) || !prefix_fits || has_mask_of_v4 || number(route, "metric") == Some(0)
}

/// Returns whether the address of a route has bits after its prefix, without which all bits are.
fn has_host_bits(route: Value<'_>) -> bool {
    let prefix = number(route, "prefix").unwrap_or(0).min(128) as u32;
    match (address(route, "address"), address(route, "netmask")) {
        (Some(IpAddr::V4(it)), Some(IpAddr::V4(netmask))) => it.to_bits() & !netmask.to_bits() != 0,
        (Some(IpAddr::V4(it)), _) => it.to_bits().checked_shl(prefix).is_some_and(|rest| rest != 0),
        (Some(IpAddr::V6(it)), None) => it.to_bits().checked_shl(prefix).is_some_and(|rest| rest != 0),
        _ => false,
    }
}

/// Returns the numbers that are `start` and `end` of the part at a path.
fn range(value: Value<'_>, path: &[&str], read: fn(Value<'_>) -> Option<u32>) -> Option<(u32, u32)> {
    let range = path.iter().try_fold(value, |value, name| value.attribute(name))?;
    let edge = |name| range.attribute(name).and_then(read);
    Some((edge("start")?, edge("end")?))
}

/// Returns whether `start` comes after `end` in the part at a path.
fn reversed(value: Value<'_>, path: &[&str], read: fn(Value<'_>) -> Option<u32>) -> bool {
    range(value, path, read).is_some_and(|(start, end)| start > end)
}

/// Returns whether a network has more addresses for NAT than libvirt accepts.
fn has_wide_nat(network: Value<'_>) -> bool {
    let range = range(network, &["forward", "nat", "address"], ipv4);
    range.is_some_and(|(start, end)| end.saturating_sub(start) > u32::from(u16::MAX))
}

fn port(value: Value<'_>) -> Option<u32> {
    value.number(10)
}

fn ipv4(value: Value<'_>) -> Option<u32> {
    Some(u32::from(value.text()?.parse::<std::net::Ipv4Addr>().ok()?))
}

fn first_interface_differs(network: Value<'_>) -> bool {
    let Some(forward) = network.attribute("forward") else { return false };
    let first = forward.attribute("interface").and_then(|it| it.items().next()).and_then(|it| text(it, "dev"));
    matches!((text(forward, "dev"), first), (Some(dev), Some(first)) if dev != first)
}

/// Returns whether a network, or a port group with its own virtual port, has VLANs.
fn has_vlans(with_port: Value<'_>, network: Value<'_>) -> bool {
    let mode = network.attribute("forward").and_then(|forward| text(forward, "mode"));
    match (port_type(with_port), mode) {
        (Some(kind), _) if with_port.index() != network.index() => {
            mode == Some("bridge") && kind == Some("openvswitch")
        }
        (_, Some("hostdev" | "passthrough")) => true,
        (_, Some("bridge")) => port_type(network).is_none_or(|kind| kind == Some("openvswitch")),
        _ => false,
    }
}

/// Returns the type of a virtual port, if there is a virtual port.
fn port_type(value: Value<'_>) -> Option<Option<&str>> {
    Some(text(value.attribute("virtualport")?, "type"))
}

fn has_default_portgroup(network: Value<'_>) -> bool {
    let groups = network.attribute("portgroup").into_iter().flat_map(Value::items);
    groups.into_iter().any(|group| group.attribute("default").is_some_and(|default| is_one_of(default, &["yes"])))
}

pub(super) fn is_of_another_family(ip: Value<'_>) -> bool {
    address(ip, "address").is_some_and(|address| address.is_ipv6() != (text(ip, "family") == Some("ipv6")))
}

/// Returns the hosts of a DHCP server.
fn hosts(ip: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let hosts = ip.attribute("dhcp").and_then(|dhcp| dhcp.attribute("host"));
    hosts.into_iter().flat_map(Value::items)
}

fn has_host_by_id_alone(ip: Value<'_>) -> bool {
    hosts(ip).any(|host| host.attribute("mac").is_none() && host.attribute("name").is_none())
}

fn has_odd_host_name(ip: Value<'_>) -> bool {
    hosts(ip)
        .any(|host| spelled(host, "name").is_some_and(|name| !name.starts_with(|it: char| it.is_ascii_alphanumeric())))
}

fn has_short_lease(ip: Value<'_>) -> bool {
    let leases = [["dhcp", "range", "lease"], ["dhcp", "host", "lease"]].into_iter().flat_map(|path| parts(ip, &path));
    leases.into_iter().any(|lease| match (number(lease, "expiry"), text(lease, "unit")) {
        (None | Some(0), _) => false,
        (Some(expiry), Some("seconds")) => expiry < 120,
        (Some(expiry), None | Some("minutes")) => expiry < 2,
        _ => false,
    })
}

fn is_service(name: &str) -> bool {
    name.len() <= 482 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+/*".contains(&byte))
}

fn lacks_average(bandwidth: Value<'_>, direction: &str) -> bool {
    bandwidth.attribute(direction).is_some_and(|limits| limits.attribute("average").is_none())
}
