//! `<redirdev>`: [Redirected devices](https://libvirt.org/formatdomain.html#redirected-devices).

use crate::engine::problem::Report;
use crate::engine::view::View;
use crate::formats::device::address::{Address, Alias, Boot};
use crate::formats::device::character::source::{
    CharacterLog, CharacterProtocol, CharacterSource, CharacterType, check_sources,
};
use nixvirt_schema_derive::{element, values};

/// A USB device redirected over a character device.
#[element(rules)]
pub struct Redirdev {
    /// The bus of the device.
    pub bus: RedirdevBus,
    /// What the device is redirected over.
    pub r#type: CharacterType,
    /// Where on the host the data comes from and goes to.
    pub source: Vec<CharacterSource>,
    /// What is spoken over `tcp`.
    pub protocol: Option<CharacterProtocol>,
    /// A file that records what the guest writes.
    pub log: Option<CharacterLog>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Its place in the order in which the firmware tries to boot.
    pub boot: Option<Boot>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// A bus whose devices can be redirected.
#[values]
pub enum RedirdevBus {
    /// USB.
    Usb,
}

impl View<'_, Redirdev> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
    }
}
