//! `<hostdev>`.

use nixvirt_schema_derive::element;

/// A device of the host that is handed to the guest.
#[element]
pub struct Hostdev {}
