//! `<redirfilter>`.

use nixvirt_schema_derive::element;

/// Which USB devices may be redirected.
#[element]
pub struct Redirfilter {}
