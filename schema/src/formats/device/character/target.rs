//! The guest's side of a character device:
//! [Guest interface](https://libvirt.org/formatdomain.html#guest-interface).

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::{element, values};

/// What the guest sees of a port or console.
#[element]
pub struct CharacterTarget {
    /// The kind of device; what the architecture usually has where absent.
    pub r#type: Option<CharacterTargetType>,
    /// The number of the port, from 0; the next free one where absent.
    pub port: Option<String>,
    /// The model of a serial port. Since libvirt 3.10.0.
    pub model: Option<CharacterTargetModel>,
}

/// A kind of port or console.
#[values]
pub enum CharacterTargetType {
    /// A console of Xen.
    Xen,
    /// A console on a serial port, which is the same device.
    Serial,
    /// A console of user-mode Linux, which libvirt no longer runs.
    Uml,
    /// A virtio console.
    Virtio,
    /// A console of a Linux container.
    Lxc,
    /// A console of OpenVZ.
    Openvz,
    /// The operator's console of an S390 guest.
    Sclp,
    /// The operator's line-mode console of an S390 guest.
    Sclplm,
    /// A serial port on the ISA bus.
    IsaSerial,
    /// A serial port on the USB bus.
    UsbSerial,
    /// A serial port on the PCI bus.
    PciSerial,
    /// A serial port of a pSeries guest. Since libvirt 3.10.0.
    SpaprVioSerial,
    /// The serial port that is part of the board. Since libvirt 3.10.0.
    SystemSerial,
    /// A serial port of an S390 guest. Since libvirt 3.10.0.
    SclpSerial,
    /// A port to which firmware writes what it does. Since libvirt 8.1.0.
    IsaDebug,
}

/// The model of a serial port.
#[element]
pub struct CharacterTargetModel {
    /// Its name.
    pub name: CharacterTargetModelName,
}

/// The model of a serial port.
#[values]
pub enum CharacterTargetModelName {
    /// For `isa-serial`.
    IsaSerial,
    /// For `usb-serial`.
    UsbSerial,
    /// For `pci-serial`.
    PciSerial,
    /// For `spapr-vio-serial`.
    SpaprVty,
    /// For `system-serial` on Arm.
    Pl011,
    /// For `system-serial` on RISC-V and others.
    #[xml = "16550a"]
    Model16550a,
    /// For `sclp-serial`.
    Sclpconsole,
    /// For `sclp-serial`, line by line.
    Sclplmconsole,
    /// For `isa-debug`.
    IsaDebugcon,
}

/// How the guest finds a channel.
#[element("type")]
pub enum ChannelTarget {
    /// A TCP port of the guest's own network, from which the host takes what is sent there.
    Guestfwd {
        /// The IPv4 address to which the guest sends.
        address: String,
        /// The port to which the guest sends.
        port: String,
    },
    /// A port of a virtio-serial controller.
    Virtio {
        /// The name under which the guest finds it, as in /dev/virtio-ports/org.qemu.guest_agent.0.
        name: Option<String>,
        /// Whether a program of the guest has it open, which libvirt tells of a guest that runs.
        state: Option<ChannelState>,
    },
    /// A channel of Xen. Since libvirt 2.3.0.
    Xen {
        /// The name under which the guest finds it.
        name: Option<String>,
    },
}

/// Whether a program of the guest has a channel open.
#[values]
pub enum ChannelState {
    /// One has.
    Connected,
    /// None has.
    Disconnected,
}

impl CharacterTarget {
    /// The kinds that libvirt takes for a serial port.
    pub const SERIAL: &[CharacterTargetType] = &[
        CharacterTargetType::IsaSerial,
        CharacterTargetType::UsbSerial,
        CharacterTargetType::PciSerial,
        CharacterTargetType::SpaprVioSerial,
        CharacterTargetType::SystemSerial,
        CharacterTargetType::SclpSerial,
        CharacterTargetType::IsaDebug,
    ];

    /// The kinds that libvirt takes for a console.
    pub const CONSOLE: &[CharacterTargetType] = &[
        CharacterTargetType::Xen,
        CharacterTargetType::Serial,
        CharacterTargetType::Uml,
        CharacterTargetType::Virtio,
        CharacterTargetType::Lxc,
        CharacterTargetType::Openvz,
        CharacterTargetType::Sclp,
        CharacterTargetType::Sclplm,
    ];
}

/// Checks a target of a device that takes those kinds of it: libvirt's schema allows all for each device.
pub fn check_target(target: Option<View<'_, CharacterTarget>>, known: &[CharacterTargetType], report: &mut Report<'_>) {
    let Some(target) = target else { return };
    if let Some(kind) = target.r#type().filter(|kind| kind.get().is_some_and(|kind| !known.contains(&kind))) {
        report.warning(kind.value(), "target-type", "is not a kind of target that libvirt knows for this device");
    }
    if let Some(port) = target.port().filter(|port| port.text().is_some_and(|text| text.parse::<u32>().is_err())) {
        report.warning(port.value(), "target-port", "is not the number that libvirt wants here");
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::json;
    use crate::engine::render::render;
    use crate::kind::Kind;

    fn said(devices: &str) -> (String, Vec<&'static str>) {
        let text = format!(r#"{{ "type": "kvm", "name": "vm", "devices": {devices} }}"#);
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
                "console": { "type": "pty", "target": { "type": "virtio", "port": 0 } }
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
        assert_eq!(codes(r#"{ "serial": { "type": "udp", "source": { "path": "/x" } } }"#), ["source-part-unread"]);
        assert_eq!(codes(r#"{ "serial": { "type": "tcp", "source": { "mode": "bnd" } } }"#), ["source-mode"]);
        assert_eq!(codes(r#"{ "serial": { "type": "pty", "target": { "type": "lxc" } } }"#), ["target-type"]);
        let reconnect = |reconnect: &str| {
            said(&format!(r#"{{ "serial": {{ "type": "tcp", "source": {{ "reconnect": {reconnect} }} }} }}"#)).1
        };
        assert_eq!(reconnect(r#"{ "enabled": true, "timeout": 5 }"#), [""; 0]);
        assert_eq!(reconnect(r#"{ "enabled": true, "delay": 5 }"#), ["reconnect-enabled-or-delay"]);
        assert_eq!(reconnect(r#"{ "timeout": 5 }"#), ["reconnect-enabled-or-delay"]);
        assert_eq!(reconnect("true"), ["reconnect-enabled-or-delay"]);
    }
}
