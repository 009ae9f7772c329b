//! `<secret>`: [Secret XML format](https://libvirt.org/formatsecret.html).

use crate::engine::scalar::YesNo;
use crate::formats::patterns::{AbsolutePath, Name, Uuid};
use nixvirt_schema_derive::element;

/// A password or key that libvirt keeps for others; what it is set to is no part of this.
#[element]
pub struct Secret {
    /// Whether it is kept in memory only, and gone when libvirt stops.
    pub ephemeral: Option<YesNo>,
    /// Whether no one can read it back, not even who set it.
    pub private: Option<YesNo>,
    /// Its id, unique on the host.
    #[child]
    pub uuid: Option<Uuid>,
    /// What it is for, in words.
    #[child]
    pub description: Option<String>,
    /// What uses it, by which it can be found as well as by its id.
    pub usage: Option<SecretUsage>,
}

/// What uses a secret.
#[element("type")]
pub enum SecretUsage {
    /// An encrypted volume.
    Volume {
        /// The path of the volume.
        #[child]
        volume: AbsolutePath,
    },
    /// A login at a Ceph cluster.
    Ceph {
        /// A name for it, to which disks and pools refer.
        #[child]
        name: Name,
    },
    /// A login at an iSCSI server.
    Iscsi {
        /// A name for it, to which disks and pools refer.
        #[child]
        target: Name,
    },
    /// The passphrase of a private key for TLS. Since libvirt 2.3.0.
    Tls {
        /// A name for it.
        #[child]
        name: Name,
    },
    /// The passphrase of what a guest's TPM keeps. Since libvirt 5.6.0.
    Vtpm {
        /// A name for it.
        #[child]
        name: Name,
    },
}
