//! `<memtune>`: [Memory tuning](https://libvirt.org/formatdomain.html#memory-tuning).

use crate::formats::size::Size;
use nixvirt_schema_derive::element;

/// How much of the host's memory the guest's process may take.
#[element]
pub struct Memtune {
    /// The most it may ever take; beyond, the host ends it.
    pub hard_limit: Option<Size>,
    /// The most it may take while the host is short of memory.
    pub soft_limit: Option<Size>,
    /// What it is sure to have.
    pub min_guarantee: Option<Size>,
    /// The most it may take of memory and swap together.
    pub swap_hard_limit: Option<Size>,
}
