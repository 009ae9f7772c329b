//! `<source>` of a pool: [Source elements](https://libvirt.org/formatstorage.html#source-elements).

use super::format::{PoolFormatDisk, PoolFormatFs, PoolFormatLogical, PoolFormatNetfs, PoolFormatNetfsType};
use super::host::{PoolAuth, PoolDevice, PoolDir, PoolHost, PoolNetfsDir, PoolProduct, PoolTargetDevice, PoolVendor};
use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::storage::adapter::SourceAdapter;
use crate::formats::storage::{Initiator, choice};
use nixvirt_schema_derive::element;

/// Source of a directory pool.
#[element]
pub struct PoolSourceDir {
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Source of a file system pool: a block device with a file system.
#[element]
pub struct PoolSourceFs {
    /// Block device with the file system.
    pub device: PoolDevice,
    /// File system format of the block device.
    pub format: Option<PoolFormatFs>,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Source of a network file system pool: a directory or share of a server.
#[element(rules)]
pub struct PoolSourceNetfs {
    /// Servers that provide the file system. At least one is required.
    pub host: Vec<PoolHost>,
    /// Directory or share on the server.
    pub dir: PoolNetfsDir,
    /// Protocol that mounts the file system.
    pub format: Option<PoolFormatNetfs>,
    /// Version of the NFS protocol.
    pub protocol: Option<PoolProtocol>,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Version of the protocol that mounts a network file system.
#[element]
pub struct PoolProtocol {
    /// Protocol version, such as `4.2`.
    pub ver: String,
}

/// Source of a logical pool: an LVM volume group.
#[element]
pub struct PoolSourceLogical {
    /// Name of the volume group. Defaults to the name of the pool.
    #[child]
    pub name: Vec<String>,
    /// Physical devices of the volume group.
    pub device: Vec<PoolDevice>,
    /// Metadata format of the volume group.
    pub format: Option<PoolFormatLogical>,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Source of a disk pool: a disk with partitions.
#[element]
pub struct PoolSourceDisk {
    /// Disk of the pool.
    pub device: PoolDevice,
    /// Partition table format of the disk.
    pub format: Option<PoolFormatDisk>,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Source of an iSCSI pool: a target that the host logs in to.
#[element(rules)]
pub struct PoolSourceIscsi {
    /// Servers of the iSCSI target. At least one is required.
    pub host: Vec<PoolHost>,
    /// iSCSI target of the pool.
    pub device: PoolDevice,
    /// iSCSI initiator of the host for the login.
    pub initiator: Option<Initiator>,
    /// Credentials for the iSCSI target.
    pub auth: Option<PoolAuth>,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Source of a direct iSCSI pool: a target that libvirt accesses directly.
#[element(rules)]
pub struct PoolSourceIscsiDirect {
    /// Servers of the iSCSI target. At least one is required.
    pub host: Vec<PoolHost>,
    /// iSCSI target of the pool.
    pub device: PoolTargetDevice,
    /// iSCSI initiator for the login.
    pub initiator: Initiator,
    /// Credentials for the iSCSI target.
    pub auth: Option<PoolAuth>,
}

/// Source of a SCSI pool: a host bus adapter.
#[element]
pub struct PoolSourceScsi {
    /// SCSI host bus adapter of the pool.
    pub adapter: SourceAdapter,
    /// Vendor of the storage.
    pub vendor: Option<PoolVendor>,
    /// Product name of the storage, as given by the vendor.
    pub product: Option<PoolProduct>,
}

/// Source of a multipath pool. Always empty: the pool contains the multipath devices of the host.
#[element]
pub struct PoolSourceMpath {}

/// Source of an RBD pool: a pool of a Ceph cluster.
#[element(rules)]
pub struct PoolSourceRbd {
    /// Monitors of the Ceph cluster. At least one is required.
    pub host: Vec<PoolHost>,
    /// Name of the pool in the Ceph cluster.
    #[child]
    pub name: String,
    /// Credentials for the Ceph cluster.
    pub auth: Option<PoolAuth>,
}

/// Source of a Sheepdog pool: a Sheepdog cluster.
#[element(rules)]
pub struct PoolSourceSheepdog {
    /// Servers of the Sheepdog cluster. At least one is required.
    pub host: Vec<PoolHost>,
    /// Name of the Sheepdog cluster.
    #[child]
    pub name: String,
}

/// Source of a Gluster pool: a Gluster volume.
#[element(rules)]
pub struct PoolSourceGluster {
    /// Servers of the Gluster volume. At least one is required.
    pub host: Vec<PoolHost>,
    /// Name of the Gluster volume.
    #[child]
    pub name: String,
    /// Directory in the Gluster volume. Defaults to the whole volume.
    pub dir: Option<PoolDir>,
}

/// Source of a ZFS storage pool: a ZFS pool or dataset.
#[element]
pub struct PoolSourceZfs {
    /// Name of the ZFS pool, optionally with a dataset.
    #[child]
    pub name: String,
    /// Device of the ZFS pool.
    pub device: Option<PoolDevice>,
}

/// Source of a Virtuozzo storage pool: a storage cluster.
#[element]
pub struct PoolSourceVstorage {
    /// Name of the Virtuozzo storage cluster.
    #[child]
    pub name: String,
}

/// Implements `rules` for sources that require a server.
macro_rules! needs_host {
    ($($source:ty),*) => { $(
        impl View<'_, $source> {
            fn rules(self, report: &mut Report<'_>) {
                choice::some(self.value(), "host", "expected at least one server", report);
            }
        }
    )* };
}
needs_host!(PoolSourceIscsi, PoolSourceIscsiDirect, PoolSourceRbd, PoolSourceSheepdog, PoolSourceGluster);

impl View<'_, PoolSourceNetfs> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "host", "expected at least one server", report);
        let format = self.format().and_then(|it| it.r#type()).and_then(View::get);
        if matches!(format, Some(PoolFormatNetfsType::Cifs | PoolFormatNetfsType::Glusterfs)) {
            let why = "if the format is not \"nfs\"";
            return choice::none(self.value(), &["protocol"], "pool-protocol-needs-nfs", why, report);
        }
        let path = self.dir().and_then(|it| it.path());
        if let Some(path) = path.filter(|it| it.text().is_some_and(|path| !path.starts_with('/'))) {
            let message = format!("invalid path {}: NFS requires an absolute path", path.value().shown());
            report.error(path.value(), "pool-dir-absolute", message);
        }
    }
}
