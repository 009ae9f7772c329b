//! `<hub>`: [Hub devices](https://libvirt.org/formatdomain.html#hub-devices).

use crate::formats::device::address::{Address, Alias};
use nixvirt_schema_derive::{element, values};

/// Hub that adds ports to the guest's USB bus.
#[element]
pub struct Hub {
    /// Bus type of the hub.
    pub r#type: HubType,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Bus type of a hub.
#[values]
pub enum HubType {
    /// USB hub.
    Usb,
}
