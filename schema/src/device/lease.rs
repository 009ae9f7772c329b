//! `<lease>`.

use nixvirt_schema_derive::element;

/// A lease that must be held while the guest runs.
#[element]
pub struct Lease {}
