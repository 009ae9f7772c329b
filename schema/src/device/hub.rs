//! `<hub>`.

use nixvirt_schema_derive::element;

/// A hub that gives more ports to a USB bus.
#[element]
pub struct Hub {}
