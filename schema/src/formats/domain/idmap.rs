//! `<idmap>`: [Container boot](https://libvirt.org/formatdomain.html#container-boot).

use nixvirt_schema_derive::element;

/// Which users and groups of the host those of a guest are.
#[element]
pub struct Idmap {
    /// A range of users.
    pub uid: Vec<IdRange>,
    /// A range of groups.
    pub gid: Vec<IdRange>,
}

/// A range of users or groups.
#[element]
pub struct IdRange {
    /// The first one in the guest: 0 in the first range of a container.
    pub start: u32,
    /// The first one in the host.
    pub target: u32,
    /// How many there are.
    pub count: u32,
}
