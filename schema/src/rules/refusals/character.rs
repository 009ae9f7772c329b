//! What libvirt refuses of serial and parallel ports, consoles, channels and redirected devices.

use super::super::refusal::Test::{Any, Given, Has, Is, Lacks, Not, That};
use super::super::refusal::{Refusal, refuse};
use super::{
    by_text, first, has_device, has_graphics, is_arm, is_first, is_machine, is_not_x86, is_x86, number, parts, text,
};
use crate::engine::value::Value;
use crate::formats::device::address::type_of;

/// The rows on a device that needs a SPICE server.
const fn spice(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(
        code,
        &[Is("type", &["spicevmc", "spiceport"]), That(|_, domain| !has_graphics(domain, &["spice"]))],
        "types \"spicevmc\" and \"spiceport\" require a SPICE server in `graphics`",
        examples,
    )
}

/// The row on devices that cannot lead to an agent of SPICE. libvirt takes a USB port for a virtio channel.
const fn agent(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(
        code,
        &[Is("type", &["spicevmc"]), Not("target.type", &["usb-serial"])],
        "type \"spicevmc\" requires a channel with a target of type \"virtio\"",
        examples,
    )
}

/// The row on sources that need a path.
const fn path(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(
        code,
        &[Is("type", &["file", "dev", "pipe"]), Lacks("source.path")],
        "types \"file\", \"dev\" and \"pipe\" need `source.path`",
        examples,
    )
}

/// The row on sources that need a host and a port.
const fn service(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(
        code,
        &[Any(&[Is("type", &["tcp"]), Is("type", &["udp"])]), That(|device, _| lacks_service(device))],
        "type \"tcp\" needs `source.host` and `source.service`, type \"udp\" needs `source.service`",
        examples,
    )
}

/// The row on sockets that need a path.
const fn socket(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(code, &[Is("type", &["unix"]), Lacks("source.path")], "type \"unix\" needs `source.path`", examples)
}

/// What a channel has to be.
pub(super) const CHANNEL_NAME: &str =
    "types \"spiceport\" and \"dbus\" need `source.channel`, of letters, digits, \"_\", \"-\" and \".\"";

/// The row on sources that need a channel.
const fn channel(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(code, &[Is("type", &["spiceport", "dbus"]), That(|device, _| !has_channel(device))], CHANNEL_NAME, examples)
}

/// The row on pairs of devices.
const fn pair(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(
        code,
        &[Is("type", &["nmdm"]), That(|device, _| has_one_of_a_pair(device))],
        "type \"nmdm\" needs both `source.master` and `source.slave`",
        examples,
    )
}

/// The message on protocols.
pub(super) const PROTOCOL: &str = "QEMU supports the protocols \"raw\" and \"telnet\": for TLS, set `source.tls`";

/// The row on protocols.
const fn protocol(code: &'static str, examples: [&'static str; 2]) -> Refusal {
    refuse(code, &[Is("protocol.type", &["telnets", "tls"]), Is("type", &["tcp"])], PROTOCOL, examples)
}

