//! `<audio>`.

use nixvirt_schema_derive::element;

/// A way in which the host plays and records the guest's sound.
#[element]
pub struct Audio {}
