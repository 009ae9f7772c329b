//! What is particular to KVM.

use super::FeatureState;
use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::element;

/// What is particular to KVM.
#[element]
pub struct Kvm {
    /// Whether the guest is not to notice that it runs on KVM.
    pub hidden: Option<FeatureState>,
    /// Whether the guest is told that its processors are the host's, for itself alone.
    #[name = "hint-dedicated"]
    pub hint_dedicated: Option<FeatureState>,
    /// Whether the guest decides by itself how long to poll before it sleeps.
    #[name = "poll-control"]
    pub poll_control: Option<FeatureState>,
    /// Whether the guest can interrupt several processors at once.
    #[name = "pv-ipi"]
    pub pv_ipi: Option<FeatureState>,
    /// Whether pages that changed are noted in a ring, for migration.
    #[name = "dirty-ring"]
    pub dirty_ring: Option<KvmDirtyRing>,
}

/// A ring that notes pages that changed. Since libvirt 8.0.
#[element]
pub struct KvmDirtyRing {
    /// Whether there is one.
    pub state: OnOff,
    /// How many pages it holds for each processor: a power of two from 1024 to 65536.
    pub size: Option<u32>,
}
