//! `<redirdev>`.

use nixvirt_schema_derive::element;

/// A USB device redirected over a character device.
#[element]
pub struct Redirdev {}
