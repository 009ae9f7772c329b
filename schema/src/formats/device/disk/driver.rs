//! `<driver>` of disks, and the I/O threads that controllers have too:
//! [Hard drives, floppy disks, CDROMs](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).

use super::backing::DiskMetadataCache;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, OnOff};
use crate::engine::view::{Read, View};
use crate::formats::patterns::Token;
use crate::formats::storage::{StorageFormat, choice};
use nixvirt_schema_derive::{element, values};

/// Driver settings of a disk in the hypervisor.
#[element]
pub struct DiskDriver {
    /// Name of the disk driver: `qemu` for QEMU. Xen has several drivers.
    pub name: Option<Token>,
    /// Format of the disk image. Defaults to `raw` with QEMU.
    pub r#type: Option<Either<StorageFormat, DiskDriverAio>>,
    /// Cache mode of the disk on the host.
    #[default = "default"]
    pub cache: Option<DiskCache>,
    /// Action on write errors. Also applies to read errors if `rerror_policy` is omitted.
    pub error_policy: Option<DiskErrorPolicy>,
    /// Action on read errors.
    pub rerror_policy: Option<DiskReadErrorPolicy>,
    /// I/O method that QEMU uses to access the host's storage.
    pub io: Option<DiskIo>,
    /// Whether I/O requests are handled asynchronously, outside the requesting vCPU thread. Defaults to `true`.
    pub ioeventfd: Option<OnOff>,
    /// Whether guest and host reduce the number of notifications to each other. Defaults to `true`.
    pub event_idx: Option<OnOff>,
    /// Whether data read from the backing image is copied to the disk's image.
    pub copy_on_read: Option<OnOff>,
    /// Handling of discard requests from the guest.
    pub discard: Option<DiskDiscard>,
    /// Number of the I/O thread that serves the device, from 1.
    pub iothread: Option<u32>,
    /// Handling of writes that contain only zeros.
    pub detect_zeroes: Option<DiskDetectZeroes>,
    /// Whether discarded clusters stay allocated in a `qcow2` image, to avoid fragmentation.
    #[since = "9.5"]
    pub discard_no_unref: Option<OnOff>,
    /// Number of queues of a virtio disk.
    pub queues: Option<Int<1, { u64::MAX }>>,
    /// Number of requests that fit in a queue of a virtio disk.
    pub queue_size: Option<Int<1, { u64::MAX }>>,
    /// Whether the device uses the guest's IOMMU. For virtio disks.
    pub iommu: Option<OnOff>,
    /// Whether the device may cache translated addresses (ATS). For virtio disks.
    pub ats: Option<OnOff>,
    /// Whether the device uses packed virtqueues. For virtio disks.
    pub packed: Option<OnOff>,
    /// Whether each virtqueue has a separate notification page. For virtio disks.
    pub page_per_vq: Option<OnOff>,
    /// Memory cache for the image's metadata tables.
    pub metadata_cache: Option<DiskMetadataCache>,
    /// I/O threads that serve the device's queues.
    #[since = "10.0"]
    pub iothreads: Option<DriverIoThreads>,
    /// Statistics that QEMU collects about the disk.
    #[since = "11.9"]
    pub statistics: Option<DiskStatistics>,
}

/// Statistics of a disk.
#[element]
pub struct DiskStatistics {
    /// Statistics of the requests within an interval.
    pub statistic: Vec<DiskStatistic>,
    /// Histogram of the durations of requests.
    #[since = "12.1"]
    #[name = "latency-histogram"]
    pub latency_histogram: Vec<DiskLatencyHistogram>,
}

/// Statistics of the requests within an interval.
#[element]
pub struct DiskStatistic {
    /// Length of the interval, in seconds.
    pub interval: u32,
}

/// Histogram of the durations of requests: for each bin, the number of requests.
#[element]
pub struct DiskLatencyHistogram {
    /// Kind of requests. Defaults to all kinds.
    pub r#type: Option<DiskRequestKind>,
    /// Bin of the histogram, in ascending order. A bin ends where the next one starts.
    #[required]
    pub bin: Vec<DiskLatencyBin>,
}

/// Kind of requests to a disk.
#[values]
pub enum DiskRequestKind {
    /// Requests to read.
    Read,
    /// Requests to write.
    Write,
    /// Requests to a zoned disk that append to a zone.
    Zone,
    /// Requests to flush the cache.
    Flush,
}

/// Bin of a histogram.
#[element]
pub struct DiskLatencyBin {
    /// Shortest duration in the bin, in nanoseconds.
    pub start: u64,
}

/// Xen's alternative name for the raw image format.
#[values]
pub enum DiskDriverAio {
    /// Raw image format, as named by Xen.
    Aio,
}

/// Cache mode of a disk on the host.
#[values]
pub enum DiskCache {
    /// Cache mode chosen by the hypervisor.
    Default,
    /// No caching by the host.
    None,
    /// Write-back caching: the host caches reads and writes, and flushes on guest request.
    Writeback,
    /// Write-through caching: the host caches reads. A write completes once the data is on the disk.
    Writethrough,
    /// No caching by the host. A write completes once the data is on the disk.
    Directsync,
    /// Unsafe caching: the host caches everything and ignores the guest's flush requests.
    Unsafe,
}

/// Action on write errors of a disk.
#[values]
pub enum DiskErrorPolicy {
    /// Pause the guest.
    Stop,
    /// Report the error to the guest.
    Report,
    /// Ignore the error. Data may be lost.
    Ignore,
    /// Pause the guest if the host is out of space. Report all other errors to the guest.
    Enospace,
}

/// Action on read errors of a disk.
#[values]
pub enum DiskReadErrorPolicy {
    /// Pause the guest.
    Stop,
    /// Report the error to the guest.
    Report,
    /// Ignore the error.
    Ignore,
}

/// I/O method that QEMU uses to access the host's storage.
#[values]
pub enum DiskIo {
    /// Thread pool of QEMU.
    Threads,
    /// Linux AIO. Requires cache mode `none` or `directsync`.
    Native,
    /// Linux `io_uring`.
    #[xml = "io_uring"]
    IoUring,
}

/// Handling of discard requests from the guest.
#[values]
pub enum DiskDiscard {
    /// Return discarded blocks to the host.
    Unmap,
    /// Ignore discard requests.
    Ignore,
}

/// Handling of writes that contain only zeros.
#[values]
pub enum DiskDetectZeroes {
    /// Disabled: zeros are written as regular data.
    Off,
    /// Write zeros with a more efficient operation.
    On,
    /// Return zero blocks to the host if `discard` is `unmap`. Otherwise, same as `on`.
    Unmap,
}

/// I/O threads that serve a device's queues.
#[element(rules)]
pub struct DriverIoThreads {
    /// I/O thread that serves queues of the device.
    pub iothread: Vec<DriverIoThread>,
}

/// I/O thread that serves queues of a device.
#[element]
pub struct DriverIoThread {
    /// Number of the I/O thread in the domain, from 1.
    pub id: u32,
    /// Queue that the I/O thread serves. libvirt distributes the queues if no thread lists any.
    pub queue: Vec<DriverIoThreadQueue>,
}

/// Queue of a device.
#[element]
pub struct DriverIoThreadQueue {
    /// Number of the queue, from 0.
    pub id: u32,
}

impl View<'_, DriverIoThreads> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "iothread", "expected at least one I/O thread", report);
    }
}
