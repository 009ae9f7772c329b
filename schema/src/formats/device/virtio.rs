//! What any virtio device may have: [Virtio-related options](https://libvirt.org/formatdomain.html#virtio-related-options).

use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::element;

/// Virtio options of a device, such as IOMMU use and queue layout.
#[element]
pub struct VirtioOptions {
    /// Whether the device uses the guest's IOMMU.
    #[since = "3.5"]
    pub iommu: Option<OnOff>,
    /// Whether the device may cache translated addresses (ATS).
    #[since = "3.5"]
    pub ats: Option<OnOff>,
    /// Whether the virtqueues use the packed layout, which needs less memory and fewer steps than the split layout.
    #[since = "6.3"]
    pub packed: Option<OnOff>,
    /// Whether each virtqueue has its own notification page.
    #[since = "7.9"]
    pub page_per_vq: Option<OnOff>,
}
