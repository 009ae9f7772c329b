//! `<pstore>`.

use nixvirt_schema_derive::element;

/// A store in which a guest keeps what it logged before it died.
#[element]
pub struct Pstore {}
