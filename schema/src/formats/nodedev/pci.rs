//! What PCI devices can do: [Node devices](https://libvirt.org/formatnode.html).

use super::in_order;
use super::mdev::NodedevMdevOffer;
use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Hex};
use crate::engine::view::{Read, View};
use nixvirt_schema_derive::{element, values};

/// What a PCI device can do.
#[element("type", rules)]
pub enum NodedevPciCapability {
    /// It is a virtual function of another device.
    #[xml = "phys_function"]
    PhysFunction {
        /// The device.
        address: Option<NodedevPciAddress>,
    },
    /// It has virtual functions, or can have them.
    #[xml = "virt_functions"]
    VirtFunctions {
        /// How many it can have.
        maxCount: Option<u32>,
        /// One that it has.
        address: Vec<NodedevPciAddress>,
    },
    /// It is a bridge to another PCI bus.
    PciBridge {},
    /// It is a bridge to a CardBus.
    CardbusBridge {},
    /// Mediated devices can be made on it.
    #[xml = "mdev_types"]
    MdevTypes {
        /// A type of mediated device.
        #[required]
        #[xml = "type"]
        kind: Vec<NodedevMdevOffer>,
    },
    /// It tells what it is and where it comes from.
    Vpd {
        /// Its name.
        #[child]
        name: NodedevVpdText,
        /// What it tells: each once, what only can be read before what can be written too.
        fields: Vec<NodedevVpdFields>,
    },
}

/// Where a PCI device of the host is.
#[element]
pub struct NodedevPciAddress {
    /// The PCI domain.
    pub domain: Either<Hex<4>, Hex<8>>,
    /// The bus.
    pub bus: Hex<2>,
    /// The slot on the bus, from 0 to 0x1f.
    pub slot: Hex<2, 31>,
    /// The function of the slot, from 0 to 7.
    pub function: Hex<1, 7>,
}

/// What a PCI device tells of itself.
#[element("access")]
pub enum NodedevVpdFields {
    /// What only can be read.
    Readonly {
        /// The level of engineering changes.
        #[child]
        change_level: Option<NodedevVpdText>,
        /// Who made it.
        #[child]
        manufacture_id: Option<NodedevVpdText>,
        /// The number of the part.
        #[child]
        part_number: Option<NodedevVpdText>,
        /// Its serial number.
        #[child]
        serial_number: Option<NodedevVpdText>,
        /// A field of whoever made it.
        vendor_field: Vec<NodedevVpdVendorField>,
    },
    /// What can be written too.
    Readwrite {
        /// A label of whoever owns it.
        #[child]
        asset_tag: Option<NodedevVpdText>,
        /// A field of whoever made it.
        vendor_field: Vec<NodedevVpdVendorField>,
        /// A field for the system that it is in.
        system_field: Vec<NodedevVpdSystemField>,
    },
}

/// A field of whoever made a PCI device.
#[element]
pub struct NodedevVpdVendorField {
    /// Which field.
    pub index: NodedevVpdVendorIndex,
    /// What it holds.
    #[text]
    pub value: NodedevVpdText,
}

/// A field for the system that a PCI device is in.
#[element]
pub struct NodedevVpdSystemField {
    /// Which field.
    pub index: NodedevVpdSystemIndex,
    /// What it holds.
    #[text]
    pub value: NodedevVpdText,
}

/// Devices that can only be given to a guest together.
#[element]
pub struct NodedevIommuGroup {
    /// The number of the group.
    pub number: u32,
    /// A device of the group.
    #[required]
    pub address: Vec<NodedevPciAddress>,
}

/// Which part of the host a device is near to.
#[element]
pub struct NodedevNuma {
    /// The NUMA node.
    pub node: Option<i32>,
}

/// The links of PCI Express.
#[element]
pub struct NodedevPciExpress {
    /// A link.
    pub link: Vec<NodedevPciLink>,
}

/// A link of PCI Express.
#[element]
pub struct NodedevPciLink {
    /// Of what this tells.
    pub validity: NodedevPciLinkValidity,
    /// The number of the port.
    pub port: Option<u32>,
    /// How fast it is, in gigatransfers a second.
    pub speed: Option<NodedevPciLinkSpeed>,
    /// How many lanes it has.
    pub width: u32,
}

/// Of what the description of a link tells.
#[values]
pub enum NodedevPciLinkValidity {
    /// Of what the device can do.
    Cap,
    /// Of what it does now.
    Sta,
}

patterns! {
    /// The speed of a link of PCI Express.
    NodedevPciLinkSpeed = "a number in a string, such as 2.5", r"[0-9]+(?:\.[0-9]+)?";
    /// What a PCI device tells of itself.
    NodedevVpdText = "up to 255 characters on one line", r"[^\n\r]{0,255}";
    /// The index of a field of whoever made a PCI device.
    NodedevVpdVendorIndex = "a digit or capital letter", r"[0-9A-Z]";
    /// The index of a field for the system that a PCI device is in.
    NodedevVpdSystemIndex = "a digit or capital letter but A", r"[0-9B-Z]";
}

impl View<'_, NodedevPciCapability> {
    fn rules(self, report: &mut Report<'_>) {
        in_order(self.fields().map(Read::value), "access", &["readonly", "readwrite"], report);
    }
}
