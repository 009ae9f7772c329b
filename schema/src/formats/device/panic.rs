//! `<panic>`: [Panic device](https://libvirt.org/formatdomain.html#panic-device).

use crate::formats::device::address::{Address, Alias};
use nixvirt_schema_derive::{element, values};

/// Panic device, which notifies the host when the guest panics.
#[element]
pub struct Panic {
    /// Panic device model presented to the guest. Defaults to the model that fits the guest.
    #[since = "1.3"]
    pub model: Option<PanicModel>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Panic device model.
#[values]
pub enum PanicModel {
    /// ISA device with an I/O port.
    Isa,
    /// Built-in panic notification of pSeries guests.
    Pseries,
    /// Hyper-V panic notification for Windows guests.
    Hyperv,
    /// Built-in panic notification of S390 guests.
    #[xml = "s390"]
    S390,
    /// PCI device.
    #[since = "9.1"]
    Pvpanic,
}
