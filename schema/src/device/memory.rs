//! `<memory>`.

use nixvirt_schema_derive::element;

/// A memory module.
#[element]
pub struct MemoryDevice {}
