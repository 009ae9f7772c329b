//! What is particular to Xen.

use super::FeatureState;
use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::{element, values};

/// What is particular to Xen.
#[element]
pub struct Xen {
    /// Whether the guest sees the host's own map of memory.
    pub e820_host: Option<FeatureState>,
    /// Whether devices of the host can be handed to the guest.
    pub passthrough: Option<XenPassthrough>,
}

/// Whether devices of the host can be handed to the guest. Since libvirt 6.3.
#[element]
pub struct XenPassthrough {
    /// Whether they can.
    pub state: OnOff,
    /// How the IOMMU gets its page tables.
    pub mode: Option<XenPassthroughMode>,
}

/// How an IOMMU gets its page tables.
#[values]
pub enum XenPassthroughMode {
    /// They follow the guest's.
    #[xml = "sync_pt"]
    SyncPt,
    /// They are the guest's.
    #[xml = "share_pt"]
    SharePt,
}
