//! `<numatune>`: [NUMA node tuning](https://libvirt.org/formatdomain.html#numa-node-tuning).

use crate::formats::patterns::CpuSet;
use nixvirt_schema_derive::{element, values};

/// From which NUMA nodes of the host the guest's memory is taken.
#[element]
pub struct Numatune {
    /// For the guest as a whole.
    pub memory: Option<NumatuneMemory>,
    /// For one node of the guest.
    pub memnode: Vec<Memnode>,
}

/// From which nodes of the host memory is taken.
#[element]
pub struct NumatuneMemory {
    /// How the nodes are used; `strict` when absent.
    pub mode: Option<NumatuneMode>,
    /// Who chooses the nodes.
    #[form]
    pub placement: NumatunePlacement,
}

/// Who chooses the nodes of the host.
#[element("placement")]
pub enum NumatunePlacement {
    /// The user, by `nodeset`.
    #[default]
    Static {
        /// The nodes of the host.
        nodeset: Option<CpuSet>,
    },
    /// The host's `numad`.
    Auto {},
}

/// How nodes of the host are used.
#[values]
pub enum NumatuneMode {
    /// Only these: when they are full, the guest gets no more.
    Strict,
    /// These first, others when they are full.
    Preferred,
    /// In turns.
    Interleave,
    /// Only these, as the host's control groups see to it, which can change while the guest runs. Since libvirt 7.3.
    Restrictive,
}

/// From which nodes of the host the memory of one node of the guest is taken.
#[element]
pub struct Memnode {
    /// The guest's node, by the `id` of its cell.
    pub cellid: u32,
    /// How the host's nodes are used.
    pub mode: NumatuneMode,
    /// The nodes of the host.
    pub nodeset: CpuSet,
}
