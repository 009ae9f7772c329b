//! `<memballoon>`: [Memory balloon device](https://libvirt.org/formatdomain.html#memory-balloon-device).

use crate::engine::scalar::{Int, OnOff};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// The device through which the guest gives memory back to the host.
#[element]
pub struct Memballoon {
    /// The device that the guest sees.
    pub model: MemballoonModel,
    /// Whether the guest takes memory back before it kills a process for want of it. Since libvirt 1.3.1.
    pub autodeflate: Option<OnOff>,
    /// Whether the guest tells of pages that it freed, for the host to use. Since libvirt 6.9.0.
    pub freePageReporting: Option<OnOff>,
    /// The figures that the guest gives on its memory.
    pub stats: Option<MemballoonStats>,
    /// How the device exchanges data with the host.
    pub driver: Option<VirtioOptions>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of a memory balloon.
#[values]
pub enum MemballoonModel {
    /// A virtio device.
    Virtio,
    /// A virtio device for guests that know only its old form too. Since libvirt 5.2.0.
    VirtioTransitional,
    /// A virtio device in its new form only. Since libvirt 5.2.0.
    VirtioNonTransitional,
    /// A balloon of Xen.
    Xen,
    /// None at all: libvirt adds one where this is not said.
    None,
}

/// The figures that a guest gives on its memory. Since libvirt 1.1.1.
#[element]
pub struct MemballoonStats {
    /// The seconds from one to the next.
    pub period: Int<1, { u64::MAX }>,
}
