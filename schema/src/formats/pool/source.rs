//! `<source>` of a pool: [Source elements](https://libvirt.org/formatstorage.html#source-elements).

use super::format::{PoolFormatDisk, PoolFormatFs, PoolFormatLogical, PoolFormatNetfs, PoolFormatNetfsType};
use super::host::{PoolAuth, PoolDevice, PoolDir, PoolHost, PoolNetfsDir, PoolProduct, PoolTargetDevice, PoolVendor};
use crate::engine::problem::Report;
use crate::engine::view::{Read, View};
use crate::formats::storage::adapter::SourceAdapter;
use crate::formats::storage::{Initiator, choice};
use nixvirt_schema_derive::element;

/// What a folder is made of.
#[element]
pub struct PoolSourceDir {
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// A block device with a file system.
#[element]
pub struct PoolSourceFs {
    /// The device.
    pub device: PoolDevice,
    /// Its file system.
    pub format: Option<PoolFormatFs>,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// A file system of a server.
#[element(rules)]
pub struct PoolSourceNetfs {
    /// The servers; at least one.
    pub host: Vec<PoolHost>,
    /// The folder or share.
    pub dir: PoolNetfsDir,
    /// The protocol by which it is mounted.
    pub format: Option<PoolFormatNetfs>,
    /// The version of NFS.
    pub protocol: Option<PoolProtocol>,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// The version of the protocol by which a file system is mounted.
#[element]
pub struct PoolProtocol {
    /// The version, such as 4.2.
    pub ver: String,
}

/// A volume group of LVM.
#[element]
pub struct PoolSourceLogical {
    /// The name of the volume group; that of the pool when absent.
    #[child]
    pub name: Vec<String>,
    /// A device that the volume group is made of.
    pub device: Vec<PoolDevice>,
    /// The format of the volume group.
    pub format: Option<PoolFormatLogical>,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// A disk.
#[element]
pub struct PoolSourceDisk {
    /// The disk.
    pub device: PoolDevice,
    /// Its partition table.
    pub format: Option<PoolFormatDisk>,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// An iSCSI target that the host logs in to.
#[element(rules)]
pub struct PoolSourceIscsi {
    /// The servers; at least one.
    pub host: Vec<PoolHost>,
    /// The target.
    pub device: PoolDevice,
    /// As which initiator the host logs in.
    pub initiator: Option<Initiator>,
    /// As whom the host logs in.
    pub auth: Option<PoolAuth>,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// An iSCSI target that libvirt reaches by itself.
#[element(rules)]
pub struct PoolSourceIscsiDirect {
    /// The servers; at least one.
    pub host: Vec<PoolHost>,
    /// The target.
    pub device: PoolTargetDevice,
    /// As which initiator the host logs in.
    pub initiator: Initiator,
    /// As whom the host logs in.
    pub auth: Option<PoolAuth>,
}

/// A SCSI adapter.
#[element]
pub struct PoolSourceScsi {
    /// The adapter.
    pub adapter: SourceAdapter,
    /// Who made the storage.
    pub vendor: Option<PoolVendor>,
    /// What it is called by who made it.
    pub product: Option<PoolProduct>,
}

/// The multipath devices of the host, of which nothing need be said.
#[element]
pub struct PoolSourceMpath {}

/// A pool of a Ceph cluster.
#[element(rules)]
pub struct PoolSourceRbd {
    /// The monitors of the cluster; at least one.
    pub host: Vec<PoolHost>,
    /// The name of the pool of Ceph.
    #[child]
    pub name: String,
    /// As whom the host logs in.
    pub auth: Option<PoolAuth>,
}

/// A Sheepdog cluster.
#[element(rules)]
pub struct PoolSourceSheepdog {
    /// The servers; at least one.
    pub host: Vec<PoolHost>,
    /// The name of the cluster.
    #[child]
    pub name: String,
}

/// A Gluster volume.
#[element(rules)]
pub struct PoolSourceGluster {
    /// The servers; at least one.
    pub host: Vec<PoolHost>,
    /// The name of the Gluster volume.
    #[child]
    pub name: String,
    /// A folder of the Gluster volume; all of it when absent.
    pub dir: Option<PoolDir>,
}

/// A pool of ZFS.
#[element]
pub struct PoolSourceZfs {
    /// The name of the pool of ZFS, perhaps with a dataset of it.
    #[child]
    pub name: String,
    /// The device that the pool of ZFS is made of.
    pub device: Option<PoolDevice>,
}

/// A cluster of Virtuozzo storage.
#[element]
pub struct PoolSourceVstorage {
    /// The name of the cluster.
    #[child]
    pub name: String,
}

/// Gives rules to sources that need a server.
macro_rules! needs_host {
    ($($source:ty),*) => { $(
        impl View<'_, $source> {
            fn rules(self, report: &mut Report<'_>) {
                choice::some(self.value(), "host", "at least one server", report);
            }
        }
    )* };
}
needs_host!(PoolSourceIscsi, PoolSourceIscsiDirect, PoolSourceRbd, PoolSourceSheepdog, PoolSourceGluster);

impl View<'_, PoolSourceNetfs> {
    fn rules(self, report: &mut Report<'_>) {
        choice::some(self.value(), "host", "at least one server", report);
        let format = self.format().and_then(|it| it.r#type()).and_then(View::get);
        if matches!(format, Some(PoolFormatNetfsType::Cifs | PoolFormatNetfsType::Glusterfs)) {
            let why = "unless format is nfs";
            return choice::none(self.value(), &["protocol"], "pool-protocol-needs-nfs", why, report);
        }
        let path = self.dir().and_then(|it| it.path());
        if let Some(path) = path.filter(|it| it.text().is_some_and(|path| !path.starts_with('/'))) {
            report.error(path.value(), "pool-dir-absolute", "is not an absolute path, which NFS wants");
        }
    }
}
