//! `<memoryBacking>`: [Memory backing](https://libvirt.org/formatdomain.html#memory-backing).

use crate::engine::scalar::Present;
use crate::formats::patterns::CpuSet;
use crate::formats::size::SizeUnit;
use nixvirt_schema_derive::{element, values};

/// What the host backs the guest's memory with.
#[element]
pub struct MemoryBacking {
    /// Take huge pages, of which the host must have enough.
    pub hugepages: Option<Hugepages>,
    /// Keep the host from merging equal pages of several guests.
    pub nosharepages: Option<Present>,
    /// Keep the memory from being swapped out; give `memtune.hard_limit` too.
    pub locked: Option<Present>,
    /// What the memory is in the host.
    pub source: Option<MemoryBackingSource>,
    /// Whether other programs of the host can use the memory, as virtiofs needs it.
    pub access: Option<MemoryBackingAccess>,
    /// When the memory is taken from the host.
    pub allocation: Option<MemoryBackingAllocation>,
    /// Drop what was in the memory when the guest ends.
    pub discard: Option<Present>,
}

/// Huge pages: of the host's usual size where no `page` is given.
#[element]
pub struct Hugepages {
    /// A size of pages, and which memory has it.
    pub page: Vec<Hugepage>,
}

/// A size of huge pages.
#[element]
pub struct Hugepage {
    /// How big they are.
    pub size: u64,
    /// The unit of `size`; `KiB` when absent.
    pub unit: Option<SizeUnit>,
    /// The NUMA nodes of the guest whose memory has them; all others when absent.
    pub nodeset: Option<CpuSet>,
}

/// What the guest's memory is in the host.
#[element]
pub struct MemoryBackingSource {
    /// What it is.
    pub r#type: MemoryBackingSourceType,
}

/// What memory is in the host.
#[values]
pub enum MemoryBackingSourceType {
    /// A file.
    File,
    /// Memory of the process.
    Anonymous,
    /// A file without a name.
    Memfd,
}

/// Whether other programs of the host can use the guest's memory.
#[element]
pub struct MemoryBackingAccess {
    /// Whether they can.
    pub mode: MemoryBackingAccessMode,
}

/// Whether memory is shared.
#[values]
pub enum MemoryBackingAccessMode {
    /// Other programs can use it.
    Shared,
    /// Only the guest's own process can.
    Private,
}

/// When the guest's memory is taken from the host.
#[element]
pub struct MemoryBackingAllocation {
    /// When.
    pub mode: Option<MemoryBackingAllocationMode>,
    /// How many threads take it at once. Since libvirt 8.2.
    pub threads: Option<u32>,
}

/// When memory is taken from the host.
#[values]
pub enum MemoryBackingAllocationMode {
    /// All of it when the guest starts.
    Immediate,
    /// As the guest uses it.
    Ondemand,
}