/// The rows on each serial port.
pub(super) const SERIAL: &[Refusal] = &[
    path("serial-path", [r#""type": "file""#, r#""type": "file", "source": { "path": "/log" }"#]),
    socket(
        "serial-unix-path",
        [
            r#""type": "unix", "source": { "mode": "bind" }"#,
            r#""type": "unix", "source": { "mode": "bind", "path": "/s" }"#,
        ],
    ),
    channel("serial-channel", [r#""type": "dbus""#, r#""type": "dbus", "source": { "channel": "org.example.port" }"#])
        .within(r#""graphics": { "type": "dbus" }"#),
    pair(
        "serial-pair",
        [
            r#""type": "nmdm", "source": { "master": "/dev/nmdm0A" }"#,
            r#""type": "nmdm", "source": { "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B" }"#,
        ],
    ),
    service(
        "serial-service",
        [
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1" }"#,
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }"#,
        ],
    ),
    protocol(
        "serial-protocol",
        [
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "protocol": { "type": "tls" }"#,
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "protocol": { "type": "telnet" }"#,
        ],
    ),
    spice("serial-spice", [r#""type": "spiceport", "source": { "channel": "org.example.port" }"#, r#""type": "pty""#]),
    agent("serial-spicevmc", [r#""type": "spicevmc""#, r#""type": "pty""#])
        .within(r#""graphics": { "type": "spice" }"#),
    refuse(
        "serial-port-number",
        &[
            Has("target.port"),
            Any(&[Lacks("target.type"), Is("target.type", &["isa-serial"])]),
            That(|port, _| number(port, "target.port").is_some_and(|it| it > 3)),
        ],
        "the number of an ISA serial port must be 0 to 3",
        [r#""type": "pty", "target": { "port": 4 }"#, r#""type": "pty", "target": { "port": 3 }"#],
    ),
    refuse(
        "serial-target-machine",
        &[
            Any(&[
                Is("target.type", &["spapr-vio-serial", "sclp-serial"]),
                Is("target.model.name", &["spapr-vty", "sclpconsole", "sclplmconsole"]),
            ]),
            That(is_port_of_other_machine),
        ],
        "the machine has no serial port of this type: omit `target`",
        [
            r#""type": "pty", "target": { "type": "sclp-serial" }"#,
            r#""type": "pty", "target": { "type": "isa-serial" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "serial-isa-debug",
        &[Is("target.type", &["isa-debug"]), That(|_, domain| is_not_x86(domain))],
        "only x86 machines have a debug port",
        [r#""type": "pty", "target": { "type": "isa-debug" }"#, r#""type": "pty""#],
    )
    .beside(r#""os": { "type": "hvm", "arch": "aarch64", "machine": "virt" }"#),
    refuse(
        "serial-target-model",
        &[Has("target.model.name"), That(has_other_model)],
        "`model` does not fit `target.type`, or the default type of this machine: omit `model`",
        [
            r#""type": "pty", "target": { "model": { "name": "pci-serial" } }"#,
            r#""type": "pty", "target": { "type": "pci-serial", "model": { "name": "pci-serial" } }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
];

/// The rows on each parallel port.
pub(super) const PARALLEL: &[Refusal] = &[
    path("parallel-path", [r#""type": "file""#, r#""type": "file", "source": { "path": "/log" }"#]),
    socket(
        "parallel-unix-path",
        [
            r#""type": "unix", "source": { "mode": "bind" }"#,
            r#""type": "unix", "source": { "mode": "bind", "path": "/s" }"#,
        ],
    ),
    pair(
        "parallel-pair",
        [
            r#""type": "nmdm", "source": { "master": "/dev/nmdm0A" }"#,
            r#""type": "nmdm", "source": { "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B" }"#,
        ],
    ),
    service(
        "parallel-service",
        [
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1" }"#,
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }"#,
        ],
    ),
    protocol(
        "parallel-protocol",
        [
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "protocol": { "type": "tls" }"#,
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "protocol": { "type": "telnet" }"#,
        ],
    ),
    channel(
        "parallel-channel",
        [r#""type": "dbus""#, r#""type": "dbus", "source": { "channel": "org.example.port" }"#],
    )
    .within(r#""graphics": { "type": "dbus" }"#),
    spice(
        "parallel-spice",
        [r#""type": "spiceport", "source": { "channel": "org.example.port" }"#, r#""type": "pty""#],
    ),
    agent("parallel-spicevmc", [r#""type": "spicevmc""#, r#""type": "pty""#])
        .within(r#""graphics": { "type": "spice" }"#),
];

/// The rows on each console.
pub(super) const CONSOLE: &[Refusal] = &[
    path(
        "console-path",
        [
            r#""type": "file", "target": { "type": "virtio" }"#,
            r#""type": "file", "target": { "type": "virtio" }, "source": { "path": "/log" }"#,
        ],
    ),
    socket(
        "console-unix-path",
        [
            r#""type": "unix", "target": { "type": "virtio" }, "source": { "mode": "bind" }"#,
            r#""type": "unix", "target": { "type": "virtio" }, "source": { "mode": "bind", "path": "/s" }"#,
        ],
    ),
    pair(
        "console-pair",
        [
            r#""type": "nmdm", "target": { "type": "virtio" }, "source": { "master": "/dev/nmdm0A" }"#,
            r#""type": "nmdm", "target": { "type": "virtio" }, "source": { "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B" }"#,
        ],
    ),
    service(
        "console-service",
        [
            r#""type": "tcp", "target": { "type": "virtio" }, "source": { "mode": "bind", "host": "127.0.0.1" }"#,
            r#""type": "tcp", "target": { "type": "virtio" }, "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }"#,
        ],
    ),
    protocol(
        "console-protocol",
        [
            r#""type": "tcp", "target": { "type": "virtio" }, "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "protocol": { "type": "tls" }"#,
            r#""type": "tcp", "target": { "type": "virtio" }, "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "protocol": { "type": "telnet" }"#,
        ],
    ),
    channel(
        "console-channel",
        [
            r#""type": "dbus", "target": { "type": "virtio" }"#,
            r#""type": "dbus", "target": { "type": "virtio" }, "source": { "channel": "org.example.console" }"#,
        ],
    )
    .within(r#""graphics": { "type": "dbus" }"#),
    refuse(
        "console-spice",
        &[Is("type", &["spicevmc"])],
        "type \"spicevmc\" requires a channel: move the console to `devices.channel`",
        [r#""type": "spicevmc", "target": { "type": "virtio" }"#, r#""type": "pty", "target": { "type": "virtio" }"#],
    ),
    refuse(
        "console-spiceport",
        &[Is("type", &["spiceport"]), That(|_, domain| !has_graphics(domain, &["spice"]))],
        "type \"spiceport\" requires a SPICE server in `graphics`",
        [
            r#""type": "spiceport", "target": { "type": "virtio" }, "source": { "channel": "org.example.console" }"#,
            r#""type": "pty", "target": { "type": "virtio" }"#,
        ],
    ),
    refuse(
        "console-second-serial",
        &[Not("target.type", &["virtio", "sclp", "sclplm", "xen", "lxc", "uml", "openvz"]), That(is_later)],
        "only the first console can be the serial port: set target.type = \"virtio\"",
        [r#""type": "pty" }, { "type": "pty""#, r#""type": "pty" }, { "type": "pty", "target": { "type": "virtio" }"#],
    )
    .listed(),
    refuse(
        "console-target",
        &[Is("target.type", &["xen", "uml", "lxc", "openvz"])],
        "QEMU has no console of this type: expected serial, virtio, sclp or sclplm",
        [r#""type": "pty", "target": { "type": "lxc" }"#, r#""type": "pty", "target": { "type": "virtio" }"#],
    ),
    refuse(
        "console-sclp-machine",
        &[Is("target.type", &["sclp", "sclplm"]), That(|_, domain| is_x86(domain) || is_arm(domain))],
        "consoles of this type require an S390 machine: use serial or virtio",
        [r#""type": "pty", "target": { "type": "sclplm" }"#, r#""type": "pty", "target": { "type": "virtio" }"#],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "console-address",
        &[Has("address"), That(is_port), That(has_odd_address)],
        "the first console is the serial port: only that of an x86 machine has an address, of type \"isa\"",
        [
            r#""type": "pty", "address": { "type": "dimm", "slot": 0 }"#,
            r#""type": "pty", "address": { "type": "isa", "iobase": "0x3f8" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
    refuse(
        "console-acpi-index",
        &[Has("acpi.index"), Has("address"), That(is_port)],
        "`acpi.index` requires a PCI address",
        [
            r#""type": "pty", "acpi": { "index": 1 }, "address": { "type": "isa", "iobase": "0x3f8" }"#,
            r#""type": "pty", "address": { "type": "isa", "iobase": "0x3f8" }"#,
        ],
    )
    .beside(r#""os": { "type": "hvm", "machine": "q35" }"#),
];

/// The rows on each channel.
pub(super) const CHANNEL: &[Refusal] = &[
    path(
        "channel-path",
        [
            r#""type": "file", "target": { "type": "virtio", "name": "a" }"#,
            r#""type": "file", "source": { "path": "/log" }, "target": { "type": "virtio", "name": "a" }"#,
        ],
    ),
    refuse(
        "channel-unix-path",
        &[Is("type", &["unix"]), Is("target.type", &["guestfwd"]), Lacks("source.path")],
        "a channel of type \"unix\" to a target of type \"guestfwd\" needs `source.path`",
        [
            r#""type": "unix", "target": { "type": "guestfwd", "address": "10.0.2.1", "port": "4600" }"#,
            r#""type": "unix", "source": { "path": "/s" }, "target": { "type": "guestfwd", "address": "10.0.2.1", "port": "4600" }"#,
        ],
    ),
    service(
        "channel-service",
        [
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1" }, "target": { "type": "virtio", "name": "a" }"#,
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "target": { "type": "virtio", "name": "a" }"#,
        ],
    ),
    protocol(
        "channel-protocol",
        [
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "target": { "type": "virtio", "name": "a" }, "protocol": { "type": "tls" }"#,
            r#""type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "4555" }, "target": { "type": "virtio", "name": "a" }, "protocol": { "type": "telnet" }"#,
        ],
    ),
    pair(
        "channel-pair",
        [
            r#""type": "nmdm", "source": { "master": "/dev/nmdm0A" }, "target": { "type": "virtio", "name": "a" }"#,
            r#""type": "nmdm", "source": { "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B" }, "target": { "type": "virtio", "name": "a" }"#,
        ],
    ),
    channel(
        "channel-dbus",
        [
            r#""type": "dbus", "target": { "type": "virtio", "name": "a" }"#,
            r#""type": "dbus", "source": { "channel": "org.example.a" }, "target": { "type": "virtio", "name": "a" }"#,
        ],
    )
    .within(r#""graphics": { "type": "dbus" }"#),
    spice(
        "channel-spice",
        [
            r#""type": "spicevmc", "target": { "type": "virtio", "name": "com.redhat.spice.0" }"#,
            r#""type": "pty", "target": { "type": "virtio", "name": "com.redhat.spice.0" }"#,
        ],
    ),
    refuse(
        "channel-spice-target",
        &[Is("type", &["spicevmc"]), Is("target.type", &["guestfwd", "xen"])],
        "a channel of type \"spicevmc\" requires a target of type \"virtio\"",
        [
            r#""type": "spicevmc", "target": { "type": "guestfwd", "address": "10.0.2.1", "port": "4600" }"#,
            r#""type": "spicevmc", "target": { "type": "virtio", "name": "com.redhat.spice.0" }"#,
        ],
    )
    .within(r#""graphics": { "type": "spice" }"#),
    refuse(
        "channel-reconnect",
        &[Has("source.reconnect"), Given("source.reconnect.enabled"), Is("type", &["unix"]), Lacks("source.path")],
        "`reconnect` requires `source.path`: QEMU listens at the path that libvirt chooses",
        [
            r#""type": "unix", "source": { "reconnect": { "enabled": true, "timeout": 5 } }, "target": { "type": "virtio", "name": "a" }"#,
            r#""type": "unix", "source": { "path": "/s", "reconnect": { "enabled": true, "timeout": 5 } }, "target": { "type": "virtio", "name": "a" }"#,
        ],
    ),
    refuse(
        "channel-name-taken",
        &[Has("target.name")],
        "another channel has this name already",
        [
            r#""type": "pty", "target": { "type": "virtio", "name": "org.qemu.guest_agent.0" } }, { "type": "unix", "target": { "type": "virtio", "name": "org.qemu.guest_agent.0" }"#,
            r#""type": "pty", "target": { "type": "virtio", "name": "org.qemu.guest_agent.0" } }, { "type": "unix", "target": { "type": "virtio", "name": "org.qemu.guest_agent.1" }"#,
        ],
    )
    .once(|channel| by_text(channel, "target.name"))
    .listed(),
];

/// The rows on each redirected device.
pub(super) const REDIRDEV: &[Refusal] = &[
    path(
        "redirdev-path",
        [r#""bus": "usb", "type": "pipe""#, r#""bus": "usb", "type": "pipe", "source": { "path": "/p" }"#],
    ),
    socket(
        "redirdev-unix-path",
        [
            r#""bus": "usb", "type": "unix""#,
            r#""bus": "usb", "type": "unix", "source": { "mode": "bind", "path": "/s" }"#,
        ],
    ),
    spice(
        "redirdev-spice",
        [
            r#""bus": "usb", "type": "spicevmc""#,
            r#""bus": "usb", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "4000" }"#,
        ],
    ),
    service(
        "redirdev-service",
        [
            r#""bus": "usb", "type": "tcp", "source": { "mode": "connect", "host": "a" }"#,
            r#""bus": "usb", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "4000" }"#,
        ],
    ),
    protocol(
        "redirdev-protocol",
        [
            r#""bus": "usb", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "4000" }, "protocol": { "type": "tls" }"#,
            r#""bus": "usb", "type": "tcp", "source": { "mode": "connect", "host": "a", "service": "4000" }, "protocol": { "type": "telnet" }"#,
        ],
    ),
    refuse(
        "redirdev-channel",
        &[
            Is("type", &["spiceport", "dbus"]),
            Any(&[Is("type", &["spiceport"]), Has("source.channel")]),
            That(|device, _| !has_channel(device)),
        ],
        CHANNEL_NAME,
        [
            r#""bus": "usb", "type": "dbus", "source": { "channel": "org example" }"#,
            r#""bus": "usb", "type": "dbus", "source": { "channel": "org.example.usb" }"#,
        ],
    )
    .within(r#""graphics": { "type": "dbus" }"#),
    pair(
        "redirdev-pair",
        [
            r#""bus": "usb", "type": "nmdm", "source": { "master": "/dev/nmdm0A" }"#,
            r#""bus": "usb", "type": "nmdm", "source": { "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B" }"#,
        ],
    ),
];

/// The rows on each smart card reader.
pub(super) const SMARTCARD: &[Refusal] = &[
    path(
        "smartcard-path",
        [
            r#""mode": "passthrough", "type": "file""#,
            r#""mode": "passthrough", "type": "file", "source": { "path": "/dev/null" }"#,
        ],
    ),
    socket(
        "smartcard-unix-path",
        [
            r#""mode": "passthrough", "type": "unix", "source": { "mode": "bind" }"#,
            r#""mode": "passthrough", "type": "unix", "source": { "mode": "bind", "path": "/s" }"#,
        ],
    ),
    service(
        "smartcard-service",
        [
            r#""mode": "passthrough", "type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1" }"#,
            r#""mode": "passthrough", "type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "2001" }"#,
        ],
    ),
    channel(
        "smartcard-channel",
        [
            r#""mode": "passthrough", "type": "dbus""#,
            r#""mode": "passthrough", "type": "dbus", "source": { "channel": "org.example.card" }"#,
        ],
    )
    .within(r#""graphics": { "type": "dbus" }"#),
    pair(
        "smartcard-pair",
        [
            r#""mode": "passthrough", "type": "nmdm", "source": { "master": "/dev/nmdm0A" }"#,
            r#""mode": "passthrough", "type": "nmdm", "source": { "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B" }"#,
        ],
    ),
    protocol(
        "smartcard-protocol",
        [
            r#""mode": "passthrough", "type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "2001" }, "protocol": { "type": "tls" }"#,
            r#""mode": "passthrough", "type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "2001" }, "protocol": { "type": "raw" }"#,
        ],
    ),
    spice(
        "smartcard-spice",
        [
            r#""mode": "passthrough", "type": "spicevmc""#,
            r#""mode": "passthrough", "type": "tcp", "source": { "mode": "bind", "host": "127.0.0.1", "service": "2001" }"#,
        ],
    ),
];

/// Returns whether a character device has one end of a null modem.
pub(super) fn has_one_of_a_pair(device: Value<'_>) -> bool {
    first(device, "source.master").is_some() != first(device, "source.slave").is_some()
}

/// Returns whether a device that connects over the network lacks the port, or the host.
pub(super) fn lacks_service(device: Value<'_>) -> bool {
    let lacks = |path: &str| first(device, path).is_none();
    if text(device, "type") == Some("tcp") {
        return lacks("source.service") || lacks("source.host");
    }
    // Of the sources of a UDP device, libvirt takes the first that says where to connect.
    let says = |it: &Value<'_>| it.attribute("host").is_some() || it.attribute("service").is_some();
    let mut sources = parts(device, &["source"]).into_iter();
    let taken = sources.find(|it| text(*it, "mode") != Some("bind") && says(it));
    taken.is_none_or(|taken| taken.attribute("service").is_none())
}

/// Returns whether a console is not the first.
fn is_later(console: Value<'_>, domain: Value<'_>) -> bool {
    !is_first(console, domain, "devices.console")
}

/// Returns whether libvirt makes a console the serial port, as far as the guest has none.
fn is_port(console: Value<'_>, domain: Value<'_>) -> bool {
    text(console, "target.type").is_none_or(|target| target == "serial") && !has_device(domain, "serial")
}

/// Returns whether the address of a console is not one of a serial port of the machine.
fn has_odd_address(console: Value<'_>, domain: Value<'_>) -> bool {
    let found = console.attribute("address").and_then(type_of);
    is_arm(domain) || is_x86(domain) && found.is_some_and(|found| found != "isa")
}

/// Returns whether a serial port of POWER or S390 is on a machine that is certainly another.
fn is_port_of_other_machine(port: Value<'_>, domain: Value<'_>) -> bool {
    let is_arch = |prefix: &str| text(domain, "os.arch").is_none_or(|arch| arch.starts_with(prefix)) && !is_x86(domain);
    let has = |path: &str, words: &[&str]| text(port, path).is_some_and(|word| words.contains(&word));
    let is_of_power = has("target.type", &["spapr-vio-serial"]) || has("target.model.name", &["spapr-vty"]);
    let is_of_s390 =
        has("target.type", &["sclp-serial"]) || has("target.model.name", &["sclpconsole", "sclplmconsole"]);
    is_of_power && !is_arch("ppc64") || is_of_s390 && !is_arch("s390")
}

/// Returns whether a serial port has a model of another type of target. libvirt reads "isa-serial" as the usual type of the
/// machine.
fn has_other_model(port: Value<'_>, domain: Value<'_>) -> bool {
    let is_virt = is_arm(domain) && is_machine(domain, "virt");
    let usual: &[&str] = if is_x86(domain) {
        &["isa-serial"]
    } else if is_virt {
        &["pl011"]
    } else {
        &["isa-serial", "spapr-vty", "pl011", "16550a", "sclpconsole", "sclplmconsole"]
    };
    let known: &[&str] = match first(port, "target.type").map(Value::text) {
        None | Some(Some("isa-serial")) => usual,
        Some(Some("usb-serial")) => &["usb-serial"],
        Some(Some("pci-serial")) => &["pci-serial"],
        Some(Some("isa-debug")) => &["isa-debugcon"],
        Some(Some("spapr-vio-serial")) => &["spapr-vty"],
        Some(Some("sclp-serial")) => &["sclpconsole", "sclplmconsole"],
        Some(Some("system-serial")) if is_x86(domain) => &[],
        Some(Some("system-serial")) if is_virt => &["pl011"],
        Some(Some("system-serial")) => &["pl011", "16550a"],
        _ => return false,
    };
    text(port, "target.model.name").is_some_and(|name| !known.contains(&name))
}

/// Returns whether a character device has a channel with a name that libvirt takes.
pub(super) fn has_channel(device: Value<'_>) -> bool {
    let is_taken = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
    first(device, "source.channel").is_some_and(|name| name.text().is_none_or(|name| name.chars().all(is_taken)))
}
