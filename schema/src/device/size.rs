//! Sizes of what a device holds.

use crate::size::SizeUnit;
use nixvirt_schema_derive::element;

/// An amount of memory or storage.
#[element]
pub struct DeviceSize {
    /// The unit in which it is counted.
    pub unit: Option<SizeUnit>,
    /// The number.
    #[text]
    pub count: u64,
}
