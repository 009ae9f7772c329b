//! `<iommufd>`: [Host device IOMMUFD](https://libvirt.org/formatdomain.html#host-device-iommufd).

use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::element;

/// Access to host devices through IOMMUFD, the kernel's newer interface to IOMMUs.
#[element]
pub struct Iommufd {
    /// Whether host devices use IOMMUFD. A host device can override the setting in its `driver`.
    pub enabled: YesNo,
    /// Name of a group of open file descriptors passed to libvirt. One of the descriptors is that of `/dev/iommu`.
    pub fdgroup: Option<String>,
}
