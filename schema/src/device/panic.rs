//! `<panic>`.

use nixvirt_schema_derive::element;

/// A device that tells the host when the guest panics.
#[element]
pub struct Panic {}
