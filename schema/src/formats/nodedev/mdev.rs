//! Mediated devices: [Mediated devices](https://libvirt.org/formatnode.html#mdev).

use nixvirt_schema_derive::{element, values};

/// That mediated devices can be made on a device.
#[element("type")]
pub enum NodedevMdevTypes {
    /// They can.
    #[xml = "mdev_types"]
    MdevTypes {
        /// A type of mediated device.
        #[required]
        #[xml = "type"]
        kind: Vec<NodedevMdevOffer>,
    },
}

/// A type of mediated device that can be made.
#[element]
pub struct NodedevMdevOffer {
    /// Its id, as in `i915-GVTg_V5_8`.
    pub id: String,
    /// Its name, for people.
    #[child]
    pub name: Option<String>,
    /// How it is given to a guest.
    #[child]
    pub deviceAPI: NodedevMdevApi,
    /// How many more can be made.
    #[child]
    pub availableInstances: u32,
}

/// How a mediated device is given to a guest.
#[values]
pub enum NodedevMdevApi {
    /// As a PCI device.
    VfioPci,
    /// As a device of S390's channel subsystem.
    VfioCcw,
    /// As a share of crypto cards of S390.
    VfioAp,
}

/// The type of a mediated device.
#[element]
pub struct NodedevMdevType {
    /// Its id, as in `i915-GVTg_V5_8`.
    pub id: String,
}

/// The devices that can only be given to a guest together with a mediated device.
#[element]
pub struct NodedevMdevIommuGroup {
    /// The number of the group.
    pub number: u32,
}

/// An attribute of a mediated device, as `/sys` has it.
#[element]
pub struct NodedevAttr {
    /// Its name.
    pub name: String,
    /// What is written to it.
    pub value: String,
}
