//! `<volume>`.
use crate::patterns::Name;
use nixvirt_schema_derive::element;

/// Volume.
#[element]
pub struct Volume {
    /// Its name.
    #[child]
    pub name: Name,
}
