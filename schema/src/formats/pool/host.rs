//! The servers and devices of a pool's `<source>`:
//! [Source elements](https://libvirt.org/formatstorage.html#source-elements).

use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsoluteFolder, AbsolutePath, DnsName, Ip, Path, Token};
use crate::formats::storage::choice;
use crate::formats::storage::patterns::Iqn;
use nixvirt_schema_derive::{element, values};

/// A server that has the storage.
#[element]
pub struct PoolHost {
    /// Its name or address.
    pub name: Either<DnsName, Ip>,
    /// Its port; that of the protocol when absent.
    pub port: Option<Int<-1, 65_535>>,
}

/// A device that a pool is made of.
#[element]
pub struct PoolDevice {
    /// The path of the device, or the qualified name of an iSCSI target.
    pub path: Either<AbsolutePath, Either<Token, Iqn>>,
    /// Whether `p` stands between the path and the number of a partition; for multipath devices.
    pub part_separator: Option<YesNo>,
    /// A part of the disk that is free. libvirt finds out.
    pub freeExtent: Vec<PoolExtent>,
}

/// A part of a disk.
#[element]
pub struct PoolExtent {
    /// Where it starts, in bytes.
    pub start: u64,
    /// Where it ends, in bytes.
    pub end: u64,
}

/// An iSCSI target that libvirt reaches by itself.
#[element]
pub struct PoolTargetDevice {
    /// The qualified name of the target.
    pub path: Iqn,
}

/// A folder on a server.
#[element]
pub struct PoolDir {
    /// The path of the folder.
    pub path: AbsoluteFolder,
}

/// A folder or share on a server.
#[element]
pub struct PoolNetfsDir {
    /// Its path, which only CIFS and Gluster want without a slash at its start.
    pub path: Path,
}

/// As whom the host logs in to the storage.
#[element]
pub struct PoolAuth {
    /// The way in which it logs in.
    pub r#type: PoolAuthType,
    /// The user.
    pub username: String,
    /// The password or key.
    pub secret: PoolAuthSecret,
}

/// A way to log in.
#[values]
pub enum PoolAuthType {
    /// That of iSCSI.
    Chap,
    /// That of Ceph.
    Ceph,
}

/// A password or key that libvirt keeps as a secret: its `uuid` or its `usage` says which.
#[element(rules)]
pub struct PoolAuthSecret {
    /// The secret's id.
    pub uuid: Option<String>,
    /// What the secret says it is for.
    pub usage: Option<String>,
}

/// Who made the storage.
#[element]
pub struct PoolVendor {
    /// The name.
    pub name: String,
}

/// What the storage is called by who made it.
#[element]
pub struct PoolProduct {
    /// The name.
    pub name: String,
}

impl View<'_, PoolAuthSecret> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["uuid", "usage"], "secret-uuid-or-usage", report);
    }
}
