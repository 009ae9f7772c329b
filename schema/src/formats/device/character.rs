//! `<serial>`, `<parallel>`, `<console>`, `<channel>`:
//! [Consoles, serial, parallel & channel devices](https://libvirt.org/formatdomain.html#consoles-serial-parallel-channel-devices).

pub mod source;
pub mod target;

use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::element;
use source::{CharacterLog, CharacterProtocol, CharacterSource, CharacterType, check_sources};
use target::{CONSOLE_TYPES, ChannelTarget, CharacterTarget, SERIAL_TYPES, check_port, check_type, check_unread};

/// Parallel port.
#[element(rules)]
pub struct Parallel {
    /// Host backend of the parallel port.
    pub r#type: CharacterType,
    /// Terminal that libvirt allocated for a `pty` backend. Legacy form of the path in `source`.
    #[output]
    pub tty: Option<AbsolutePath>,
    /// Source and destination of the data on the host. A `udp` backend has two: one to send and one to receive.
    pub source: Vec<CharacterSource>,
    /// Protocol of a `tcp` backend.
    pub protocol: Option<CharacterProtocol>,
    /// Log file on the host for the guest's output.
    #[since = "1.3"]
    pub log: Option<CharacterLog>,
    /// Port presented to the guest.
    pub target: Option<CharacterTarget>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Serial port.
#[element(rules)]
pub struct Serial {
    /// Host backend of the serial port.
    pub r#type: CharacterType,
    /// Terminal that libvirt allocated for a `pty` backend. Legacy form of the path in `source`.
    #[output]
    pub tty: Option<AbsolutePath>,
    /// Source and destination of the data on the host. A `udp` backend has two: one to send and one to receive.
    pub source: Vec<CharacterSource>,
    /// Protocol of a `tcp` backend.
    pub protocol: Option<CharacterProtocol>,
    /// Log file on the host for the guest's output.
    #[since = "1.3"]
    pub log: Option<CharacterLog>,
    /// Port presented to the guest.
    pub target: Option<CharacterTarget>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Text console.
#[element(rules)]
pub struct Console {
    /// Host backend of the console. If omitted, only `tty` may be given.
    pub r#type: Option<CharacterType>,
    /// Terminal that libvirt allocated for a `pty` backend. Legacy form of the path in `source`.
    #[output]
    pub tty: Option<AbsolutePath>,
    /// Source and destination of the data on the host. A `udp` backend has two: one to send and one to receive.
    pub source: Vec<CharacterSource>,
    /// Protocol of a `tcp` backend.
    pub protocol: Option<CharacterProtocol>,
    /// Log file on the host for the guest's output.
    #[since = "1.3"]
    pub log: Option<CharacterLog>,
    /// Console presented to the guest.
    pub target: Option<CharacterTarget>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Private channel between guest and host.
#[element(rules)]
pub struct Channel {
    /// Host backend of the channel.
    pub r#type: CharacterType,
    /// Source and destination of the data on the host. A `udp` backend has two: one to send and one to receive. libvirt
    /// chooses the path of a `unix` channel to a virtio port if omitted.
    pub source: Vec<CharacterSource>,
    /// Protocol of a `tcp` backend.
    pub protocol: Option<CharacterProtocol>,
    /// Log file on the host for the guest's output.
    #[since = "1.3"]
    pub log: Option<CharacterLog>,
    /// Channel endpoint presented to the guest.
    pub target: ChannelTarget,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

impl View<'_, Parallel> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
        let Some(target) = self.target() else { return };
        check_port(target, report);
        check_unread(target, &["type", "model"], report);
    }
}

impl View<'_, Serial> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
        let Some(target) = self.target() else { return };
        check_type(target, SERIAL_TYPES, report);
        check_port(target, report);
    }
}

impl View<'_, Console> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
        let others = ["source", "protocol", "log", "target", "alias", "acpi", "address"];
        if self.r#type().is_none() && others.iter().any(|name| self.value().attribute(name).is_some()) {
            report.missing(self.value(), "type", "expected the type of the console, usually \"pty\"");
        }
        let Some(target) = self.target() else { return };
        check_type(target, CONSOLE_TYPES, report);
        check_port(target, report);
        check_unread(target, &["model"], report);
    }
}

impl View<'_, Channel> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
    }
}
