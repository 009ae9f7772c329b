//! What is particular to KVM.

use super::FeatureState;
use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::element;

/// Features specific to KVM.
#[element]
pub struct Kvm {
    /// Whether KVM is hidden from the guest.
    pub hidden: Option<FeatureState>,
    /// Whether the hypervisor reports to the guest that each vCPU has a dedicated host CPU.
    #[name = "hint-dedicated"]
    pub hint_dedicated: Option<FeatureState>,
    /// Whether the guest controls how long an idle vCPU polls before sleeping.
    #[name = "poll-control"]
    pub poll_control: Option<FeatureState>,
    /// Whether the guest can interrupt several vCPUs at once.
    #[name = "pv-ipi"]
    pub pv_ipi: Option<FeatureState>,
    /// Ring buffer that records changed memory pages, for migration.
    #[since = "8.0"]
    #[name = "dirty-ring"]
    pub dirty_ring: Option<KvmDirtyRing>,
}

/// Ring buffer that records changed memory pages.
#[element]
pub struct KvmDirtyRing {
    /// Whether the ring buffer is used.
    #[switch]
    pub state: OnOff,
    /// Number of pages in the ring buffer of each vCPU: a power of two from 1024 to 65536.
    pub size: Option<u32>,
}
