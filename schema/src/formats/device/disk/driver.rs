//! `<driver>` of disks, and the I/O threads that controllers have too:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::backing::DiskMetadataCache;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, OnOff};
use crate::engine::view::{Read, View};
use crate::formats::patterns::Token;
use crate::formats::storage::{StorageFormat, choice};
use nixvirt_schema_derive::{element, values};

/// How the hypervisor reads and writes a disk.
#[element]
pub struct DiskDriver {
    /// The driver: `qemu` for QEMU, several for Xen.
    pub name: Option<Token>,
    /// How the image is laid out. QEMU takes it for raw when absent.
    pub r#type: Option<Either<StorageFormat, DiskDriverAio>>,
    /// What the host caches, and how carefully it writes.
    pub cache: Option<DiskCache>,
    /// What happens when writing fails, or reading if `rerror_policy` is absent.
    pub error_policy: Option<DiskErrorPolicy>,
    /// What happens when reading fails.
    pub rerror_policy: Option<DiskReadErrorPolicy>,
    /// How QEMU waits for the host's disk.
    pub io: Option<DiskIo>,
    /// Whether the guest's requests are handled beside the virtual CPU that made them; on by default.
    pub ioeventfd: Option<OnOff>,
    /// Whether guest and host tell each other less often that there is something to do; on by default.
    pub event_idx: Option<OnOff>,
    /// Whether what is read from the image below is kept in this one.
    pub copy_on_read: Option<OnOff>,
    /// What happens to blocks that the guest gives up.
    pub discard: Option<DiskDiscard>,
    /// The number of the I/O thread that serves the disk, from 1.
    pub iothread: Option<u32>,
    /// What happens to writes of nothing but zeroes.
    pub detect_zeroes: Option<DiskDetectZeroes>,
    /// Whether clusters that are given up stay reserved in a qcow2 image, against fragments.
    pub discard_no_unref: Option<OnOff>,
    /// How many queues a virtio disk has.
    pub queues: Option<Int<1, { u64::MAX }>>,
    /// How many requests fit in a queue of a virtio disk.
    pub queue_size: Option<Int<1, { u64::MAX }>>,
    /// Whether a virtio disk goes through the guest's IOMMU.
    pub iommu: Option<OnOff>,
    /// Whether a virtio disk may keep translated addresses (ATS).
    pub ats: Option<OnOff>,
    /// Whether a virtio disk uses packed queues.
    pub packed: Option<OnOff>,
    /// Whether each queue of a virtio disk has a page of its own to be told of work.
    pub page_per_vq: Option<OnOff>,
    /// How much of the image's tables is kept in memory.
    pub metadata_cache: Option<DiskMetadataCache>,
    /// The I/O threads that serve the disk's queues.
    pub iothreads: Option<DriverIoThreads>,
}

/// A format that is none: Xen's name for a raw image.
#[values]
pub enum DiskDriverAio {
    /// Raw, as Xen says it.
    Aio,
}

/// How the host caches a disk.
#[values]
pub enum DiskCache {
    /// As the hypervisor sees fit.
    Default,
    /// The host caches nothing.
    None,
    /// The host caches reads and writes; the guest can flush.
    Writeback,
    /// The host caches reads; a write is done when it is on the disk.
    Writethrough,
    /// The host caches nothing; a write is done when it is on the disk.
    Directsync,
    /// The host caches all and ignores the guest's flushes.
    Unsafe,
}

/// What happens when a disk cannot be written.
#[values]
pub enum DiskErrorPolicy {
    /// The guest pauses.
    Stop,
    /// The guest gets the error.
    Report,
    /// Nothing: data may be lost.
    Ignore,
    /// The guest pauses where the host is out of space, and gets any other error.
    Enospace,
}

/// What happens when a disk cannot be read.
#[values]
pub enum DiskReadErrorPolicy {
    /// The guest pauses.
    Stop,
    /// The guest gets the error.
    Report,
    /// Nothing.
    Ignore,
}

/// How QEMU waits for the host's disk.
#[values]
pub enum DiskIo {
    /// In threads of its own.
    Threads,
    /// With Linux AIO; wants a cache of `none` or `directsync`.
    Native,
    /// With io_uring of Linux.
    #[xml = "io_uring"]
    IoUring,
}

/// What happens to blocks that a guest gives up.
#[values]
pub enum DiskDiscard {
    /// They go back to the host.
    Unmap,
    /// Nothing.
    Ignore,
}

/// What happens to writes of nothing but zeroes.
#[values]
pub enum DiskDetectZeroes {
    /// They are written as they are.
    Off,
    /// They are written in a cheaper way.
    On,
    /// The blocks go back to the host if `discard` lets them.
    Unmap,
}

/// The I/O threads that serve a device's queues.
#[element(rules)]
pub struct DriverIoThreads {
    /// One thread.
    pub iothread: Vec<DriverIoThread>,
}

/// An I/O thread that serves queues of a device.
#[element]
pub struct DriverIoThread {
    /// Its number among those of the domain, from 1.
    pub id: u32,
    /// A queue that it serves. libvirt deals them out when there is none at any thread.
    pub queue: Vec<DriverIoThreadQueue>,
}

/// A queue of a device.
#[element]
pub struct DriverIoThreadQueue {
    /// Its number, from 0.
    pub id: u32,
}

impl View<'_, DriverIoThreads> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "iothread", "at least one I/O thread", report);
    }
}
