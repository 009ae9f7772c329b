//! `<memballoon>`.

use nixvirt_schema_derive::element;

/// The device through which the guest gives memory back to the host.
#[element]
pub struct Memballoon {}
