//! `<vcpu>`: [CPU allocation](https://libvirt.org/formatdomain.html#cpu-allocation).

use crate::engine::scalar::{Int, YesNo};
use crate::formats::patterns::CpuSet;
use nixvirt_schema_derive::{element, values};

/// How many CPUs the guest has.
#[element]
pub struct Vcpu {
    /// Who chooses the CPUs of the host that they run on; `static` when `cpuset` is given or this absent.
    pub placement: Option<VcpuPlacement>,
    /// The CPUs of the host that they may run on; any when absent.
    pub cpuset: Option<CpuSet>,
    /// How many are there at the start, where others may be plugged in later; all when absent.
    pub current: Option<Int<1, 65_535>>,
    /// How many there may be.
    #[text]
    pub count: Int<1, 65_535>,
}

/// Who chooses the CPUs of the host that a guest runs on.
#[values]
pub enum VcpuPlacement {
    /// The user, by `cpuset`.
    Static,
    /// The host's `numad`.
    Auto,
}

/// The state of single CPUs of the guest.
#[element]
pub struct Vcpus {
    /// One CPU.
    pub vcpu: Vec<VcpuState>,
}

/// The state of one CPU of the guest.
#[element]
pub struct VcpuState {
    /// Its number, from 0.
    pub id: u32,
    /// Whether it is there.
    pub enabled: YesNo,
    /// Whether it can be plugged and unplugged.
    pub hotpluggable: Option<YesNo>,
    /// Its place in the order in which they are plugged in.
    pub order: Option<u32>,
}
