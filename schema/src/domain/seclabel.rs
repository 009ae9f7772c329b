//! `<seclabel>`: [Security label](https://libvirt.org/formatdomain.html#security-label).

use nixvirt_schema_derive::element;

/// How the host's security driver labels one device.
#[element]
pub struct DeviceSeclabel {}
