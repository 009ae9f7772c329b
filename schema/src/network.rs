//! `<network>`.
use crate::patterns::Name;
use nixvirt_schema_derive::element;

/// Network.
#[element]
pub struct Network {
    /// Its name.
    #[child]
    pub name: Name,
}
