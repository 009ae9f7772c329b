//! `<interface>`.

use nixvirt_schema_derive::element;

/// A network card.
#[element]
pub struct Interface {}
