//! `<filesystem>`.

use nixvirt_schema_derive::element;

/// A folder of the host that the guest can mount.
#[element]
pub struct Filesystem {}
