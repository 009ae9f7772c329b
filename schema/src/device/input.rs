//! `<input>`.

use nixvirt_schema_derive::element;

/// A keyboard, mouse or tablet.
#[element]
pub struct Input {}
