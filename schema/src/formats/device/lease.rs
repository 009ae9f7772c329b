//! `<lease>`: [Device leases](https://libvirt.org/formatdomain.html#device-leases).

use crate::engine::scalar::InUnit;
use nixvirt_schema_derive::element;

/// Lease that must be held while the guest runs.
#[element]
pub struct Lease {
    /// Name of the lockspace that contains the lease.
    #[child]
    pub lockspace: String,
    /// Key of the lease, unique in the lockspace.
    #[child]
    pub key: String,
    /// Storage location of the lease.
    pub target: LeaseTarget,
}

/// Storage location of a lease.
#[element]
pub struct LeaseTarget {
    /// Path of the file or device that holds the lockspace.
    pub path: String,
    /// Offset of the lease in the file or device, in bytes. Defaults to 0.
    pub offset: Option<InUnit<u32, 1>>,
}
