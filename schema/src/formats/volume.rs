//! `<volume>`: [Storage volume XML](https://libvirt.org/formatstorage.html#storage-volume-xml).

use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Present};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsolutePath, VolumeName};
use crate::formats::size::{Plausible, Size};
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::{CompatVersion, Timestamp, Uri};
use crate::formats::storage::{Permissions, StorageFormat};
use nixvirt_schema_derive::{element, values};

/// Storage volume in a pool.
#[element(rules)]
pub struct Volume {
    /// Output only: type of the volume.
    pub r#type: Option<VolumeType>,
    /// Name of the volume, unique within the pool.
    #[child]
    pub name: VolumeName,
    /// Output only: key of the volume, unique on the host.
    #[child]
    pub key: Option<String>,
    /// Output only: devices that hold the volume.
    pub source: Option<VolumeSource>,
    /// Capacity of the volume.
    #[unitless = "bytes"]
    pub capacity: Option<Size>,
    /// Space allocated when the volume is created. Defaults to the full capacity.
    #[unitless = "bytes"]
    pub allocation: Option<Size>,
    /// Output only: physical size of the volume's file.
    #[unitless = "bytes"]
    pub physical: Option<Size>,
    /// Location, format and permissions of the volume.
    #[absent = "empty"]
    pub target: Option<VolumeTarget>,
    /// Backing volume that the volume is based on.
    pub backingStore: Option<VolumeBackingStore>,
}

/// Type of a volume.
#[values]
pub enum VolumeType {
    /// File.
    File,
    /// Block device.
    Block,
    /// Directory.
    Dir,
    /// Network storage.
    Network,
    /// Network directory.
    Netdir,
}

/// Devices that hold a volume.
#[element]
pub struct VolumeSource {
    /// Devices that hold parts of the volume.
    pub device: Vec<VolumeDevice>,
}

/// Device that holds part of a volume.
#[element]
pub struct VolumeDevice {
    /// Path of the device.
    pub path: AbsolutePath,
    /// Regions of the device that belong to the volume.
    pub extent: Vec<VolumeExtent>,
}

/// Region of a device.
#[element]
pub struct VolumeExtent {
    /// Start of the region, in bytes.
    pub start: u64,
    /// End of the region, in bytes.
    pub end: u64,
}

/// Location, format and permissions of a volume.
#[element]
pub struct VolumeTarget {
    /// Output only: path of the volume on the host.
    #[child]
    pub path: Option<Either<AbsolutePath, Uri>>,
    /// Format of the volume. Defaults to `raw`.
    pub format: Option<VolumeFormat>,
    /// Permissions of the volume.
    pub permissions: Option<Permissions>,
    /// Output only: timestamps of the volume.
    pub timestamps: Option<VolumeTimestamps>,
    /// Encryption of the volume.
    pub encryption: Option<Encryption>,
    /// QEMU version that can read a qcow2 volume: `0.10` for qcow2 version 2, `1.1` for qcow2 version 3.
    #[child]
    pub compat: Option<CompatVersion>,
    /// Whether copy-on-write is disabled for the volume, on file systems that support it.
    pub nocow: Option<Present>,
    /// Cluster size of a qcow2 volume, a power of two. Defaults to 64 KiB.
    #[unitless = "bytes"]
    pub clusterSize: Option<Size>,
    /// Optional features of the volume's format.
    pub features: Option<VolumeFeatures>,
}

/// Format of a volume.
#[element]
pub struct VolumeFormat {
    /// Name of the image format, file system or partition type.
    pub r#type: Either<StorageFormat, VolumeFormatType>,
}

/// Content of a volume other than a disk image: a file system or a partition type.
#[values]
pub enum VolumeFormatType {
    /// Format unknown to libvirt.
    Unknown,
    /// No specific format.
    None,
    /// Automatic detection of the format.
    Auto,
    /// Second extended file system (ext2).
    Ext2,
    /// Third extended file system (ext3).
    Ext3,
    /// Fourth extended file system (ext4).
    Ext4,
    /// Unix File System (UFS) of BSD.
    Ufs,
    /// ISO 9660, the file system of CDs.
    Iso9660,
    /// UDF, the file system of DVDs.
    Udf,
    /// Global File System (GFS).
    Gfs,
    /// Global File System 2 (GFS2).
    Gfs2,
    /// FAT with long file names (VFAT).
    Vfat,
    /// HFS+, the file system of macOS before APFS.
    #[xml = "hfs+"]
    HfsPlus,
    /// XFS.
    Xfs,
    /// Oracle Cluster File System 2 (OCFS2).
    Ocfs2,
    /// VMware cluster file system (VMFS).
    Vmfs,
    /// Linux partition.
    Linux,
    /// FAT16 partition.
    Fat16,
    /// FAT32 partition.
    Fat32,
    /// Linux swap partition.
    LinuxSwap,
    /// LVM physical volume partition.
    LinuxLvm,
    /// Linux RAID member partition.
    LinuxRaid,
    /// Extended partition that contains other partitions.
    Extended,
}

/// Timestamps of a volume, in seconds since 1970.
#[element]
pub struct VolumeTimestamps {
    /// Last access time of the volume.
    #[child]
    pub atime: Option<Timestamp>,
    /// Creation time of the volume.
    #[child]
    pub btime: Option<Timestamp>,
    /// Last change of the volume's metadata, such as owner or mode.
    #[child]
    pub ctime: Option<Timestamp>,
    /// Last modification time of the volume's content.
    #[child]
    pub mtime: Option<Timestamp>,
}

/// Optional features of a volume's format.
#[element]
pub struct VolumeFeatures {
    /// Whether reference counts are updated lazily, which is faster.
    pub lazy_refcounts: Option<Present>,
    /// Whether clusters are allocated in subclusters (extended L2 entries), which saves space and time.
    pub extended_l2: Option<Present>,
}

/// Backing volume that another volume is based on.
#[element]
pub struct VolumeBackingStore {
    /// Path of the backing volume's file or device.
    #[child]
    pub path: AbsolutePath,
    /// Format of the backing volume.
    pub format: Option<VolumeFormat>,
    /// Permissions of the backing volume.
    pub permissions: Option<Permissions>,
    /// Output only: timestamps of the backing volume.
    pub timestamps: Option<VolumeTimestamps>,
}

impl View<'_, Volume> {
    fn rules(self, report: &mut Report<'_>) {
        if let Some(capacity) = self.capacity() {
            Plausible::VOLUME.check(capacity.value(), report);
        }
    }
}
