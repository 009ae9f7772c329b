//! What PCI devices can do: [Node devices](https://libvirt.org/formatnode.html).

use super::in_order;
use super::mdev::NodedevMdevOffer;
use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Hex};
use crate::engine::view::{Read, View};
use crate::formats::pci::NOTATION;
use nixvirt_schema_derive::{element, values};

/// Additional capability of a PCI device.
#[element("type", rules)]
pub enum NodedevPciCapability {
    /// Physical function of a device that is a virtual function.
    #[xml = "phys_function"]
    PhysFunction {
        /// PCI address of the physical function.
        address: Option<NodedevPciAddress>,
    },
    /// Virtual functions of the device (SR-IOV).
    #[xml = "virt_functions"]
    VirtFunctions {
        /// Maximum number of virtual functions of the device.
        maxCount: Option<u32>,
        /// PCI addresses of the existing virtual functions.
        address: Vec<NodedevPciAddress>,
    },
    /// Bridge to another PCI bus.
    PciBridge {},
    /// Bridge to a CardBus.
    CardbusBridge {},
    /// Types of mediated devices that can be created on the device.
    #[xml = "mdev_types"]
    MdevTypes {
        /// Types of mediated devices. At least one is required.
        #[required]
        #[xml = "type"]
        kind: Vec<NodedevMdevOffer>,
    },
    /// Vital product data (VPD) of the device: its identity and origin.
    Vpd {
        /// Product name of the device in the vital product data.
        #[child]
        name: NodedevVpdText,
        /// Fields of the vital product data. Each access mode at most once, `readonly` before `readwrite`.
        fields: Vec<NodedevVpdFields>,
    },
}

/// Address of a PCI device of the host.
#[element(notation = NOTATION)]
pub struct NodedevPciAddress {
    /// PCI domain of the device.
    pub domain: Either<Hex<4>, Hex<8>>,
    /// PCI bus of the device.
    pub bus: Hex<2>,
    /// PCI slot of the device, from 0 to 0x1f.
    pub slot: Hex<2, 31>,
    /// PCI function of the device, from 0 to 7.
    pub function: Hex<1, 7>,
}

/// Fields of a PCI device's vital product data, by access mode.
#[element("access")]
pub enum NodedevVpdFields {
    /// Read-only fields of the vital product data.
    Readonly {
        /// Engineering change level of the device.
        #[child]
        change_level: Option<NodedevVpdText>,
        /// Manufacturer ID of the device.
        #[child]
        manufacture_id: Option<NodedevVpdText>,
        /// Part number of the device.
        #[child]
        part_number: Option<NodedevVpdText>,
        /// Serial number of the device.
        #[child]
        serial_number: Option<NodedevVpdText>,
        /// Vendor-specific read-only fields.
        vendor_field: Vec<NodedevVpdVendorField>,
    },
    /// Writable fields of the vital product data.
    Readwrite {
        /// Asset tag of the device, set by its owner.
        #[child]
        asset_tag: Option<NodedevVpdText>,
        /// Vendor-specific writable fields.
        vendor_field: Vec<NodedevVpdVendorField>,
        /// System-specific writable fields.
        system_field: Vec<NodedevVpdSystemField>,
    },
}

/// Vendor-specific field of a PCI device's vital product data.
#[element]
pub struct NodedevVpdVendorField {
    /// Index of the field: a digit or capital letter.
    pub index: NodedevVpdVendorIndex,
    /// Text of the field.
    #[text]
    pub value: NodedevVpdText,
}

/// System-specific field of a PCI device's vital product data.
#[element]
pub struct NodedevVpdSystemField {
    /// Index of the field: a digit or capital letter other than `A`.
    pub index: NodedevVpdSystemIndex,
    /// Text of the field.
    #[text]
    pub value: NodedevVpdText,
}

/// IOMMU group: devices that can only be assigned to a guest together.
#[element]
pub struct NodedevIommuGroup {
    /// Number of the IOMMU group.
    pub number: u32,
    /// PCI addresses of the devices in the group. At least one is required.
    #[required]
    pub address: Vec<NodedevPciAddress>,
}

/// Host NUMA node of a device.
#[element]
pub struct NodedevNuma {
    /// Number of the NUMA node.
    pub node: Option<i32>,
}

/// PCI Express links of a device.
#[element]
pub struct NodedevPciExpress {
    /// PCI Express links: the capability and the current status.
    pub link: Vec<NodedevPciLink>,
}

/// PCI Express link of a device.
#[element]
pub struct NodedevPciLink {
    /// Meaning of the values: capability or current status of the link.
    pub validity: NodedevPciLinkValidity,
    /// Port number of the link.
    pub port: Option<u32>,
    /// Speed of the link, in gigatransfers per second.
    pub speed: Option<NodedevPciLinkSpeed>,
    /// Number of lanes of the link.
    pub width: u32,
}

/// Meaning of the values of a PCI Express link.
#[values]
pub enum NodedevPciLinkValidity {
    /// Capability: the highest speed and width that the device supports.
    Cap,
    /// Status: the speed and width currently in use.
    Sta,
}

patterns! {
    /// Speed of a PCI Express link.
    NodedevPciLinkSpeed = "link speed", "a number in a string, e.g. \"2.5\"", r"[0-9]+(?:\.[0-9]+)?";
    /// Text in a PCI device's vital product data.
    NodedevVpdText = "VPD text", "up to 255 characters on one line", r"[^\n\r]{0,255}";
    /// Index of a vendor-specific field in the vital product data.
    NodedevVpdVendorIndex = "VPD index", "a digit or capital letter", r"[0-9A-Z]";
    /// Index of a system-specific field in the vital product data.
    NodedevVpdSystemIndex = "VPD index", "a digit or capital letter except A", r"[0-9B-Z]";
}

impl View<'_, NodedevPciCapability> {
    fn rules(self, report: &mut Report<'_>) {
        in_order(self.fields().map(Read::value), "access", &["readonly", "readwrite"], report);
    }
}
