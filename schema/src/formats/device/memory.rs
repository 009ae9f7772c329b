//! `<memory>` among the devices: [Memory devices](https://libvirt.org/formatdomain.html#memory-devices).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::device::virtio::VirtioOptions;
use crate::formats::patterns::{AbsolutePath, CpuSet, Uuid};
use crate::formats::size::Size;
use nixvirt_schema_derive::{element, values};

/// Memory module of the guest.
#[element]
pub struct MemoryDevice {
    /// Type of the memory module.
    pub model: MemoryDeviceModel,
    /// Whether other programs on the host see the guest's writes to the memory module.
    #[since = "3.2"]
    pub access: Option<MemoryDeviceAccess>,
    /// Whether the content of the memory module is discarded when the guest stops.
    #[since = "4.4"]
    pub discard: Option<YesNo>,
    /// UUID of the NVDIMM of a pSeries guest.
    #[child]
    pub uuid: Option<Uuid>,
    /// Virtio options of a virtio memory module, such as IOMMU use and queue layout.
    #[since = "11.9"]
    pub driver: Option<VirtioOptions>,
    /// Host memory behind the module: `pagesize` and `nodemask`, or `path` with `alignsize` and `pmem`.
    pub source: Option<MemoryDeviceSource>,
    /// Size and placement of the memory module in the guest.
    pub target: MemoryDeviceTarget,
    /// Alias of the device, for use in other tools. User-defined aliases start with `ua-`.
    pub alias: Option<Alias>,
    /// ACPI settings of the device, which determine its name in the guest.
    pub acpi: Option<Acpi>,
    /// Guest address of the device. libvirt assigns one if omitted.
    pub address: Option<Address>,
}

/// Type of a memory module.
#[values]
pub enum MemoryDeviceModel {
    /// DIMM: pluggable memory.
    #[since = "1.2"]
    Dimm,
    /// NVDIMM: persistent memory.
    #[since = "3.2"]
    Nvdimm,
    /// Virtio device with persistent memory (virtio-pmem).
    #[since = "7.1"]
    VirtioPmem,
    /// Virtio device that grows and shrinks in steps (virtio-mem).
    #[since = "7.9"]
    VirtioMem,
    /// Encrypted memory for Intel SGX.
    #[since = "8.10"]
    SgxEpc,
}

/// Visibility of the guest's writes to a memory module.
#[values]
pub enum MemoryDeviceAccess {
    /// Visible to every program on the host that maps the memory.
    Shared,
    /// Visible to the guest only.
    Private,
}

/// Host memory behind a memory module.
#[element(rules)]
pub struct MemoryDeviceSource {
    /// Size of the host's memory pages, in KiB unless a unit is given.
    pub pagesize: Option<Size>,
    /// Host NUMA nodes that provide the memory.
    #[child]
    pub nodemask: Option<CpuSet>,
    /// File or device on the host that holds the content of the memory module.
    #[child]
    pub path: Option<AbsolutePath>,
    /// Alignment of the memory mapping of `path`, in KiB unless a unit is given.
    #[since = "5.0"]
    pub alignsize: Option<Size>,
    /// Whether `path` is real persistent memory.
    #[since = "5.0"]
    pub pmem: Option<Present>,
}

/// Size and placement of a memory module in the guest.
#[element]
pub struct MemoryDeviceTarget {
    /// Whether a virtio-mem device occupies memory slots only as it grows.
    #[since = "10.1"]
    pub dynamicMemslots: Option<YesNo>,
    /// Size of the memory module, or the maximum size of a virtio-mem device. In KiB unless a unit is given.
    pub size: Size,
    /// Guest NUMA node that the memory module belongs to.
    #[child]
    pub node: Option<u32>,
    /// Step size for growing and shrinking a virtio-mem device, in KiB unless a unit is given.
    pub block: Option<Size>,
    /// Amount of memory that a virtio-mem device should give to the guest, in KiB unless a unit is given.
    pub requested: Option<Size>,
    /// Output only: the amount of memory that a virtio-mem device currently gives to the guest.
    pub current: Option<Size>,
    /// Label area of the NVDIMM, which holds the names of its regions.
    pub label: Option<MemoryDeviceLabel>,
    /// Whether the NVDIMM is read-only for the guest.
    #[since = "5.0"]
    pub readonly: Option<Present>,
    /// Location of the virtio device in the guest's memory.
    #[since = "9.4"]
    pub address: Option<MemoryDeviceTargetAddress>,
}

/// Label area of an NVDIMM, which holds the names of its regions.
#[element]
pub struct MemoryDeviceLabel {
    /// Size of the label area, in KiB unless a unit is given.
    pub size: Size,
}

/// Location of a memory module in the guest's memory.
#[element]
pub struct MemoryDeviceTargetAddress {
    /// Start address in the guest's memory, in lowercase hexadecimal.
    pub base: Hex<16>,
}

impl View<'_, MemoryDeviceSource> {
    fn rules(self, report: &mut Report<'_>) {
        let of_pages = [self.pagesize().map(Read::value), self.nodemask().map(Read::value)];
        let of_path = [self.alignsize().map(Read::value), self.pmem().map(Read::value)];
        if self.path().is_some() {
            for part in of_pages.into_iter().flatten() {
                report.error(part, "memory-source-mixed", format!("`{}` conflicts with `path`", part.key()));
            }
        } else if of_path.iter().any(Option::is_some) {
            report.missing(self.value(), "path", "`alignsize` and `pmem` require it: expected an absolute path");
        }
    }
}
