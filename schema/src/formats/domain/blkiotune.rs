//! `<blkiotune>`: [Block I/O tuning](https://libvirt.org/formatdomain.html#block-i-o-tuning).

use crate::engine::scalar::{Either, InUnit, Int};
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::{element, values};

/// Share of the host's disk bandwidth for the guest.
#[element]
pub struct Blkiotune {
    /// I/O weight of the guest relative to other guests, from 100 to 1000.
    #[child]
    pub weight: Option<Int<100, 1000>>,
    /// I/O share of the guest on one block device of the host.
    pub device: Vec<BlkiotuneDevice>,
}

/// I/O share of the guest on one block device of the host.
#[element]
pub struct BlkiotuneDevice {
    /// Path of the block device on the host, or `*` for all disks of the guest.
    #[child]
    pub path: Either<AbsolutePath, BlkiotuneAll>,
    /// I/O weight of the guest on the block device, relative to other guests, from 100 to 1000.
    #[child]
    pub weight: Option<Int<100, 1000>>,
    /// Maximum number of read operations per second.
    #[child]
    pub read_iops_sec: Option<u32>,
    /// Maximum number of write operations per second.
    #[child]
    pub write_iops_sec: Option<u32>,
    /// Maximum number of bytes read per second.
    #[child]
    pub read_bytes_sec: Option<InUnit<u64, 1>>,
    /// Maximum number of bytes written per second.
    #[child]
    pub write_bytes_sec: Option<InUnit<u64, 1>>,
}

/// Name for all disks of a guest.
#[values]
pub enum BlkiotuneAll {
    /// All disks of the guest, for bhyve.
    #[since = "12.3"]
    #[xml = "*"]
    All,
}
