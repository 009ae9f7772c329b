//! What libvirt refuses of network interfaces.

use super::super::refusal::Test::{Above, Any, AnyOf, Given, Has, Is, Lacks, Not, Other, That};
use super::super::refusal::{Refusal, refuse};
use super::devices::has_vendor_zero;
use super::disk::SHARED;
use super::network::{has_gateway_of_another_family, is_no_network, is_of_another_family};
use super::{first, is_x86, number, parts, shares_memory, text};
use crate::engine::value::Value;

/// The models of interfaces that are virtio devices.
const VIRTIO: &[&str] = &["virtio", "virtio-transitional", "virtio-non-transitional"];

/// The rows on each interface.
pub(super) const ROWS: &[Refusal] = &[
    refuse(
        "interface-bridge-source",
        &[Is("type", &["bridge"]), Lacks("source.bridge")],
        "an interface of type \"bridge\" needs `source.bridge`, the name of the bridge",
        [r#""type": "bridge""#, r#""type": "bridge", "source": { "bridge": "br0" }"#],
    ),
    refuse(
        "interface-vhostuser-source",
        &[Is("type", &["vhostuser"]), Lacks("source.path"), Not("backend.type", &["passt"])],
        "an interface of type \"vhostuser\" needs `source.path`, the socket of the program behind it",
        [
            r#""type": "vhostuser", "source": { "type": "unix", "mode": "client" }, "model": { "type": "virtio" }"#,
            r#""type": "vhostuser", "source": { "type": "unix", "path": "/run/vm.sock", "mode": "client" }, "model": { "type": "virtio" }"#,
        ],
    )
    .beside(SHARED),
    refuse(
        "interface-vhostuser-memory",
        &[Is("type", &["vhostuser"]), That(|_, domain| !shares_memory(domain))],
        "an interface of type \"vhostuser\" requires shared memory: set memoryBacking.access.mode = \"shared\"",
        [
            r#""type": "vhostuser", "source": { "type": "unix", "path": "/run/vm.sock", "mode": "client" }, "model": { "type": "virtio" }"#,
            r#""type": "user", "model": { "type": "virtio" }"#,
        ],
    ),
    refuse(
        "interface-virtio-model",
        &[Other("model.type", VIRTIO), Is("type", &["vhostuser", "vdpa"])],
        "an interface of this type requires the model \"virtio\"",
        [
            r#""type": "vdpa", "source": { "dev": "vdpa0" }, "model": { "type": "e1000" }"#,
            r#""type": "vdpa", "source": { "dev": "vdpa0" }, "model": { "type": "virtio" }"#,
        ],
    ),
    refuse(
        "interface-vds",
        &[Is("type", &["vds", "internal"])],
        "QEMU has no interface of this type",
        [r#""type": "internal", "source": { "name": "a" }"#, r#""type": "user""#],
    ),
    refuse(
        "interface-passt-type",
        &[Is("backend.type", &["passt"]), Not("type", &["user", "vhostuser"])],
        "the backend \"passt\" requires an interface of type \"user\" or \"vhostuser\"",
        [
            r#""type": "network", "source": { "network": "default" }, "backend": { "type": "passt" }"#,
            r#""type": "user", "backend": { "type": "passt" }"#,
        ],
    ),
    refuse(
        "interface-port-forward",
        &[Has("portForward"), Any(&[Not("type", &["user", "vhostuser"]), Not("backend.type", &["passt"])])],
        "`portForward` requires an interface of type \"user\" with the backend \"passt\"",
        [
            r#""type": "user", "portForward": { "proto": "tcp", "range": { "start": 22, "to": 2222 } }"#,
            r#""type": "user", "backend": { "type": "passt" }, "portForward": { "proto": "tcp", "range": { "start": 22, "to": 2222 } }"#,
        ],
    ),
    refuse(
        "interface-unmanaged-target",
        &[Is("target.managed", &["no"]), Not("type", &["ethernet"])],
        "`target.managed` requires an interface of type \"ethernet\"",
        [
            r#""type": "network", "source": { "network": "default" }, "target": { "dev": "tap0", "managed": false }"#,
            r#""type": "ethernet", "target": { "dev": "tap0", "managed": false }"#,
        ],
    ),
    refuse(
        "interface-isolated-type",
        &[Is("port.isolated", &["yes"]), Not("type", &["network", "bridge"])],
        "`port.isolated` requires an interface of type \"network\" or \"bridge\"",
        [
            r#""type": "user", "port": { "isolated": true }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "port": { "isolated": true }"#,
        ],
    ),
    refuse(
        "interface-isolated-virtualport",
        &[Is("port.isolated", &["yes"]), Has("virtualport.type"), Is("type", &["network", "bridge"])],
        "`port.isolated` conflicts with `virtualport`: remove one of them",
        [
            r#""type": "bridge", "source": { "bridge": "br0" }, "virtualport": { "type": "openvswitch" }, "port": { "isolated": true }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "port": { "isolated": true }"#,
        ],
    ),
    refuse(
        "interface-virtualport-type",
        &[Has("virtualport"), Lacks("virtualport.type"), Is("type", &["direct", "bridge", "hostdev"])],
        "the virtual port of an interface of this type needs `type`",
        [
            r#""type": "direct", "source": { "dev": "eth0" }, "virtualport": {}"#,
            r#""type": "direct", "source": { "dev": "eth0" }, "virtualport": { "type": "802.1Qbh", "parameters": { "profileid": "web" } }"#,
        ],
    ),
    refuse(
        "interface-virtualport-qbg",
        &[
            Is("virtualport.type", &["802.1Qbg"]),
            Is("type", &["direct", "bridge", "hostdev"]),
            Any(&[
                Lacks("virtualport.parameters.managerid"),
                Lacks("virtualport.parameters.typeid"),
                Lacks("virtualport.parameters.typeidversion"),
            ]),
        ],
        "a virtual port of type \"802.1Qbg\" needs `managerid`, `typeid` and `typeidversion` in `parameters`",
        [
            r#""type": "direct", "source": { "dev": "eth0" }, "virtualport": { "type": "802.1Qbg" }"#,
            r#""type": "direct", "source": { "dev": "eth0" }, "virtualport": { "type": "802.1Qbg", "parameters": { "managerid": 1, "typeid": 2, "typeidversion": 3 } }"#,
        ],
    ),
    refuse(
        "interface-virtualport-qbh",
        &[
            Is("virtualport.type", &["802.1Qbh"]),
            Is("type", &["direct", "bridge", "hostdev"]),
            Any(&[Lacks("virtualport.parameters.profileid"), Is("virtualport.parameters.profileid", &[""])]),
        ],
        "a virtual port of type \"802.1Qbh\" needs `parameters.profileid`",
        [
            r#""type": "direct", "source": { "dev": "eth0" }, "virtualport": { "type": "802.1Qbh" }"#,
            r#""type": "direct", "source": { "dev": "eth0" }, "virtualport": { "type": "802.1Qbh", "parameters": { "profileid": "web" } }"#,
        ],
    ),
    refuse(
        "interface-guest-route",
        &[Has("route"), Not("backend.type", &["passt"])],
        "QEMU cannot set routes in the guest",
        [
            r#""type": "user", "route": { "family": "ipv4", "address": "10.1.0.0", "prefix": 16, "gateway": "10.0.2.2" }"#,
            r#""type": "user""#,
        ],
    ),
    refuse(
        "interface-passt-route",
        &[Has("route"), Is("backend.type", &["passt"])],
        "libvirt cannot set routes in the guest",
        [
            r#""type": "user", "backend": { "type": "passt" }, "route": { "gateway": "10.0.2.2" }"#,
            r#""type": "user", "backend": { "type": "passt" }"#,
        ],
    )
    .until(12, 1),
    refuse(
        "interface-passt-default-route",
        &[Any(&[
                Has("route.address"),
                Above("route.prefix", 0),
                Other("route.netmask", &["0.0.0.0"]),
                Has("route.metric"),
            ]), Is("backend.type", &["passt"])],
        "the backend \"passt\" supports only default routes: set only `family` and `gateway`",
        [
            r#""type": "user", "backend": { "type": "passt" }, "route": { "address": "10.1.0.0", "prefix": 16, "gateway": "10.0.2.2" }"#,
            r#""type": "user", "backend": { "type": "passt" }, "route": { "gateway": "10.0.2.2" }"#,
        ],
    )
    .since(12, 2),
    refuse(
        "interface-passt-routes",
        &[Has("route"), Is("backend.type", &["passt"]), That(|interface, _| has_two_routes_of_a_family(interface))],
        "an interface with the backend \"passt\" can have only one default route of each family",
        [
            r#""type": "user", "backend": { "type": "passt" }, "route": [{ "gateway": "10.0.2.2" }, { "gateway": "10.0.2.3" }]"#,
            r#""type": "user", "backend": { "type": "passt" }, "route": [{ "gateway": "10.0.2.2" }, { "family": "ipv6", "gateway": "fe80::1" }]"#,
        ],
    )
    .since(12, 2),
    refuse(
        "interface-backend-name",
        &[Any(&[Has("backend.hostname"), Has("backend.fqdn")]), Not("backend.type", &["passt"])],
        "`hostname` and `fqdn` require the backend \"passt\"",
        [
            r#""type": "user", "backend": { "hostname": "vm" }"#,
            r#""type": "user", "backend": { "type": "passt", "hostname": "vm" }"#,
        ],
    )
    .since(11, 8),
    refuse(
        "interface-guest-address",
        &[Has("ip"), Not("type", &["user", "vhostuser"])],
        "QEMU can set addresses in the guest only on interfaces of type \"user\"",
        [
            r#""type": "network", "source": { "network": "default" }, "ip": { "address": "192.168.122.9", "prefix": 24 }"#,
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "interface-guest-addresses",
        &[Has("ip"), Is("type", &["user"]), That(|interface, _| has_two_of_a_family(interface))],
        "an interface of type \"user\" can have only one address of each family",
        [
            r#""type": "user", "ip": [{ "address": "172.17.2.0", "family": "ipv4", "prefix": 24 }, { "address": "172.18.2.0", "family": "ipv4", "prefix": 24 }]"#,
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "interface-address-family",
        &[
            Any(&[Has("ip.family"), Has("source.ip.family")]),
            That(|it, _| has_address_of_another_family(it, &["ip"]) || has_address_of_another_family(it, &["source", "ip"])),
        ],
        "the address does not belong to the address family in `family`",
        [
            r#""type": "user", "ip": { "address": "fd00::1", "family": "ipv4", "prefix": 64 }"#,
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "interface-route-family",
        &[
            Has("source.route"),
            That(|it, _| {
                let routes = parts(it, &["source", "route"]);
                routes.into_iter().any(|route| is_of_another_family(route) || has_gateway_of_another_family(route))
            }),
        ],
        "the address or the gateway of the route does not belong to the address family in `family`",
        [
            r#""type": "ethernet", "source": { "route": { "family": "ipv4", "address": "fd00::", "prefix": 24, "gateway": "fd00::1" } }"#,
            r#""type": "ethernet", "source": { "route": { "family": "ipv6", "address": "fd00::", "prefix": 64, "gateway": "fd00::1" } }"#,
        ],
    ),
    refuse(
        "interface-bandwidth-class",
        &[Has("bandwidth.classID")],
        "`classID` is for the ports of networks, for which libvirt chooses it: remove it",
        [
            r#""type": "bridge", "source": { "bridge": "br0" }, "bandwidth": { "classID": 36 }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "bandwidth": { "inbound": { "average": 1000 } }"#,
        ],
    ),
    refuse(
        "interface-peer-family",
        &[Any(&[Has("ip.peer"), Has("source.ip.peer")]), That(has_peer_of_another_family)],
        "the peer does not belong to the address family in `family`, which is that of the address by default",
        [
            r#""type": "ethernet", "source": { "ip": { "address": "fd00::1", "peer": "10.0.0.1" } }"#,
            r#""type": "ethernet", "source": { "ip": { "address": "fd00::1", "peer": "fd00::2" } }"#,
        ],
    ),
    refuse(
        "interface-usb-vendor",
        &[Has("source.vendor.id"), Is("type", &["hostdev"]), That(has_vendor_zero)],
        "the ID of the vendor must not be 0",
        [
            r#""type": "hostdev", "source": { "vendor": { "id": "0x0000" }, "product": { "id": "0x5678" } }"#,
            r#""type": "hostdev", "source": { "vendor": { "id": "0x1234" }, "product": { "id": "0x5678" } }"#,
        ],
    ),
    refuse(
        "interface-route-network",
        &[
            Has("source.route"),
            That(|interface, _| parts(interface, &["source", "route"]).into_iter().any(is_no_network)),
        ],
        "the address of a route must be that of a network, all of whose bits after the prefix are zero, and its metric greater than zero",
        [
            r#""type": "ethernet", "source": { "route": { "family": "ipv6", "address": "fd00::7", "prefix": 64, "gateway": "fd00::1" } }"#,
            r#""type": "ethernet", "source": { "route": { "family": "ipv6", "address": "fd00::", "prefix": 64, "gateway": "fd00::1" } }"#,
        ],
    ),
    refuse(
        "interface-prefix",
        &[Any(&[Has("ip.prefix"), Has("source.ip.prefix")]), That(|interface, _| has_long_prefix(interface))],
        "the prefix of an IPv4 address must be at most 32",
        [
            r#""type": "ethernet", "source": { "ip": { "address": "10.0.0.1", "prefix": 33 } }"#,
            r#""type": "ethernet", "source": { "ip": { "address": "10.0.0.1", "prefix": 32 } }"#,
        ],
    ),
    refuse(
        "interface-passt-prefix",
        &[Has("ip.prefix"), Is("backend.type", &["passt"]), That(|interface, _| has_odd_prefix(interface, 4))],
        "the prefix of an IPv4 address must be 4 to 27",
        [
            r#""type": "user", "backend": { "type": "passt" }, "ip": { "address": "172.17.2.0", "prefix": 28 }"#,
            r#""type": "user", "backend": { "type": "passt" }, "ip": { "address": "172.17.2.0", "prefix": 24 }"#,
        ],
    )
    .until(11, 3),
    refuse(
        "interface-passt-prefix-v6",
        &[Has("ip.prefix"), Is("backend.type", &["passt"]), That(|interface, _| has_odd_prefix(interface, 6))],
        "the prefix of an IPv6 address must be 64",
        [
            r#""type": "user", "backend": { "type": "passt" }, "ip": { "address": "fd00::1", "prefix": 65 }"#,
            r#""type": "user", "backend": { "type": "passt" }, "ip": { "address": "fd00::1", "prefix": 64 }"#,
        ],
    ),
    refuse(
        "interface-vlan-type",
        &[
            Has("vlan.tag"),
            Not("type", &["network", "bridge", "hostdev"]),
            Any(&[Not("type", &["direct"]), Not("source.mode", &["passthrough"])]),
        ],
        "`vlan` requires an interface of type \"network\", \"bridge\" or \"hostdev\", or of type \"direct\" in mode \"passthrough\"",
        [
            r#""type": "user", "vlan": { "tag": { "id": 5 } }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "vlan": { "tag": { "id": 5 } }"#,
        ],
    )
    .accepted_before(12, 8),
    refuse(
        "interface-guest-prefix",
        &[
            Has("ip.prefix"),
            Is("type", &["user"]),
            Not("backend.type", &["passt"]),
            That(|interface, _| has_odd_prefix(interface, 4) || has_odd_prefix(interface, 6)),
        ],
        "the prefix of an interface of type \"user\" must be 4 to 27 for IPv4, and 64 for IPv6",
        [
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 28 }"#,
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "interface-guest-peer",
        &[Has("ip.peer"), Is("type", &["user"])],
        "QEMU does not support `peer`",
        [
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 24, "peer": "172.17.2.1" }"#,
            r#""type": "user", "ip": { "address": "172.17.2.0", "family": "ipv4", "prefix": 24 }"#,
        ],
    ),
    refuse(
        "interface-queue-size",
        &[
            Any(&[
                That(|interface, _| is_odd_size(interface, "driver.rx_queue_size")),
                That(|interface, _| is_odd_size(interface, "driver.tx_queue_size")),
            ]),
            Is("model.type", VIRTIO),
            Has("driver"),
        ],
        "the size of a queue must be a power of two",
        [
            r#""type": "user", "model": { "type": "virtio" }, "driver": { "rx_queue_size": 500 }"#,
            r#""type": "user", "model": { "type": "virtio" }, "driver": { "rx_queue_size": 512 }"#,
        ],
    ),
    refuse(
        "interface-virtio-driver",
        &[
            AnyOf("driver", &[Given("iommu"), Given("ats"), Given("packed"), Given("page_per_vq")]),
            Not("model.type", VIRTIO),
        ],
        "this driver setting requires the model \"virtio\"",
        [
            r#""type": "user", "model": { "type": "e1000" }, "driver": { "iommu": true }"#,
            r#""type": "user", "model": { "type": "virtio" }, "driver": { "iommu": true }"#,
        ],
    ),
    refuse(
        "interface-queues-type",
        &[Above("driver.queues", 1), Is("type", &["user", "mcast", "client", "server", "udp", "internal", "null", "hostdev"]), Is("model.type", VIRTIO)],
        "an interface of this type can have only one queue",
        [
            r#""type": "user", "model": { "type": "virtio" }, "driver": { "queues": 4 }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "model": { "type": "virtio" }, "driver": { "queues": 4 }"#,
        ],
    ),
    refuse(
        "interface-mtu-type",
        &[Has("mtu"), Is("type", &["direct", "mcast", "client", "server", "udp", "internal", "null", "hostdev", "vdpa"])],
        "an interface of this type cannot have `mtu`",
        [
            r#""type": "direct", "source": { "dev": "eth0", "mode": "bridge" }, "mtu": { "size": 9000 }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "mtu": { "size": 9000 }"#,
        ],
    ),
    refuse(
        "interface-mtu-user",
        &[Has("mtu"), Is("type", &["user"]), Not("backend.type", &["passt"])],
        "`mtu` of an interface of type \"user\" requires the backend \"passt\"",
        [
            r#""type": "user", "mtu": { "size": 9000 }"#,
            r#""type": "user", "backend": { "type": "passt" }, "mtu": { "size": 9000 }"#,
        ],
    ),
    refuse(
        "interface-coalesce-type",
        &[Has("coalesce.rx.frames.max"), Not("type", &["network", "bridge"])],
        "`coalesce` requires an interface of type \"network\" or \"bridge\"",
        [
            r#""type": "user", "coalesce": { "rx": { "frames": { "max": 7 } } }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "coalesce": { "rx": { "frames": { "max": 7 } } }"#,
        ],
    ),
    refuse(
        "interface-teaming-model",
        &[
            Is("teaming.type", &["persistent"]),
            Not("model.type", VIRTIO),
            Any(&[Has("model.type"), That(|it, domain| is_x86(domain) && text(it, "type") != Some("vdpa"))]),
        ],
        "the persistent interface of a team requires the model \"virtio\"",
        [
            r#""type": "user", "model": { "type": "e1000" }, "teaming": { "type": "persistent" }"#,
            r#""type": "user", "model": { "type": "virtio" }, "teaming": { "type": "persistent" }"#,
        ],
    ),
    refuse(
        "interface-teaming-type",
        &[Is("teaming.type", &["transient"]), Not("type", &["hostdev", "network"])],
        "the transient interface of a team requires the type \"hostdev\", or \"network\" with a network of host devices",
        [
            r#""type": "user", "teaming": { "type": "transient", "persistent": "ua-a" }"#,
            r#""type": "network", "source": { "network": "default" }, "teaming": { "type": "transient", "persistent": "ua-a" }"#,
        ],
    ),
    refuse(
        "interface-bandwidth-average",
        &[
            Any(&[That(|it, _| lacks_average(it, "inbound")), That(|it, _| lacks_average(it, "outbound"))]),
            Has("bandwidth"),
        ],
        "a limit needs `average`",
        [
            r#""type": "bridge", "source": { "bridge": "br0" }, "bandwidth": { "inbound": { "peak": 1000 } }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "bandwidth": { "inbound": { "average": 1000 } }"#,
        ],
    ),
    refuse(
        "interface-bandwidth-floor",
        &[Any(&[Has("bandwidth.outbound.floor"), That(|it, _| has_floor_elsewhere(it))]), Has("bandwidth")],
        "`floor` requires inbound traffic of an interface of type \"network\"",
        [
            r#""type": "bridge", "source": { "bridge": "br0" }, "bandwidth": { "inbound": { "average": 1000, "floor": 100 } }"#,
            r#""type": "network", "source": { "network": "default" }, "bandwidth": { "inbound": { "average": 1000, "floor": 100 } }"#,
        ],
    ),
    refuse(
        "interface-rom-disabled",
        &[Is("rom.enabled", &["no"]), Any(&[Given("rom.bar"), Has("rom.file")])],
        "a disabled ROM cannot have other settings",
        [
            r#""type": "user", "rom": { "enabled": false, "bar": true }"#,
            r#""type": "user", "rom": { "enabled": false }"#,
        ],
    ),
    refuse(
        "interface-vlan-native-twice",
        &[Has("vlan.tag.nativeMode"), That(|it, _| parts(it, &["vlan", "tag", "nativeMode"]).len() > 1)],
        "at most one VLAN can be the native one",
        [
            r#""type": "bridge", "source": { "bridge": "br0" }, "vlan": { "trunk": true, "tag": [{ "id": 1, "nativeMode": "tagged" }, { "id": 2, "nativeMode": "tagged" }] }"#,
            r#""type": "bridge", "source": { "bridge": "br0" }, "vlan": { "trunk": true, "tag": [{ "id": 1, "nativeMode": "tagged" }, { "id": 2 }] }"#,
        ],
    ),
];

fn has_two_of_a_family(interface: Value<'_>) -> bool {
    let all = parts(interface, &["ip"]);
    let v6 = all.iter().filter(|ip| is_v6(**ip)).count();
    v6 > 1 || all.len() - v6 > 1
}

fn has_two_routes_of_a_family(interface: Value<'_>) -> bool {
    let routes = parts(interface, &["route"]);
    let v6 = routes.iter().filter(|route| text(**route, "family") == Some("ipv6")).count();
    v6 > 1 || routes.len() - v6 > 1
}

/// Returns whether an address of that version of IP has a prefix that QEMU's own network cannot have.
fn has_odd_prefix(interface: Value<'_>, version: u8) -> bool {
    let of_version = |ip: &Value<'_>| is_v6(*ip) == (version == 6);
    let mut prefixes = parts(interface, &["ip"]).into_iter().filter(of_version).filter_map(|ip| number(ip, "prefix"));
    prefixes.any(|prefix| prefix > 0 && if version == 6 { prefix != 64 } else { !(4..=27).contains(&prefix) })
}

/// Returns whether an IPv4 address of the interface, or of its other end, has a prefix of IPv6.
fn has_long_prefix(interface: Value<'_>) -> bool {
    let addresses = parts(interface, &["ip"]).into_iter().chain(parts(interface, &["source", "ip"]));
    addresses.into_iter().any(|ip| !is_v6(ip) && number(ip, "prefix").is_some_and(|prefix| prefix > 32))
}

/// Returns whether an address is one of IPv6. libvirt needs no `family` to tell.
fn is_v6(ip: Value<'_>) -> bool {
    text(ip, "address").map_or(text(ip, "family") == Some("ipv6"), |address| address.contains(':'))
}

fn is_odd_size(interface: Value<'_>, path: &str) -> bool {
    number(interface, path).is_some_and(|size| !size.is_power_of_two())
}

fn lacks_average(interface: Value<'_>, direction: &str) -> bool {
    let limits = interface.attribute("bandwidth").and_then(|bandwidth| bandwidth.attribute(direction));
    limits.is_some_and(|limits| match limits.attribute("average") {
        Some(_) => false,
        None => {
            limits.attribute("floor").is_none()
                || limits.attribute("peak").is_some()
                || limits.attribute("burst").is_some()
        }
    })
}

fn has_floor_elsewhere(interface: Value<'_>) -> bool {
    let limits = interface.attribute("bandwidth").and_then(|bandwidth| bandwidth.attribute("inbound"));
    limits.is_some_and(|limits| limits.attribute("floor").is_some()) && text(interface, "type") != Some("network")
}

/// Returns whether an address of the interface, or of its other end, has a peer that is not of its family.
fn has_peer_of_another_family(interface: Value<'_>, _: Value<'_>) -> bool {
    let is_v6 = |text: Option<&str>| text.is_some_and(|text| text.contains(':'));
    let addresses = parts(interface, &["ip"]).into_iter().chain(parts(interface, &["source", "ip"]));
    addresses.into_iter().any(|ip| {
        let family = text(ip, "family").map_or_else(|| is_v6(text(ip, "address")), |family| family == "ipv6");
        text(ip, "peer").is_some_and(|peer| is_v6(Some(peer)) != family)
    })
}

fn has_address_of_another_family(interface: Value<'_>, path: &[&str]) -> bool {
    parts(interface, path).into_iter().any(|ip| first(ip, "family").is_some() && is_of_another_family(ip))
}
