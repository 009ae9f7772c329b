//! The servers and devices of a pool's `<source>`:
//! [Source elements](https://libvirt.org/formatstorage.html#source-elements).

use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{AbsoluteFolder, AbsolutePath, DnsName, Ip, Path, Token};
use crate::formats::storage::choice;
use crate::formats::storage::patterns::Iqn;
use nixvirt_schema_derive::{element, values};

/// Server that provides the storage of a pool.
#[element]
pub struct PoolHost {
    /// Host name or IP address of the server.
    pub name: Either<DnsName, Ip>,
    /// Port of the server. Defaults to the port of the protocol.
    pub port: Option<Int<-1, 65_535>>,
}

/// Source device of a storage pool.
#[element]
pub struct PoolDevice {
    /// Path of the device, or qualified name (IQN) of an iSCSI target.
    pub path: Either<AbsolutePath, Either<Token, Iqn>>,
    /// Whether a `p` separates the device path from the partition number, for multipath devices.
    pub part_separator: Option<YesNo>,
    /// Output only: free regions of the disk.
    pub freeExtent: Vec<PoolExtent>,
}

/// Region of a disk.
#[element]
pub struct PoolExtent {
    /// Start of the region, in bytes.
    pub start: u64,
    /// End of the region, in bytes.
    pub end: u64,
}

/// iSCSI target that libvirt accesses directly.
#[element]
pub struct PoolTargetDevice {
    /// Qualified name (IQN) of the target.
    pub path: Iqn,
}

/// Directory on a storage server.
#[element]
pub struct PoolDir {
    /// Path of the directory.
    pub path: AbsoluteFolder,
}

/// Directory or share on a storage server.
#[element]
pub struct PoolNetfsDir {
    /// Path of the directory or share. Starts with a slash, except for CIFS and Gluster.
    pub path: Path,
}

/// Credentials for the storage of a pool.
#[element]
pub struct PoolAuth {
    /// Authentication method.
    pub r#type: PoolAuthType,
    /// User name for the login.
    pub username: String,
    /// Reference to the libvirt secret with the password or key.
    pub secret: PoolAuthSecret,
}

/// Authentication method for the storage of a pool.
#[values]
pub enum PoolAuthType {
    /// CHAP, for iSCSI.
    Chap,
    /// Ceph authentication, for Ceph clusters.
    Ceph,
}

/// Reference to a libvirt secret with a password or key, by `uuid` or by `usage`.
#[element(rules)]
pub struct PoolAuthSecret {
    /// UUID of the secret.
    pub uuid: Option<String>,
    /// Usage of the secret, as given in the secret's definition.
    pub usage: Option<String>,
}

/// Vendor of the storage of a pool.
#[element]
pub struct PoolVendor {
    /// Name of the vendor.
    pub name: String,
}

/// Product name of the storage of a pool, as given by the vendor.
#[element]
pub struct PoolProduct {
    /// Name of the product.
    pub name: String,
}

impl View<'_, PoolAuthSecret> {
    fn rules(self, report: &mut Report<'_>) {
        choice::just_one(self.value(), &["uuid", "usage"], "secret-uuid-or-usage", report);
    }
}
