//! `<video>`.

use nixvirt_schema_derive::element;

/// A graphics card.
#[element]
pub struct Video {}
