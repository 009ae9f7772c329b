//! Mediated devices: [Mediated devices](https://libvirt.org/formatnode.html#mdev).

use nixvirt_schema_derive::{element, values};

/// Mediated devices that can be created on a host device.
#[element("type")]
pub enum NodedevMdevTypes {
    /// Types of mediated devices that can be created on the device.
    #[xml = "mdev_types"]
    MdevTypes {
        /// Types of mediated devices. At least one is required.
        #[required]
        #[xml = "type"]
        kind: Vec<NodedevMdevOffer>,
    },
}

/// Type of mediated device that a host device offers.
#[element]
pub struct NodedevMdevOffer {
    /// ID of the type, such as `i915-GVTg_V5_8`.
    pub id: String,
    /// Human-readable name of the type.
    #[child]
    pub name: Option<String>,
    /// Device API: the method of assignment to a guest.
    #[child]
    pub deviceAPI: NodedevMdevApi,
    /// Number of further mediated devices of this type that can be created.
    #[child]
    pub availableInstances: u32,
}

/// Device API of a mediated device: the method of assignment to a guest.
#[values]
pub enum NodedevMdevApi {
    /// Assigned as a PCI device.
    VfioPci,
    /// Assigned as a CCW device of S390.
    VfioCcw,
    /// Assigned as a share of the crypto adapters of S390 (AP).
    VfioAp,
}

/// Type of a mediated device.
#[element]
pub struct NodedevMdevType {
    /// ID of the type, such as `i915-GVTg_V5_8`.
    pub id: String,
}

/// IOMMU group of a mediated device. The devices of a group can only be assigned to a guest together.
#[element]
pub struct NodedevMdevIommuGroup {
    /// Number of the IOMMU group.
    pub number: u32,
}

/// Driver-specific attribute of a mediated device, as in `/sys`.
#[element]
pub struct NodedevAttr {
    /// Name of the attribute.
    pub name: String,
    /// Value to write to the attribute.
    pub value: String,
}
