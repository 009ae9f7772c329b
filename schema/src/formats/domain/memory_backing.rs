//! `<memoryBacking>`: [Memory backing](https://libvirt.org/formatdomain.html#memory-backing).

use crate::engine::problem::Report;
use crate::engine::scalar::Present;
use crate::engine::view::{Read, View};
use crate::formats::patterns::CpuSet;
use crate::formats::size::{AnySizeUnit, Plausible};
use nixvirt_schema_derive::{element, values};

/// Host memory that backs the guest's memory.
#[element]
pub struct MemoryBacking {
    /// Huge pages for the guest's memory. The host must have enough huge pages.
    pub hugepages: Option<Hugepages>,
    /// Whether the host is prevented from merging identical memory pages of guests.
    pub nosharepages: Option<Present>,
    /// Whether the guest's memory is locked in RAM and never swapped out. Also set `memtune.hard_limit`.
    pub locked: Option<Present>,
    /// Kind of host memory that backs the guest's memory.
    pub source: Option<MemoryBackingSource>,
    /// Access of other host programs to the guest's memory. virtiofs requires `shared`.
    pub access: Option<MemoryBackingAccess>,
    /// Allocation of the guest's memory on the host.
    pub allocation: Option<MemoryBackingAllocation>,
    /// Whether the memory content is discarded when the guest stops.
    pub discard: Option<Present>,
}

/// Huge pages for the guest's memory. Without `page`, the pages have the default size of the host.
#[element]
pub struct Hugepages {
    /// Size of huge pages, and the NUMA nodes that use this size.
    pub page: Vec<Hugepage>,
}

/// Size of huge pages, and the NUMA nodes that use this size.
#[element(rules)]
pub struct Hugepage {
    /// Size of each huge page.
    pub size: u64,
    /// Unit of `size`. Defaults to `KiB`.
    #[unit_of = "size"]
    pub unit: Option<AnySizeUnit>,
    /// Guest NUMA nodes that use this page size. Defaults to all remaining nodes.
    pub nodeset: Option<CpuSet>,
}

/// Kind of host memory that backs the guest's memory.
#[element]
pub struct MemoryBackingSource {
    /// Kind of host memory.
    pub r#type: MemoryBackingSourceType,
}

/// Kind of host memory that backs the guest's memory.
#[values]
pub enum MemoryBackingSourceType {
    /// File on the host.
    File,
    /// Anonymous memory of the guest's process.
    Anonymous,
    /// Anonymous memory file (memfd).
    Memfd,
}

/// Access of other host programs to the guest's memory.
#[element]
pub struct MemoryBackingAccess {
    /// Access mode of the guest's memory: shared with other host programs, or private.
    pub mode: MemoryBackingAccessMode,
}

/// Access of other host programs to the guest's memory.
#[values]
pub enum MemoryBackingAccessMode {
    /// Memory shared with other programs on the host.
    Shared,
    /// Memory private to the guest's process.
    Private,
}

/// Allocation of the guest's memory on the host.
#[element]
pub struct MemoryBackingAllocation {
    /// Time of the memory allocation.
    pub mode: Option<MemoryBackingAllocationMode>,
    /// Number of threads that allocate memory in parallel.
    #[since = "8.2"]
    pub threads: Option<u32>,
}

/// Time of the memory allocation.
#[values]
pub enum MemoryBackingAllocationMode {
    /// Allocate all memory when the guest starts.
    Immediate,
    /// Allocate memory on first use by the guest.
    Ondemand,
}

impl View<'_, Hugepage> {
    fn rules(self, report: &mut Report<'_>) {
        Plausible::PAGE.check_number(self.size().map(Read::value), self.unit().map(Read::value), report);
    }
}
