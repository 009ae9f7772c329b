//! `<backenddomain>` of disks and network cards: [Devices](https://libvirt.org/formatdomain.html#devices).

use crate::formats::patterns::Line;
use nixvirt_schema_derive::element;

/// The Xen domain that serves a device.
#[element]
pub struct BackendDomain {
    /// Its name.
    pub name: Line,
}
