//! `<numatune>`: [NUMA node tuning](https://libvirt.org/formatdomain.html#numa-node-tuning).

use crate::formats::patterns::CpuSet;
use nixvirt_schema_derive::{element, values};

/// Host NUMA nodes that the guest's memory is allocated from.
#[element]
pub struct Numatune {
    /// Host NUMA nodes for the memory of the guest as a whole.
    pub memory: Option<NumatuneMemory>,
    /// Host NUMA nodes for the memory of one guest NUMA node.
    pub memnode: Vec<Memnode>,
}

/// Host NUMA nodes for the memory of the guest as a whole.
#[element]
pub struct NumatuneMemory {
    /// Allocation policy for the host NUMA nodes. Defaults to `strict`.
    pub mode: Option<NumatuneMode>,
    /// Method for choosing the host NUMA nodes.
    #[form]
    pub placement: NumatunePlacement,
}

/// Method for choosing host NUMA nodes.
#[element("placement")]
pub enum NumatunePlacement {
    /// NUMA nodes listed by the user in `nodeset`.
    #[default]
    Static {
        /// Host NUMA nodes to use.
        nodeset: Option<CpuSet>,
    },
    /// NUMA nodes chosen by `numad` on the host.
    Auto {},
}

/// Allocation policy for host NUMA nodes.
#[values]
pub enum NumatuneMode {
    /// Only the given nodes. Allocation fails when these nodes are full.
    Strict,
    /// Preferably the given nodes. Other nodes are used when these nodes are full.
    Preferred,
    /// All given nodes in turns.
    Interleave,
    /// Only the given nodes, enforced by control groups of the host. The nodes can be changed while the guest runs.
    #[since = "7.3"]
    Restrictive,
}

/// Host NUMA nodes for the memory of one guest NUMA node.
#[element]
pub struct Memnode {
    /// Guest NUMA node, by the `id` of its cell.
    pub cellid: u32,
    /// Allocation policy for the host NUMA nodes.
    pub mode: NumatuneMode,
    /// Host NUMA nodes to use.
    pub nodeset: CpuSet,
}
