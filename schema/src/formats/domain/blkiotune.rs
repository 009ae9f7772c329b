//! `<blkiotune>`: [Block I/O tuning](https://libvirt.org/formatdomain.html#block-i-o-tuning).

use crate::engine::scalar::Int;
use crate::formats::patterns::AbsolutePath;
use nixvirt_schema_derive::element;

/// The guest's share of what the host's disks can do.
#[element]
pub struct Blkiotune {
    /// Its weight against that of other guests, from 100 to 1000.
    #[child]
    pub weight: Option<Int<100, 1000>>,
    /// Its share of one block device of the host.
    pub device: Vec<BlkiotuneDevice>,
}

/// The guest's share of one block device of the host.
#[element]
pub struct BlkiotuneDevice {
    /// The device's path.
    #[child]
    pub path: AbsolutePath,
    /// The guest's weight against that of other guests, from 100 to 1000.
    #[child]
    pub weight: Option<Int<100, 1000>>,
    /// Most read operations a second.
    #[child]
    pub read_iops_sec: Option<u32>,
    /// Most write operations a second.
    #[child]
    pub write_iops_sec: Option<u32>,
    /// Most bytes read a second.
    #[child]
    pub read_bytes_sec: Option<u64>,
    /// Most bytes written a second.
    #[child]
    pub write_bytes_sec: Option<u64>,
}
