//! `<memtune>`: [Memory tuning](https://libvirt.org/formatdomain.html#memory-tuning).

use crate::formats::size::Size;
use nixvirt_schema_derive::element;

/// Limits on the host memory that the guest's process can use.
#[element]
pub struct Memtune {
    /// Maximum memory of the guest's process. The host kills the process if the limit is exceeded.
    pub hard_limit: Option<Size>,
    /// Maximum memory of the guest's process while the host is short of memory.
    pub soft_limit: Option<Size>,
    /// Minimum memory guaranteed to the guest's process.
    pub min_guarantee: Option<Size>,
    /// Maximum memory and swap of the guest's process, combined.
    pub swap_hard_limit: Option<Size>,
}
