//! What any virtio device may have: [Virtio-related options](https://libvirt.org/formatdomain.html#virtio-related-options).

use crate::engine::scalar::OnOff;
use nixvirt_schema_derive::element;

/// How a virtio device exchanges data with the host.
#[element]
pub struct VirtioOptions {
    /// Whether the device goes through the guest's IOMMU. Since libvirt 3.5.0.
    pub iommu: Option<OnOff>,
    /// Whether a PCIe device may cache what the IOMMU translates. Since libvirt 3.5.0.
    pub ats: Option<OnOff>,
    /// Whether the queues are packed, which takes less memory and fewer steps than split ones. Since libvirt 6.3.0.
    pub packed: Option<OnOff>,
    /// Whether each queue is told of new data by a page of its own. Since libvirt 7.9.0.
    pub page_per_vq: Option<OnOff>,
}
