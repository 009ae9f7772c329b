//! `<nvram>`.

use nixvirt_schema_derive::element;

/// The memory in which a pSeries guest keeps its firmware variables.
#[element]
pub struct Nvram {}
