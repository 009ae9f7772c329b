//! `<memory>`: [Memory allocation](https://libvirt.org/formatdomain.html#memory-allocation).

use crate::engine::problem::Report;
use crate::engine::scalar::OnOff;
use crate::engine::view::{Read, View};
use crate::formats::size::{AnySizeUnit, check_size};
use nixvirt_schema_derive::element;

/// Memory of the guest at boot.
#[element(rules)]
pub struct Memory {
    /// Unit of the memory size. Defaults to `KiB`.
    #[unit]
    pub unit: Option<AnySizeUnit>,
    /// Whether core dumps of the guest's process include the guest's memory.
    pub dumpCore: Option<OnOff>,
    /// Memory size, in `unit`.
    #[text]
    pub count: u64,
}

/// Maximum memory of the guest, including memory that is hot-plugged later.
#[element(rules)]
pub struct MaxMemory {
    /// Unit of the memory size. Defaults to `KiB`.
    #[unit]
    pub unit: Option<AnySizeUnit>,
    /// Number of slots for hot-plugged memory. Defaults to none.
    pub slots: Option<u32>,
    /// Maximum memory size, in `unit`.
    #[text]
    pub count: u64,
}

impl View<'_, Memory> {
    fn rules(self, report: &mut Report<'_>) {
        check_size(self.value(), report);
    }
}

impl View<'_, MaxMemory> {
    fn rules(self, report: &mut Report<'_>) {
        check_size(self.value(), report);
    }
}
