//! `<disk>`.

pub mod backing;
pub mod network;
pub mod source;

use nixvirt_schema_derive::element;

/// A disk, CD or floppy drive.
#[element]
pub struct Disk {}
