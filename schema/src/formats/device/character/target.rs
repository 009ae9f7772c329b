//! The guest's side of a character device:
//! [Guest interface](https://libvirt.org/formatdomain.html#guest-interface).

use crate::engine::problem::{Report, listing};
use crate::engine::view::{Read, View};
use crate::formats::patterns::Ipv4;
use nixvirt_schema_derive::{element, values};

/// Port or console presented to the guest.
#[element]
pub struct CharacterTarget {
    /// Type of the port or console. Defaults to the usual type for the architecture.
    pub r#type: Option<CharacterTargetType>,
    /// Number of the port, from 0. Defaults to the next free number.
    pub port: Option<String>,
    /// Model of the serial port.
    #[since = "3.10"]
    pub model: Option<CharacterTargetModel>,
}

/// Type of a port or console.
#[values]
pub enum CharacterTargetType {
    /// Xen console.
    Xen,
    /// Console on a serial port. Console and serial port are the same device.
    Serial,
    /// User-mode Linux console. libvirt no longer supports user-mode Linux.
    Uml,
    /// Virtio console.
    Virtio,
    /// Linux container (LXC) console.
    Lxc,
    /// OpenVZ console.
    Openvz,
    /// Operator console (SCLP) of an S390 guest.
    Sclp,
    /// Line-mode operator console (SCLP) of an S390 guest.
    Sclplm,
    /// Serial port on the ISA bus.
    IsaSerial,
    /// Serial port on the USB bus.
    UsbSerial,
    /// Serial port on the PCI bus.
    PciSerial,
    /// Serial port of a pSeries guest.
    #[since = "3.10"]
    SpaprVioSerial,
    /// Serial port built into the board.
    #[since = "3.10"]
    SystemSerial,
    /// Serial port of an S390 guest.
    #[since = "3.10"]
    SclpSerial,
    /// Debug port for the firmware's debug output.
    #[since = "8.1"]
    IsaDebug,
}

/// Model of a serial port.
#[element]
pub struct CharacterTargetModel {
    /// Name of the serial port model.
    pub name: CharacterTargetModelName,
}

/// Name of a serial port model.
#[values]
pub enum CharacterTargetModelName {
    /// ISA serial port, for target type `isa-serial`.
    IsaSerial,
    /// USB serial port, for target type `usb-serial`.
    UsbSerial,
    /// PCI serial port, for target type `pci-serial`.
    PciSerial,
    /// pSeries virtual terminal, for target type `spapr-vio-serial`.
    SpaprVty,
    /// PL011 serial port, for target type `system-serial` on Arm.
    Pl011,
    /// 16550A serial port, for target type `system-serial` on RISC-V and other architectures.
    #[xml = "16550a"]
    Model16550a,
    /// SCLP console, for target type `sclp-serial`.
    Sclpconsole,
    /// SCLP line-mode console, for target type `sclp-serial`.
    Sclplmconsole,
    /// ISA debug console, for target type `isa-debug`.
    IsaDebugcon,
}

/// Channel endpoint presented to the guest.
#[element("type")]
pub enum ChannelTarget {
    /// TCP address and port in the guest's network. The guest's traffic to this port is forwarded to the host.
    Guestfwd {
        /// IPv4 address that the guest connects to.
        address: Ipv4,
        /// TCP port that the guest connects to.
        port: u16,
    },
    /// Port of a virtio serial controller.
    Virtio {
        /// Name of the channel in the guest, such as `org.qemu.guest_agent.0` for
        /// `/dev/virtio-ports/org.qemu.guest_agent.0`.
        name: Option<String>,
        /// Output only: whether a program in the running guest has the channel open.
        #[output]
        state: Option<ChannelState>,
    },
    /// Xen channel.
    #[since = "2.3"]
    Xen {
        /// Name of the channel in the guest.
        name: Option<String>,
    },
}

/// State of a channel: whether a program in the guest has the channel open.
#[values]
pub enum ChannelState {
    /// Connected: a program in the guest has the channel open.
    Connected,
    /// Disconnected: no program in the guest has the channel open.
    Disconnected,
}

/// Target types that libvirt reads for a serial port.
pub const SERIAL_TYPES: &[&str] =
    &["isa-serial", "usb-serial", "pci-serial", "spapr-vio-serial", "system-serial", "sclp-serial", "isa-debug"];

/// Target types that libvirt reads for a console.
pub const CONSOLE_TYPES: &[&str] = &["xen", "serial", "uml", "virtio", "lxc", "openvz", "sclp", "sclplm"];

