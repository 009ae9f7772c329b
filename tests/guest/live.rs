//! Every change that is documented as live, and how the guest shows that it is in effect.

use super::seen::Row;
use super::seen::Seen::{Elsewhere, Inside, Monitor};
use nixvirt_tests::project;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// A program in the guest that asks the network's DNS server for records of a type: its arguments are type and name.
pub const DNS: &str = r#"#!/usr/bin/python3
import socket, sys
name = b"".join(bytes([len(part)]) + part.encode() for part in sys.argv[2].split(".")) + b"\0"
asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asks.settimeout(5)
asks.sendto(b"\0\1\1\0\0\1\0\0\0\0\0\0" + name + bytes([0, int(sys.argv[1]), 0, 1]), ("192.168.199.1", 53))
print(asks.recv(512))
"#;

/// The changes.
pub const ROWS: [Row; 32] = [
    ("domain", "title", Elsewhere("only libvirt has it")),
    ("domain", "description", Elsewhere("only libvirt has it")),
    ("domain", "metadata", Elsewhere("only libvirt has it")),
    // The driver in the guest tells this number.
    ("domain", "currentMemory", Monitor("info balloon", "actual=448")),
    ("domain", "vcpu.current", Monitor("info hotpluggable-cpus", "/machine/peripheral/vcpu1")),
    ("domain", "devices.disk", Inside("cat /sys/block/vdc/serial", "late")),
    ("domain", "devices.disk", Inside("cat /sys/block/sd?/size", "14336")),
    ("domain", "devices.disk.source", Inside("sudo head -c 6 /dev/sr0", "second")),
    ("domain", "devices.disk.type", Inside("sudo head -c 6 /dev/sr0", "second")),
    (
        "domain",
        "devices.interface.source",
        Inside("timeout 5 bash -c 'echo > /dev/tcp/192.168.198.1/53 && echo open'", "open"),
    ),
    ("domain", "devices.interface.link", Inside("cat /sys/class/net/eth2/carrier", "0")),
    ("domain", "devices.interface.filterref", Elsewhere("the host drops the packets")),
    (
        "domain",
        "devices.interface.bandwidth",
        Elsewhere("not every kernel of a host can delay packets (sch_sfq, act_police)"),
    ),
    ("domain", "devices.graphics.passwd", Elsewhere("a viewer needs it; tests of consoles look for it")),
    ("domain", "devices.lease", Elsewhere("a lock manager of the host holds it")),
    ("domain", "devices.filesystem", Inside("sudo mount -t virtiofs share /mnt; cat /mnt/shared", "shared")),
    ("domain", "devices.interface", Inside("cat /sys/class/net/*/address", "52:54:00:00:00:04")),
    ("domain", "devices.channel", Inside("cat /sys/class/virtio-ports/*/name", "org.test.late")),
    ("domain", "devices.hostdev", Elsewhere("the test has no device of the host to pass")),
    ("domain", "devices.redirdev", Monitor("info qtree", "usb-redir")),
    ("domain", "devices.rng", Inside("cat /sys/class/misc/hw_random/rng_available", "virtio_rng.1")),
    ("domain", "devices.shmem", Monitor("info qtree", "ivshmem-plain")),
    ("domain", "devices.memory", Inside("sudo cat /proc/iomem", "System RAM (virtio_mem)")),
    ("domain", "devices.vsock", Elsewhere("not every host has /dev/vhost-vsock")),
    ("network", "ip.dhcp.host", Inside("ip -4 -brief address", "192.168.199.5/24")),
    ("network", "ip.dhcp.range", Inside("ip -4 -brief address", "192.168.199.11")),
    ("network", "dns.host", Inside("getent hosts late.guests.test", "192.168.199.7")),
    ("network", "dns.txt", Inside("dns 16 note.guests.test", "late note")),
    ("network", "dns.srv", Inside("dns 33 _late._tcp.guests.test", r"\x10\x92")),
    ("network", "forward.interface", Elsewhere("the test has no card of the host to pass")),
    ("network", "portgroup", Elsewhere("it concerns cards that are plugged in later")),
    ("domain", "devices.interface", Inside("cat /sys/class/net/*/address", "52:54:00:00:00:05")),
];

/// The rows of the documentation.
pub fn documented() -> BTreeSet<(String, String)> {
    let path = project().join("schema/src/reference/live.json");
    let text = fs::read_to_string(path).expect("it can be read");
    let documented: Value = serde_json::from_str(&text).expect("it is JSON");
    let mut paths = BTreeSet::new();
    for (kind, fields) in documented.as_object().expect("fields of each kind") {
        for field in fields.as_array().expect("a list") {
            paths.insert((kind.clone(), field["path"].as_str().expect("a path").to_owned()));
        }
    }
    paths
}
