//! `<sound>`.

use nixvirt_schema_derive::element;

/// A sound card.
#[element]
pub struct Sound {}
