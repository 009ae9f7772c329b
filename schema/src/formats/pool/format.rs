//! `<format>` of a pool's `<source>`: [Source elements](https://libvirt.org/formatstorage.html#source-elements).

use super::host::{PoolProduct, PoolVendor};
use nixvirt_schema_derive::{element, values};

/// File system format of a pool's block device.
#[element]
pub struct PoolFormatFs {
    /// File system on the block device.
    pub r#type: PoolFormatFsType,
}

/// File system on a block device.
#[values]
pub enum PoolFormatFsType {
    /// Automatic detection of the file system.
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
}

/// Protocol that mounts a network file system.
#[element]
pub struct PoolFormatNetfs {
    /// Type of the network file system.
    pub r#type: PoolFormatNetfsType,
}

/// Type of a network file system.
#[values]
pub enum PoolFormatNetfsType {
    /// Automatic detection of the protocol.
    Auto,
    /// NFS.
    Nfs,
    /// CIFS (SMB), the protocol of Windows shares.
    Cifs,
    /// GlusterFS, mounted with FUSE.
    Glusterfs,
}

/// Partition table format of a disk.
#[element]
pub struct PoolFormatDisk {
    /// Type of the partition table.
    pub r#type: PoolFormatDiskType,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Type of a partition table.
#[values]
pub enum PoolFormatDiskType {
    /// Automatic detection of the partition table.
    Unknown,
    /// DOS (MBR) partition table, the format of PCs before UEFI.
    Dos,
    /// DVH partition table of SGI.
    Dvh,
    /// GUID partition table (GPT), the format of UEFI.
    Gpt,
    /// Apple partition map of Macs before Intel.
    Mac,
    /// BSD disk label.
    Bsd,
    /// PC-98 partition table.
    Pc98,
    /// Sun disk label.
    Sun,
    /// LVM2 physical volume.
    Lvm2,
}

/// Metadata format of an LVM volume group.
#[element]
pub struct PoolFormatLogical {
    /// Version of the LVM metadata format.
    pub r#type: PoolFormatLogicalType,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Version of the LVM metadata format.
#[values]
pub enum PoolFormatLogicalType {
    /// Automatic detection of the format.
    Unknown,
    /// LVM version 2.
    Lvm2,
}
