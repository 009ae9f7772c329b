//! `<tpm>`.

use nixvirt_schema_derive::element;

/// A trusted platform module.
#[element]
pub struct Tpm {}
