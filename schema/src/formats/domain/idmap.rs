//! `<idmap>`: [Container boot](https://libvirt.org/formatdomain.html#container-boot).

use nixvirt_schema_derive::element;

/// Mapping of users and groups of a container to those of the host.
#[element]
pub struct Idmap {
    /// Range of user IDs to map.
    pub uid: Vec<IdRange>,
    /// Range of group IDs to map.
    pub gid: Vec<IdRange>,
}

/// Range of user IDs or group IDs to map.
#[element]
pub struct IdRange {
    /// First ID in the guest. Must be 0 in the first range of a container.
    pub start: u32,
    /// First ID on the host.
    pub target: u32,
    /// Number of IDs in the range.
    pub count: u32,
}
