//! `<memory>`: [Memory allocation](https://libvirt.org/formatdomain.html#memory-allocation).

use crate::engine::scalar::OnOff;
use crate::formats::size::SizeUnit;
use nixvirt_schema_derive::element;

/// Memory of the guest at boot.
#[element]
pub struct Memory {
    /// Unit of the memory size. Defaults to `KiB`.
    #[unit]
    pub unit: Option<SizeUnit>,
    /// Whether core dumps of the guest's process include the guest's memory.
    pub dumpCore: Option<OnOff>,
    /// Memory size, in `unit`.
    #[text]
    pub count: u64,
}

/// Maximum memory of the guest, including memory that is hot-plugged later.
#[element]
pub struct MaxMemory {
    /// Unit of the memory size. Defaults to `KiB`.
    #[unit]
    pub unit: Option<SizeUnit>,
    /// Number of slots for hot-plugged memory. Defaults to none.
    pub slots: Option<u32>,
    /// Maximum memory size, in `unit`.
    #[text]
    pub count: u64,
}
