//! `<backenddomain>` of disks and network cards: [Devices](https://libvirt.org/formatdomain.html#devices).

use crate::formats::patterns::Line;
use nixvirt_schema_derive::element;

/// Xen domain that provides the backend of a device.
#[element]
pub struct BackendDomain {
    /// Name of the Xen backend domain.
    pub name: Line,
}
