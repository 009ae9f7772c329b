//! `<panic>`: [Panic device](https://libvirt.org/formatdomain.html#panic-device).

use crate::formats::device::address::{Address, Alias};
use nixvirt_schema_derive::{element, values};

/// A device that tells the host when the guest panics.
#[element]
pub struct Panic {
    /// The device that the guest sees; what suits the guest where absent. Since libvirt 1.3.0.
    pub model: Option<PanicModel>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a panic device.
#[values]
pub enum PanicModel {
    /// A port of the ISA bus.
    Isa,
    /// What every pSeries guest has.
    Pseries,
    /// What Hyper-V offers Windows.
    Hyperv,
    /// What every S390 guest has.
    #[xml = "s390"]
    S390,
    /// A PCI device. Since libvirt 9.1.0.
    Pvpanic,
}
