//! `<disk>`.

use nixvirt_schema_derive::element;

/// A disk, CD or floppy drive.
#[element]
pub struct Disk {}
