//! `<volume>`: [Storage volume XML](https://libvirt.org/formatstorage.html#storage-volume-xml).

use crate::engine::scalar::{Either, Present};
use crate::formats::patterns::{AbsolutePath, VolumeName};
use crate::formats::size::Size;
use crate::formats::storage::encryption::Encryption;
use crate::formats::storage::patterns::{CompatVersion, Timestamp, Uri};
use crate::formats::storage::{Permissions, StorageFormat};
use nixvirt_schema_derive::{element, values};

/// A disk in a pool.
#[element]
pub struct Volume {
    /// What it is. libvirt finds out.
    pub r#type: Option<VolumeType>,
    /// Its name, unique in the pool.
    #[child]
    pub name: VolumeName,
    /// Its id, unique on the host. libvirt finds out.
    #[child]
    pub key: Option<String>,
    /// What it is made of. libvirt finds out.
    pub source: Option<VolumeSource>,
    /// How much it can hold.
    pub capacity: Option<Size>,
    /// How much is taken for it from the start; all when absent.
    pub allocation: Option<Size>,
    /// How large its file is. libvirt finds out.
    pub physical: Option<Size>,
    /// How it is kept.
    #[absent = "empty"]
    pub target: Option<VolumeTarget>,
    /// The volume that it builds on.
    pub backingStore: Option<VolumeBackingStore>,
}

/// What a volume is.
#[values]
pub enum VolumeType {
    /// A file.
    File,
    /// A block device.
    Block,
    /// A folder.
    Dir,
    /// Something on a server.
    Network,
    /// A folder on a server.
    Netdir,
}

/// What a volume is made of.
#[element]
pub struct VolumeSource {
    /// A device that holds some of it.
    pub device: Vec<VolumeDevice>,
}

/// A device that holds some of a volume.
#[element]
pub struct VolumeDevice {
    /// The path of the device.
    pub path: AbsolutePath,
    /// A part of the device that the volume has.
    pub extent: Vec<VolumeExtent>,
}

/// A part of a device.
#[element]
pub struct VolumeExtent {
    /// Where it starts, in bytes.
    pub start: u64,
    /// Where it ends, in bytes.
    pub end: u64,
}

/// How a volume is kept.
#[element]
pub struct VolumeTarget {
    /// Where it is on the host. libvirt finds out.
    #[child]
    pub path: Option<Either<AbsolutePath, Uri>>,
    /// How it is laid out; raw when absent.
    pub format: Option<VolumeFormat>,
    /// Who may use it.
    pub permissions: Option<Permissions>,
    /// When it was used. libvirt finds out.
    pub timestamps: Option<VolumeTimestamps>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// The version of QEMU's qcow2 that can read it: 0.10 for the first, 1.1 for the second.
    #[child]
    pub compat: Option<CompatVersion>,
    /// Whether the file system leaves out copy on write for it, where it can.
    pub nocow: Option<Present>,
    /// How large a cluster of qcow2 is: a power of two, 64 KiB when absent.
    pub clusterSize: Option<Size>,
    /// What its format can do besides.
    pub features: Option<VolumeFeatures>,
}

/// How a volume is laid out.
#[element]
pub struct VolumeFormat {
    /// The name of the format, file system or kind of partition.
    pub r#type: Either<StorageFormat, VolumeFormatType>,
}

/// What a volume holds that is no image: a file system, or a kind of partition.
#[values]
pub enum VolumeFormatType {
    /// Something that libvirt does not know.
    Unknown,
    /// Nothing in particular.
    None,
    /// Whatever is found.
    Auto,
    /// The second extended file system.
    Ext2,
    /// The third extended file system.
    Ext3,
    /// The fourth extended file system.
    Ext4,
    /// The Unix file system of BSD.
    Ufs,
    /// That of CDs.
    Iso9660,
    /// That of DVDs.
    Udf,
    /// The global file system.
    Gfs,
    /// The second global file system.
    Gfs2,
    /// FAT with long names.
    Vfat,
    /// That of macOS before APFS.
    #[xml = "hfs+"]
    HfsPlus,
    /// XFS.
    Xfs,
    /// Oracle's cluster file system.
    Ocfs2,
    /// VMware's cluster file system.
    Vmfs,
    /// A partition for Linux.
    Linux,
    /// A partition with FAT16.
    Fat16,
    /// A partition with FAT32.
    Fat32,
    /// A partition that Linux swaps to.
    LinuxSwap,
    /// A partition that is a physical volume of LVM.
    LinuxLvm,
    /// A partition that is a member of a RAID.
    LinuxRaid,
    /// A partition that holds others.
    Extended,
}

/// When a volume was used: seconds since 1970.
#[element]
pub struct VolumeTimestamps {
    /// When it was last read.
    #[child]
    pub atime: Option<Timestamp>,
    /// When it was made.
    #[child]
    pub btime: Option<Timestamp>,
    /// When its owner, mode or the like last changed.
    #[child]
    pub ctime: Option<Timestamp>,
    /// When it was last written.
    #[child]
    pub mtime: Option<Timestamp>,
}

/// What the format of a volume can do besides.
#[element]
pub struct VolumeFeatures {
    /// Whether reference counts are brought up to date late, which is faster.
    pub lazy_refcounts: Option<Present>,
    /// Whether a cluster is taken in parts, which saves space and time.
    pub extended_l2: Option<Present>,
}

/// The volume that another one builds on.
#[element]
pub struct VolumeBackingStore {
    /// The path of its file or device.
    #[child]
    pub path: AbsolutePath,
    /// How it is laid out.
    pub format: Option<VolumeFormat>,
    /// Who may use it.
    pub permissions: Option<Permissions>,
    /// When it was used. libvirt finds out.
    pub timestamps: Option<VolumeTimestamps>,
}
