//! `<graphics>`.

use nixvirt_schema_derive::element;

/// A way to see and use the guest's screen from outside.
#[element]
pub struct Graphics {}
