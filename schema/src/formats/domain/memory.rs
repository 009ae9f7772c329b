//! `<memory>`: [Memory allocation](https://libvirt.org/formatdomain.html#memory-allocation).

use crate::engine::scalar::OnOff;
use crate::formats::size::SizeUnit;
use nixvirt_schema_derive::element;

/// How much memory the guest has at the start.
#[element]
pub struct Memory {
    /// The unit of the number; `KiB` when absent.
    pub unit: Option<SizeUnit>,
    /// Whether a dump of the guest's process holds its memory.
    pub dumpCore: Option<OnOff>,
    /// How much.
    #[text]
    pub count: u64,
}

/// How much memory the guest can have once more is plugged in.
#[element]
pub struct MaxMemory {
    /// The unit of the number; `KiB` when absent.
    pub unit: Option<SizeUnit>,
    /// How many slots there are for more memory; none when absent.
    pub slots: Option<u32>,
    /// How much.
    #[text]
    pub count: u64,
}
