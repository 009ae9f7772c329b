//! The NUMA nodes that the guest sees.

use crate::engine::scalar::{Int, YesNo};
use crate::formats::patterns::CpuSet;
use crate::formats::size::SizeUnit;
use nixvirt_schema_derive::{element, values};

/// The NUMA nodes that the guest sees.
#[element]
pub struct Numa {
    /// One node.
    #[required]
    pub cell: Vec<NumaCell>,
    /// How fast the nodes reach each other's memory.
    pub interconnects: Option<NumaInterconnects>,
}

/// A NUMA node of the guest.
#[element]
pub struct NumaCell {
    /// Its number, from 0; its place among them when absent.
    pub id: Option<u32>,
    /// The guest's CPUs in it; none when absent.
    pub cpus: Option<CpuSet>,
    /// How much memory it has.
    pub memory: u64,
    /// The unit of `memory`; `KiB` when absent.
    pub unit: Option<SizeUnit>,
    /// Whether other programs of the host can use its memory.
    pub memAccess: Option<NumaMemAccess>,
    /// Whether what is in its memory is dropped when the guest ends.
    pub discard: Option<YesNo>,
    /// How far it is from other nodes.
    pub distances: Option<NumaDistances>,
    /// A cache beside its memory.
    pub cache: Vec<NumaCache>,
}

/// Whether other programs of the host can use a node's memory.
#[values]
pub enum NumaMemAccess {
    /// They can.
    Shared,
    /// Only the guest's own process can.
    Private,
}

/// How far a node is from others.
#[element]
pub struct NumaDistances {
    /// How far it is from one.
    #[required]
    pub sibling: Vec<NumaSibling>,
}

/// How far a node is from another.
#[element]
pub struct NumaSibling {
    /// The number of the other.
    pub id: u32,
    /// The distance, from 10 for a node and itself to 255 for one out of reach.
    pub value: Int<10, 255>,
}

/// A cache beside a node's memory. Since libvirt 6.6.
#[element]
pub struct NumaCache {
    /// Its level.
    pub level: u32,
    /// Where in it a piece of memory may be.
    pub associativity: NumaAssociativity,
    /// When what is written to it reaches memory.
    pub policy: NumaPolicy,
    /// How big it is.
    pub size: NumaCacheSize,
    /// How big each of its lines is.
    pub line: NumaCacheSize,
}

/// Where in a cache a piece of memory may be.
#[values]
pub enum NumaAssociativity {
    /// It is not told.
    None,
    /// In one place.
    Direct,
    /// Anywhere.
    Full,
}

/// When what is written to a cache reaches memory.
#[values]
pub enum NumaPolicy {
    /// It is not told.
    None,
    /// Later.
    Writeback,
    /// At once.
    Writethrough,
}

/// The size of a cache or of one of its lines.
#[element]
pub struct NumaCacheSize {
    /// The number.
    pub value: u32,
    /// Its unit.
    pub unit: SizeUnit,
}

/// How fast nodes reach each other's memory. Since libvirt 6.6.
#[element]
pub struct NumaInterconnects {
    /// How long an access takes.
    pub latency: Vec<NumaLatency>,
    /// How much can be moved.
    pub bandwidth: Vec<NumaBandwidth>,
}

/// How long an access to memory takes.
#[element]
pub struct NumaLatency {
    /// The number of the node that accesses.
    pub initiator: u32,
    /// The number of the node whose memory it is.
    pub target: u32,
    /// The level of the target's cache that is accessed; its memory when absent.
    pub cache: Option<u32>,
    /// The kind of access.
    pub r#type: NumaAccess,
    /// How many nanoseconds it takes.
    pub value: u32,
}

/// A kind of access to memory.
#[values]
pub enum NumaAccess {
    /// Reading or writing.
    Access,
    /// Reading.
    Read,
    /// Writing.
    Write,
}

/// How much can be moved between a node and memory.
#[element]
pub struct NumaBandwidth {
    /// The number of the node that accesses.
    pub initiator: u32,
    /// The number of the node whose memory it is.
    pub target: u32,
    /// The level of the target's cache that is accessed; its memory when absent.
    pub cache: Option<u32>,
    /// The kind of access.
    pub r#type: NumaAccess,
    /// How much a second.
    pub value: u32,
    /// The unit of `value`.
    pub unit: SizeUnit,
}
