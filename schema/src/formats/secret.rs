//! `<secret>`: [Secret XML format](https://libvirt.org/formatsecret.html).

use crate::engine::scalar::YesNo;
use crate::formats::patterns::{AbsolutePath, Name, Uuid};
use nixvirt_schema_derive::element;

/// Password or key that libvirt stores for other objects. The value is not part of the definition.
#[element]
pub struct Secret {
    /// Whether the secret is kept in memory only and lost when libvirt stops.
    pub ephemeral: Option<YesNo>,
    /// Whether the value of the secret cannot be read back, not even by the user who set it.
    pub private: Option<YesNo>,
    /// UUID of the secret, unique on the host.
    #[child]
    pub uuid: Option<Uuid>,
    /// Description of the secret for people.
    #[child]
    pub description: Option<String>,
    /// Use of the secret. Identifies the secret as an alternative to its UUID.
    pub usage: Option<SecretUsage>,
}

/// Use of a secret.
#[element("type")]
pub enum SecretUsage {
    /// Passphrase of an encrypted volume.
    Volume {
        /// Path of the encrypted volume.
        #[child]
        volume: AbsolutePath,
    },
    /// Credential for a Ceph cluster.
    Ceph {
        /// Usage name of the secret, which disks and pools refer to.
        #[child]
        name: Name,
    },
    /// Credential for an iSCSI server.
    Iscsi {
        /// Usage name of the secret, which disks and pools refer to.
        #[child]
        target: Name,
    },
    /// Passphrase of a TLS private key.
    #[since = "2.3"]
    Tls {
        /// Usage name of the secret.
        #[child]
        name: Name,
    },
    /// Passphrase for the encrypted state of a guest's emulated TPM.
    #[since = "5.6"]
    Vtpm {
        /// Usage name of the secret.
        #[child]
        name: Name,
    },
}
