//! `<memballoon>`: [Memory balloon device](https://libvirt.org/formatdomain.html#memory-balloon-device).

use crate::engine::scalar::{Int, OnOff};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use nixvirt_schema_derive::{element, values};

/// Memory balloon, which returns guest memory to the host.
#[element]
pub struct Memballoon {
    /// Memory balloon model presented to the guest.
    pub model: MemballoonModel,
    /// Whether the guest reclaims memory from the balloon before killing a process on memory shortage.
    #[since = "1.3"]
    pub autodeflate: Option<OnOff>,
    /// Whether the guest reports freed pages for reuse by the host.
    #[since = "6.9"]
    pub freePageReporting: Option<OnOff>,
    /// Memory statistics reported by the guest.
    #[since = "1.1"]
    pub stats: Option<MemballoonStats>,
    /// Virtio options of the device, such as IOMMU use and queue layout.
    pub driver: Option<VirtioOptions>,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Memory balloon model.
#[values]
pub enum MemballoonModel {
    /// Virtio device.
    Virtio,
    /// Transitional virtio device, for legacy and modern drivers.
    #[since = "5.2"]
    VirtioTransitional,
    /// Non-transitional virtio device, for modern drivers only.
    #[since = "5.2"]
    VirtioNonTransitional,
    /// Xen memory balloon.
    Xen,
    /// No memory balloon. libvirt adds one if `memballoon` is omitted.
    None,
}

/// Memory statistics reported by a guest.
#[element]
pub struct MemballoonStats {
    /// Interval between two updates of the memory statistics, in seconds.
    pub period: Int<1, 2_147_483_647>,
}
