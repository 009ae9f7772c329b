//! What is particular to Xen.

use super::FeatureState;
use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::{element, values};

/// Features specific to Xen.
#[element]
pub struct Xen {
    /// Whether the guest sees the memory map of the host.
    pub e820_host: Option<FeatureState>,
    /// Passthrough of host devices to the guest.
    #[since = "6.3"]
    pub passthrough: Option<XenPassthrough>,
}

/// Passthrough of host devices to the guest.
#[element]
pub struct XenPassthrough {
    /// Whether host devices can be passed through to the guest.
    #[switch]
    pub state: OnOff,
    /// Source of the IOMMU page tables.
    pub mode: Option<XenPassthroughMode>,
}

/// Source of the IOMMU page tables.
#[values]
pub enum XenPassthroughMode {
    /// Separate page tables, synchronized with those of the guest.
    #[xml = "sync_pt"]
    SyncPt,
    /// Page tables shared with the guest.
    #[xml = "share_pt"]
    SharePt,
}
