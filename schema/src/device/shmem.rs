//! `<shmem>`.

use nixvirt_schema_derive::element;

/// Memory shared with other guests or programs of the host.
#[element]
pub struct Shmem {}
