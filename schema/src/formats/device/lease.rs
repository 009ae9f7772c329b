//! `<lease>`: [Device leases](https://libvirt.org/formatdomain.html#device-leases).

use nixvirt_schema_derive::element;

/// A lease that must be held while the guest runs.
#[element]
pub struct Lease {
    /// The lockspace in which the lease is.
    #[child]
    pub lockspace: String,
    /// What the lease is for, unique in its lockspace.
    #[child]
    pub key: String,
    /// Where the lease is kept.
    pub target: LeaseTarget,
}

/// Where a lease is kept.
#[element]
pub struct LeaseTarget {
    /// The path of the file or device that holds the lockspace.
    pub path: String,
    /// Where in it the lease starts, in bytes; 0 when absent.
    pub offset: Option<u32>,
}
