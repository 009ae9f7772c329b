//! `<format>` of a pool's `<source>`: [Source elements](https://libvirt.org/formatstorage.html#source-elements).

use super::host::{PoolProduct, PoolVendor};
use nixvirt_schema_derive::{element, values};

/// The file system of a device.
#[element]
pub struct PoolFormatFs {
    /// Which one it is.
    pub r#type: PoolFormatFsType,
}

/// A file system.
#[values]
pub enum PoolFormatFsType {
    /// Whichever is found.
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
}

/// The protocol by which a file system of a server is mounted.
#[element]
pub struct PoolFormatNetfs {
    /// Which one it is.
    pub r#type: PoolFormatNetfsType,
}

/// A protocol for file systems of a server.
#[values]
pub enum PoolFormatNetfsType {
    /// Whichever is found.
    Auto,
    /// NFS.
    Nfs,
    /// That of Windows shares.
    Cifs,
    /// Gluster's own, by FUSE.
    Glusterfs,
}

/// The partition table of a disk.
#[element]
pub struct PoolFormatDisk {
    /// Which kind it is.
    pub r#type: PoolFormatDiskType,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// A kind of partition table.
#[values]
pub enum PoolFormatDiskType {
    /// Whichever is found.
    Unknown,
    /// That of the PC before UEFI.
    Dos,
    /// That of SGI.
    Dvh,
    /// That of UEFI.
    Gpt,
    /// That of the Macintosh before Intel.
    Mac,
    /// That of BSD.
    Bsd,
    /// That of the PC-98.
    Pc98,
    /// That of Sun.
    Sun,
    /// A physical volume of LVM.
    Lvm2,
}

/// The format of a volume group.
#[element]
pub struct PoolFormatLogical {
    /// Which version it is.
    pub r#type: PoolFormatLogicalType,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// A format of volume groups.
#[values]
pub enum PoolFormatLogicalType {
    /// Whichever is found.
    Unknown,
    /// LVM, version 2.
    Lvm2,
}
