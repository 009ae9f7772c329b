//! The NUMA nodes that the guest sees.

use crate::engine::scalar::{Int, YesNo};
use crate::formats::patterns::CpuSet;
use crate::formats::size::AnySizeUnit;
use nixvirt_schema_derive::{element, values};

/// NUMA nodes presented to the guest.
#[element]
pub struct Numa {
    /// NUMA node of the guest.
    #[required]
    pub cell: Vec<NumaCell>,
    /// Latency and bandwidth of memory accesses between the guest's NUMA nodes.
    #[since = "6.6"]
    pub interconnects: Option<NumaInterconnects>,
}

/// NUMA node of the guest.
#[element]
pub struct NumaCell {
    /// Number of the NUMA node, from 0. Defaults to its position in the list.
    pub id: Option<u32>,
    /// vCPUs of the NUMA node. Defaults to none.
    pub cpus: Option<CpuSet>,
    /// Memory size of the NUMA node.
    pub memory: u64,
    /// Unit of `memory`. Defaults to `KiB`.
    #[unit_of = "memory"]
    pub unit: Option<AnySizeUnit>,
    /// Access of other host programs to the memory of the NUMA node.
    pub memAccess: Option<NumaMemAccess>,
    /// Whether the memory content of the NUMA node is discarded when the guest stops.
    pub discard: Option<YesNo>,
    /// Distances from the NUMA node to other nodes.
    pub distances: Option<NumaDistances>,
    /// Memory-side cache of the NUMA node.
    #[since = "6.6"]
    pub cache: Vec<NumaCache>,
}

/// Access of other host programs to the memory of a NUMA node.
#[values]
pub enum NumaMemAccess {
    /// Memory shared with other programs on the host.
    Shared,
    /// Memory private to the guest's process.
    Private,
}

/// Distances from a NUMA node to other nodes.
#[element]
pub struct NumaDistances {
    /// Distance to one NUMA node.
    #[required]
    pub sibling: Vec<NumaSibling>,
}

/// Distance from one NUMA node to another.
#[element]
pub struct NumaSibling {
    /// Number of the other NUMA node.
    pub id: u32,
    /// Distance between the NUMA nodes, from 10 (a node and itself) to 255 (unreachable).
    pub value: Int<10, 255>,
}

/// Memory-side cache of a NUMA node.
#[element]
pub struct NumaCache {
    /// Level of the cache, from 1.
    pub level: Int<1, 3>,
    /// Associativity of the cache.
    pub associativity: NumaAssociativity,
    /// Write policy of the cache.
    pub policy: NumaPolicy,
    /// Size of the cache.
    pub size: NumaCacheSize,
    /// Size of each cache line.
    pub line: NumaCacheSize,
}

/// Associativity of a memory-side cache.
#[values]
pub enum NumaAssociativity {
    /// Unspecified associativity.
    None,
    /// Direct-mapped cache: one possible place for each memory block.
    Direct,
    /// Fully associative cache: any place for each memory block.
    Full,
}

/// Write policy of a memory-side cache.
#[values]
pub enum NumaPolicy {
    /// Unspecified write policy.
    None,
    /// Write-back: data reaches memory later.
    Writeback,
    /// Write-through: data reaches memory immediately.
    Writethrough,
}

/// Size of a cache or of a cache line.
#[element]
pub struct NumaCacheSize {
    /// Size as a number of `unit`.
    pub value: u32,
    /// Unit of `value`.
    #[unit_of = "value"]
    pub unit: AnySizeUnit,
}

/// Latency and bandwidth of memory accesses between NUMA nodes.
#[element]
pub struct NumaInterconnects {
    /// Latency of memory accesses from one NUMA node to another.
    pub latency: Vec<NumaLatency>,
    /// Memory bandwidth from one NUMA node to another.
    pub bandwidth: Vec<NumaBandwidth>,
}

/// Latency of memory accesses from one NUMA node to another.
#[element]
pub struct NumaLatency {
    /// Number of the NUMA node that makes the access.
    pub initiator: u32,
    /// Number of the NUMA node whose memory is accessed.
    pub target: u32,
    /// Level of the target node's cache that is accessed. Defaults to the target node's memory.
    pub cache: Option<u32>,
    /// Kind of memory access.
    pub r#type: NumaAccess,
    /// Latency in nanoseconds.
    pub value: u32,
}

/// Kind of memory access.
#[values]
pub enum NumaAccess {
    /// Read or write access.
    Access,
    /// Read access.
    Read,
    /// Write access.
    Write,
}

/// Memory bandwidth from one NUMA node to another.
#[element]
pub struct NumaBandwidth {
    /// Number of the NUMA node that makes the access.
    pub initiator: u32,
    /// Number of the NUMA node whose memory is accessed.
    pub target: u32,
    /// Level of the target node's cache that is accessed. Defaults to the target node's memory.
    pub cache: Option<u32>,
    /// Kind of memory access.
    pub r#type: NumaAccess,
    /// Bandwidth per second, in `unit`.
    pub value: u32,
    /// Unit of `value`.
    #[unit_of = "value"]
    pub unit: AnySizeUnit,
}
