//! `<iommu>`: [IOMMU devices](https://libvirt.org/formatdomain.html#iommu-devices).

use crate::engine::scalar::OnOff;
use crate::formats::device::address::{Acpi, Address, Alias};
use nixvirt_schema_derive::{element, values};

/// IOMMU of the guest. Since libvirt 2.1.0.
#[element]
pub struct Iommu {
    /// IOMMU model presented to the guest.
    pub model: IommuModel,
    /// Options of the IOMMU.
    pub driver: Option<IommuDriver>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// IOMMU model.
#[values]
pub enum IommuModel {
    /// Intel IOMMU, for q35 guests.
    Intel,
    /// Arm SMMUv3. Since libvirt 5.5.0.
    #[xml = "smmuv3"]
    SmmuV3,
    /// Virtio IOMMU. Since libvirt 8.3.0.
    Virtio,
}

/// Options of an IOMMU.
#[element]
pub struct IommuDriver {
    /// Whether the IOMMU also remaps interrupts. Requires QEMU's I/O APIC. Since libvirt 3.4.0.
    pub intremap: Option<OnOff>,
    /// Whether the IOMMU's caching mode is on. Required for host devices passed to the guest. Since libvirt 3.4.0.
    pub caching_mode: Option<OnOff>,
    /// Whether guests with more than 255 vCPUs can use the IOMMU (extended interrupt mode). Since libvirt 3.4.0.
    pub eim: Option<OnOff>,
    /// Whether devices may cache the IOMMU's address translations. Since libvirt 3.5.0.
    pub iotlb: Option<OnOff>,
    /// Address width of the IOMMU in bits. Since libvirt 6.5.0.
    pub aw_bits: Option<u8>,
    /// Whether the IOMMU translates the memory accesses of devices.
    pub dma_translation: Option<OnOff>,
}
