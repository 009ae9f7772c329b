//! `<memory>` among the devices: [Memory devices](https://libvirt.org/formatdomain.html#memory-devices).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::device::address::{Acpi, Address, Alias};
use crate::formats::patterns::{AbsolutePath, CpuSet, Uuid};
use crate::formats::size::Size;
use nixvirt_schema_derive::{element, values};

/// A memory module.
#[element]
pub struct MemoryDevice {
    /// What kind of module it is.
    pub model: MemoryDeviceModel,
    /// Whether the host's other programs see what the guest writes to it. Since libvirt 3.2.0.
    pub access: Option<MemoryDeviceAccess>,
    /// Whether its content is thrown away when the guest stops, rather than kept for nothing. Since libvirt 4.4.0.
    pub discard: Option<YesNo>,
    /// The id of an NVDIMM of a pSeries guest.
    #[child]
    pub uuid: Option<Uuid>,
    /// What it is made of on the host: `pagesize` and `nodemask`, or `path` with `alignsize` and `pmem`.
    pub source: Option<MemoryDeviceSource>,
    /// What the guest sees.
    pub target: MemoryDeviceTarget,
    /// A name for it.
    pub alias: Option<Alias>,
    /// How the guest's ACPI names it.
    pub acpi: Option<Acpi>,
    /// Where it sits in the guest.
    pub address: Option<Address>,
}

/// A kind of memory module.
#[values]
pub enum MemoryDeviceModel {
    /// Memory that can be plugged in. Since libvirt 1.2.14.
    Dimm,
    /// Memory that keeps its content. Since libvirt 3.2.0.
    Nvdimm,
    /// A virtio device that keeps its content. Since libvirt 7.1.0.
    VirtioPmem,
    /// A virtio device that can grow and shrink in steps. Since libvirt 7.9.0.
    VirtioMem,
    /// Encrypted memory for Intel SGX. Since libvirt 8.10.0.
    SgxEpc,
}

/// Who sees what a guest writes to a memory module.
#[values]
pub enum MemoryDeviceAccess {
    /// Every program of the host that maps it.
    Shared,
    /// The guest alone.
    Private,
}

/// What a memory module is made of on the host.
#[element(rules)]
pub struct MemoryDeviceSource {
    /// The size of the host's pages, in KiB where no unit is given.
    pub pagesize: Option<Size>,
    /// The NUMA nodes of the host from which it is taken.
    #[child]
    pub nodemask: Option<CpuSet>,
    /// The file or device that keeps the content.
    #[child]
    pub path: Option<AbsolutePath>,
    /// To what the mapping of `path` is aligned, in KiB where no unit is given. Since libvirt 5.0.0.
    pub alignsize: Option<Size>,
    /// Whether `path` is real persistent memory. Since libvirt 5.0.0.
    pub pmem: Option<Present>,
}

/// What a guest sees of a memory module.
#[element]
pub struct MemoryDeviceTarget {
    /// Whether a virtio-mem device takes up slots only as it grows. Since libvirt 10.1.0.
    pub dynamicMemslots: Option<YesNo>,
    /// How much memory it has, or may have; in KiB where no unit is given.
    pub size: Size,
    /// The guest's NUMA node to which it belongs.
    #[child]
    pub node: Option<u32>,
    /// The step in which a virtio-mem device grows, in KiB where no unit is given.
    pub block: Option<Size>,
    /// How much a virtio-mem device gives the guest, in KiB where no unit is given.
    pub requested: Option<Size>,
    /// How much a virtio-mem device gives now, which libvirt tells.
    pub current: Option<Size>,
    /// The part of an NVDIMM that names its regions.
    pub label: Option<MemoryDeviceLabel>,
    /// That the guest cannot write to an NVDIMM. Since libvirt 5.0.0.
    pub readonly: Option<Present>,
    /// Where a virtio device stands in the guest's memory. Since libvirt 9.4.0.
    pub address: Option<MemoryDeviceTargetAddress>,
}

/// The part of an NVDIMM that names its regions.
#[element]
pub struct MemoryDeviceLabel {
    /// How big it is, in KiB where no unit is given.
    pub size: Size,
}

/// Where a memory module stands in the guest's memory.
#[element]
pub struct MemoryDeviceTargetAddress {
    /// The address at which it starts, in lower case.
    pub base: Hex<16>,
}

impl View<'_, MemoryDeviceSource> {
    fn rules(self, report: &mut Report<'_>) {
        let of_pages = [self.pagesize().map(Read::value), self.nodemask().map(Read::value)];
        let of_path = [self.alignsize().map(Read::value), self.pmem().map(Read::value)];
        if self.path().is_some() {
            for part in of_pages.into_iter().flatten() {
                report.error(part, "memory-source-mixed", "cannot be given beside `path`");
            }
        } else if of_path.iter().any(Option::is_some) {
            report.missing(self.value(), "path", "is required beside `alignsize` and `pmem`: an absolute path");
        }
    }
}