/// Checks that the target has one of the types of its device. libvirt's schema allows every type for every device.
pub fn check_type(target: View<'_, CharacterTarget>, types: &[&str], report: &mut Report<'_>) {
    let is_other = |kind: &View<'_, CharacterTargetType>| kind.text().is_some_and(|word| !types.contains(&&*word));
    if let Some(kind) = target.r#type().filter(is_other) {
        let shown = kind.value().shown();
        let message =
            format!("invalid target type {shown}: expected {} on this device", listing(types.iter().copied()));
        report.error(kind.value(), "target-type", message);
    }
}

/// Checks the port of the target. libvirt's schema allows any text.
pub fn check_port(target: View<'_, CharacterTarget>, report: &mut Report<'_>) {
    if let Some(port) = target.port().filter(|port| port.text().is_some_and(|text| text.parse::<u32>().is_err())) {
        let message = format!("invalid port {}: libvirt expects a number", port.value().shown());
        report.error(port.value(), "target-port", message);
    }
}

/// Warns of parts of the target that libvirt does not read for the device.
pub fn check_unread(target: View<'_, CharacterTarget>, unread: &[&str], report: &mut Report<'_>) {
    for part in target.value().parts() {
        if unread.contains(&part.key()) {
            let message = format!("`{}` has no effect on the target of this device", part.key());
            report.warning(part, "target-part-unread", message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::json;
    use crate::engine::render::render;
    use crate::kind::Kind;

    fn said(devices: &str) -> (String, Vec<&'static str>) {
        let text = format!(
            r#"{{ "type": "kvm", "name": "vm", "memory": "64 MiB", "os": {{ "type": "hvm" }}, "devices": {devices} }}"#
        );
        let spec = json::parse(&text).expect("it is JSON");
        let rendered = render(Kind::Domain, &spec);
        let codes = rendered.report.findings().locate(|_| None).iter().map(|it| it.code).collect();
        (rendered.xml, codes)
    }

    #[test]
    fn devices_as_nixvirt_writes_them() {
        let (xml, codes) = said(
            r#"{
                "serial": [{ "type": "pty", "target": { "type": "isa-serial", "port": 0, "model": { "name": "isa-serial" } } }],
                "channel": [
                    { "type": "spicevmc", "target": { "type": "virtio", "name": "com.redhat.spice.0" } },
                    { "type": "unix", "target": { "type": "virtio", "name": "org.qemu.guest_agent.0" } }
                ],
                "console": { "type": "pty", "target": { "type": "virtio", "port": 0 } },
                "graphics": { "type": "spice" }
            }"#,
        );
        assert_eq!(codes, [""; 0]);
        assert!(xml.contains("org.qemu.guest_agent.0"), "{xml}");
    }

    #[test]
    fn what_libvirt_refuses_or_does_not_read() {
        let codes = |devices| said(devices).1;
        assert_eq!(codes(r#"{ "console": {} }"#), [""; 0]);
        assert_eq!(codes(r#"{ "console": { "target": { "port": 0 } } }"#), ["missing"]);
        assert_eq!(
            codes(r#"{ "serial": { "type": "udp", "source": { "path": "/x", "service": "1" } } }"#),
            ["source-part-unread"]
        );
        assert_eq!(
            codes(r#"{ "serial": { "type": "tcp", "source": { "mode": "bnd", "host": "a", "service": "1" } } }"#),
            ["source-mode"]
        );
        assert_eq!(codes(r#"{ "serial": { "type": "pty", "target": { "type": "lxc" } } }"#), ["target-type"]);
        assert_eq!(codes(r#"{ "console": { "type": "pty", "target": { "type": "isa-serial" } } }"#), ["target-type"]);
        assert_eq!(
            codes(r#"{ "parallel": { "type": "pty", "target": { "type": "lxc", "model": { "name": "pl011" } } } }"#),
            ["target-part-unread", "target-part-unread"]
        );
        let reconnect = |reconnect: &str| {
            said(&format!(r#"{{ "serial": {{ "type": "tcp", "source": {{ "host": "a", "service": "1", "reconnect": {reconnect} }} }} }}"#)).1
        };
        assert_eq!(reconnect(r#"{ "enabled": true, "timeout": 5 }"#), [""; 0]);
        assert_eq!(reconnect(r#"{ "enabled": true, "delay": 5 }"#), ["reconnect-enabled-or-delay"]);
        assert_eq!(reconnect(r#"{ "timeout": 5 }"#), ["reconnect-enabled-or-delay"]);
        assert_eq!(reconnect("true"), ["reconnect-enabled-or-delay"]);
    }
}
