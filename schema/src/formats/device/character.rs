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
use target::{ChannelTarget, CharacterTarget, check_target};

/// A parallel port.
#[element(rules)]
pub struct Parallel {
    /// What the port is on the host.
    pub r#type: CharacterType,
    /// The terminal that libvirt chose for a `pty`; an older form of the source's path.
    pub tty: Option<AbsolutePath>,
    /// Where on the host the data comes from and goes to. Two of them for `udp`, to send and to receive.
    pub source: Vec<CharacterSource>,
    /// What is spoken over `tcp`.
    pub protocol: Option<CharacterProtocol>,
    /// A file that records what the guest writes.
    pub log: Option<CharacterLog>,
    /// What the guest sees.
    pub target: Option<CharacterTarget>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// A serial port.
#[element(rules)]
pub struct Serial {
    /// What the port is on the host.
    pub r#type: CharacterType,
    /// The terminal that libvirt chose for a `pty`; an older form of the source's path.
    pub tty: Option<AbsolutePath>,
    /// Where on the host the data comes from and goes to. Two of them for `udp`, to send and to receive.
    pub source: Vec<CharacterSource>,
    /// What is spoken over `tcp`.
    pub protocol: Option<CharacterProtocol>,
    /// A file that records what the guest writes.
    pub log: Option<CharacterLog>,
    /// What the guest sees.
    pub target: Option<CharacterTarget>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// A text console.
#[element(rules)]
pub struct Console {
    /// What the console is on the host. Without it, nothing but `tty` may be given.
    pub r#type: Option<CharacterType>,
    /// The terminal that libvirt chose for a `pty`; an older form of the source's path.
    pub tty: Option<AbsolutePath>,
    /// Where on the host the data comes from and goes to. Two of them for `udp`, to send and to receive.
    pub source: Vec<CharacterSource>,
    /// What is spoken over `tcp`.
    pub protocol: Option<CharacterProtocol>,
    /// A file that records what the guest writes.
    pub log: Option<CharacterLog>,
    /// What the guest sees.
    pub target: Option<CharacterTarget>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// A private channel between guest and host.
#[element(rules)]
pub struct Channel {
    /// What the channel is on the host.
    pub r#type: CharacterType,
    /// Where on the host the data comes from and goes to. Two of them for `udp`, to send and to receive. libvirt
    /// finds a path itself for a `unix` channel to a virtio port.
    pub source: Vec<CharacterSource>,
    /// What is spoken over `tcp`.
    pub protocol: Option<CharacterProtocol>,
    /// A file that records what the guest writes.
    pub log: Option<CharacterLog>,
    /// How the guest finds the channel.
    pub target: ChannelTarget,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

impl View<'_, Parallel> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
        check_target(self.target(), &[], report);
    }
}

impl View<'_, Serial> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
        check_target(self.target(), CharacterTarget::SERIAL, report);
    }
}

impl View<'_, Console> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
        check_target(self.target(), CharacterTarget::CONSOLE, report);
        let others = ["source", "protocol", "log", "target", "alias", "acpi", "address"];
        if self.r#type().is_none() && others.iter().any(|name| self.value().attribute(name).is_some()) {
            report.missing(
                self.value(),
                "type",
                "is required where the console has more than a `tty`: usually \"pty\"",
            );
        }
    }
}

impl View<'_, Channel> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
    }
}
