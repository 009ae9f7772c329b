//! `<idmap>`: [Container boot](https://libvirt.org/formatdomain.html#container-boot).

use nixvirt_schema_derive::element;

/// Which users and groups of the host those of a container are.
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
    /// The first one in the container, which must be 0 in the first range.
    pub start: u32,
    /// The first one in the host.
    pub target: u32,
    /// How many there are.
    pub count: u32,
}
