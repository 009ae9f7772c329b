//! `<nvram>`: [NVRAM device](https://libvirt.org/formatdomain.html#nvram-device).

use crate::formats::device::address::Address;
use nixvirt_schema_derive::element;

/// NVRAM device of a pSeries guest, which holds its firmware variables.
#[element]
pub struct Nvram {
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}
