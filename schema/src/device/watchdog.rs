//! `<watchdog>`.

use nixvirt_schema_derive::element;

/// A device that acts when the guest hangs.
#[element]
pub struct Watchdog {}
