//! `<nvram>`: [NVRAM device](https://libvirt.org/formatdomain.html#nvram-device).

use crate::formats::device::address::Address;
use nixvirt_schema_derive::element;

/// The memory in which a pSeries guest keeps its firmware variables.
#[element]
pub struct Nvram {
    /// Where it sits in the guest.
    pub address: Option<Address>,
}
