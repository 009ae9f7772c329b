//! `<smartcard>`.

use nixvirt_schema_derive::element;

/// A smart card reader.
#[element]
pub struct Smartcard {}
