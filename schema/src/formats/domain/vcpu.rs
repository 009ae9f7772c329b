//! `<vcpu>`: [CPU allocation](https://libvirt.org/formatdomain.html#cpu-allocation).

use crate::engine::scalar::{Int, YesNo};
use crate::formats::patterns::CpuSet;
use nixvirt_schema_derive::{element, values};

/// Number and placement of the guest's vCPUs.
#[element]
pub struct Vcpu {
    /// Method for choosing the host CPUs for the vCPUs. A given `cpuset` implies `static`. Defaults to `static`.
    pub placement: Option<VcpuPlacement>,
    /// Host CPUs that the vCPUs can run on. Defaults to any host CPU.
    pub cpuset: Option<CpuSet>,
    /// Number of vCPUs at boot. More vCPUs can be hot-plugged later, up to the maximum. Defaults to all vCPUs.
    pub current: Option<Int<1, 65_535>>,
    /// Maximum number of vCPUs.
    #[text]
    pub count: Int<1, 65_535>,
}

/// Method for choosing the host CPUs for the vCPUs.
#[values]
pub enum VcpuPlacement {
    /// Host CPUs listed by the user in `cpuset`.
    Static,
    /// Host CPUs chosen by `numad` on the host.
    Auto,
}

/// State of individual vCPUs.
#[element]
pub struct Vcpus {
    /// State of one vCPU.
    pub vcpu: Vec<VcpuState>,
}

/// State of one vCPU.
#[element]
pub struct VcpuState {
    /// Number of the vCPU, from 0.
    pub id: u32,
    /// Whether the vCPU is present.
    pub enabled: YesNo,
    /// Whether the vCPU can be hot-plugged and unplugged.
    pub hotpluggable: Option<YesNo>,
    /// Position of the vCPU in the hot-plug order.
    pub order: Option<u32>,
}
