//! `<pool>`.
use crate::patterns::Name;
use nixvirt_schema_derive::element;

/// Pool.
#[element]
pub struct Pool {
    /// Its name.
    #[child]
    pub name: Name,
}
