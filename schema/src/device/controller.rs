//! `<controller>`.

use nixvirt_schema_derive::element;

/// A controller to which other devices are attached.
#[element]
pub struct Controller {}
