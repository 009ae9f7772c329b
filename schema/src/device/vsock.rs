//! `<vsock>`.

use nixvirt_schema_derive::element;

/// A socket between guest and host.
#[element]
pub struct Vsock {}
