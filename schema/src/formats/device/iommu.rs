//! `<iommu>`: [IOMMU devices](https://libvirt.org/formatdomain.html#iommu-devices).

use crate::engine::scalar::OnOff;
use crate::formats::device::address::{Acpi, Address, Alias};
use nixvirt_schema_derive::{element, values};

/// An IOMMU for the guest. Since libvirt 2.1.0.
#[element]
pub struct Iommu {
    /// The device that the guest sees.
    pub model: IommuModel,
    /// What it can do.
    pub driver: Option<IommuDriver>,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// The model of an IOMMU.
#[values]
pub enum IommuModel {
    /// Intel's, for q35 guests.
    Intel,
    /// Arm's. Since libvirt 5.5.0.
    #[xml = "smmuv3"]
    SmmuV3,
    /// A virtio device. Since libvirt 8.3.0.
    Virtio,
}

/// What an IOMMU can do.
#[element]
pub struct IommuDriver {
    /// Whether it also remaps interrupts, for which the I/O APIC must be QEMU's. Since libvirt 3.4.0.
    pub intremap: Option<OnOff>,
    /// Whether it caches, which devices of the host handed to the guest need. Since libvirt 3.4.0.
    pub caching_mode: Option<OnOff>,
    /// Whether guests with more than 255 processors can use it. Since libvirt 3.4.0.
    pub eim: Option<OnOff>,
    /// Whether devices may cache what it translates. Since libvirt 3.5.0.
    pub iotlb: Option<OnOff>,
    /// How many bits its addresses have. Since libvirt 6.5.0.
    pub aw_bits: Option<u8>,
    /// Whether it translates what devices read and write.
    pub dma_translation: Option<OnOff>,
}
