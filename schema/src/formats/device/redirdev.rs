//! `<redirdev>`: [Redirected devices](https://libvirt.org/formatdomain.html#redirected-devices).

use crate::engine::problem::Report;
use crate::engine::view::View;
use crate::formats::device::address::{Address, Alias, Boot};
use crate::formats::device::character::source::{
    CharacterLog, CharacterProtocol, CharacterSource, CharacterType, check_sources,
};
use nixvirt_schema_derive::{element, values};

/// USB device redirected to the guest through a character device.
#[element(rules)]
pub struct Redirdev {
    /// Bus of the redirected device.
    pub bus: RedirdevBus,
    /// Type of the character device on the host.
    pub r#type: CharacterType,
    /// Host side of the character device: where data comes from and goes to.
    pub source: Vec<CharacterSource>,
    /// Protocol used over a `tcp` connection.
    pub protocol: Option<CharacterProtocol>,
    /// Log file for data written by the guest.
    #[since = "1.3"]
    pub log: Option<CharacterLog>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Position of the device in the firmware's boot order.
    pub boot: Option<Boot>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Bus of a redirected device.
#[values]
pub enum RedirdevBus {
    /// USB bus.
    Usb,
}

impl View<'_, Redirdev> {
    fn rules(self, report: &mut Report<'_>) {
        check_sources(self.r#type(), self.source(), report);
    }
}
