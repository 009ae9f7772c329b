//! `<throttlegroups>`: [Block I/O throttle groups](https://libvirt.org/formatdomain.html#throttle-groups).

use nixvirt_schema_derive::element;

/// Limits on what a disk may read and write.
#[element]
pub struct IoTune {}
