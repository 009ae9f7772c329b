//! `<iommu>`: [IOMMU devices](https://libvirt.org/formatdomain.html#iommu-devices).

use crate::engine::problem::Report;
use crate::engine::scalar::OnOff;
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::size::AnySizeUnit;
use crate::formats::storage::choice;
use nixvirt_schema_derive::{element, values};

/// IOMMU of the guest.
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
    /// Arm SMMUv3.
    #[since = "5.5"]
    #[xml = "smmuv3"]
    SmmuV3,
    /// Virtio IOMMU.
    #[since = "8.3"]
    Virtio,
    /// AMD IOMMU, for q35 guests.
    #[since = "11.5"]
    Amd,
}

/// Options of an IOMMU.
#[element]
pub struct IommuDriver {
    /// Whether the IOMMU also remaps interrupts. Requires QEMU's I/O APIC.
    #[since = "3.4"]
    pub intremap: Option<OnOff>,
    /// Whether the IOMMU's caching mode is on. Required for host devices passed to the guest.
    #[since = "3.4"]
    pub caching_mode: Option<OnOff>,
    /// Whether guests with more than 255 vCPUs can use the IOMMU (extended interrupt mode).
    #[since = "3.4"]
    pub eim: Option<OnOff>,
    /// Whether devices may cache the IOMMU's address translations.
    #[since = "3.5"]
    pub iotlb: Option<OnOff>,
    /// Address width of the IOMMU in bits.
    #[since = "6.5"]
    pub aw_bits: Option<u8>,
    /// Whether the IOMMU translates the memory accesses of devices.
    #[since = "10.7"]
    pub dma_translation: Option<OnOff>,
    /// Whether guests with many vCPUs can use the AMD IOMMU (x2APIC).
    #[since = "11.5"]
    pub xtsup: Option<OnOff>,
    /// Whether the AMD IOMMU passes memory accesses of devices on without translation.
    #[since = "11.5"]
    pub passthrough: Option<OnOff>,
    /// Index of the PCI controller that the SMMUv3 serves.
    #[since = "11.10"]
    pub pciBus: Option<u32>,
    /// Whether the guest's SMMUv3 is accelerated by that of the host.
    #[since = "12.7"]
    pub accel: Option<OnOff>,
    /// Whether an accelerated SMMUv3 lets devices cache address translations (ATS).
    #[since = "12.7"]
    pub ats: Option<OnOff>,
    /// Whether an accelerated SMMUv3 can invalidate address ranges at once.
    #[since = "12.7"]
    pub ril: Option<OnOff>,
    /// Size of substream IDs of an accelerated SMMUv3, in bits. More than 0 allows several address spaces in a device (PASID).
    #[since = "12.7"]
    pub ssidsize: Option<i32>,
    /// Size of output addresses of an accelerated SMMUv3, in bits.
    #[since = "12.7"]
    pub oas: Option<i32>,
    /// Whether the guest uses a command queue of the host's SMMUv3, on NVIDIA Tegra241.
    #[since = "12.7"]
    pub cmdqv: Option<OnOff>,
    /// Smallest amount of memory that a virtio IOMMU maps at once.
    #[since = "12.1"]
    pub granule: Option<IommuGranule>,
}

/// Smallest amount of memory that a virtio IOMMU maps at once: `mode` or `size`.
#[element(rules)]
pub struct IommuGranule {
    /// Origin of the smallest amount of memory that the IOMMU maps at once.
    pub mode: Option<IommuGranuleMode>,
    /// Smallest amount of memory that the IOMMU maps at once, in bytes unless `unit` is given.
    #[unitless = "bytes"]
    pub size: Option<u32>,
    /// Unit of `size`. Defaults to bytes.
    #[unit_of = "size"]
    pub unit: Option<AnySizeUnit>,
}

/// Origin of the smallest amount of memory that an IOMMU maps at once.
#[values]
pub enum IommuGranuleMode {
    /// Size of the host's memory pages.
    Host,
}

impl View<'_, IommuGranule> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["mode", "size"], "iommu-granule-mode-or-size", report);
        if self.size().is_none() {
            choice::none(self.value(), &["unit"], "iommu-granule-unit", "without `size`", report);
        }
    }
}
