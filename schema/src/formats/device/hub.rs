//! `<hub>`: [Hub devices](https://libvirt.org/formatdomain.html#hub-devices).

use crate::formats::device::address::{Address, Alias};
use nixvirt_schema_derive::{element, values};

/// A hub that gives more ports to a USB bus.
#[element]
pub struct Hub {
    /// The kind of bus.
    pub r#type: HubType,
    /// A name for the device, by which it can be told from others.
    pub alias: Option<Alias>,
    /// Where the hub is plugged in.
    pub address: Option<Address>,
}

/// A kind of bus that has hubs.
#[values]
pub enum HubType {
    /// USB.
    Usb,
}
