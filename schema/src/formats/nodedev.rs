//! `<device>`: [Node devices](https://libvirt.org/formatnode.html).

pub mod ccw;
pub mod mdev;
pub mod pci;
pub mod storage;

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Hex};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::host_interface::HostLink;
use crate::formats::patterns::{Mac, Uuid, Wwn};
use ccw::{NodedevCcwAddress, NodedevCcwGroupMember, NodedevCcwMembers, NodedevCcwState, NodedevQeth};
use mdev::{NodedevAttr, NodedevMdevIommuGroup, NodedevMdevType, NodedevMdevTypes};
use nixvirt_schema_derive::{element, values};
use pci::{NodedevIommuGroup, NodedevNuma, NodedevPciCapability, NodedevPciExpress};
use storage::{NodedevMedium, NodedevScsiHost, NodedevScsiTarget};

/// A device of the host, as libvirt tells of it. Those that can be made are virtual host bus adapters and
/// mediated devices.
#[element]
pub struct Nodedev {
    /// Its name, unique on the host; libvirt makes it up.
    #[child]
    pub name: String,
    /// Its folder below `/sys`.
    #[child]
    pub path: Option<String>,
    /// A file below `/dev` that stands for it.
    pub devnode: Vec<NodedevDevnode>,
    /// The device that it is a part of, or that it is made on.
    pub parent: Option<NodedevParent>,
    /// The driver of the host that has it.
    pub driver: Option<NodedevDriver>,
    /// What it is.
    pub capability: Vec<NodedevCapability>,
}

/// A file that stands for a device.
#[element]
pub struct NodedevDevnode {
    /// What the file is.
    pub r#type: NodedevDevnodeType,
    /// The path of the file.
    #[text]
    pub path: String,
}

/// What a file that stands for a device is.
#[values]
pub enum NodedevDevnodeType {
    /// The device itself.
    Dev,
    /// A link to it.
    Link,
}

/// The device that another is a part of, or is made on: by its name, or, for an adapter that is to be made, by
/// one of its world wide names.
#[element(rules)]
pub struct NodedevParent {
    /// The adapter's world wide node name; together with `wwpn`.
    pub wwnn: Option<Wwn>,
    /// The adapter's world wide port name; together with `wwnn`.
    pub wwpn: Option<Wwn>,
    /// The world wide name of the adapter's fabric.
    pub fabric_wwn: Option<Wwn>,
    /// The device's name.
    #[text]
    pub value: Option<String>,
}

/// The driver of the host that has a device.
#[element]
pub struct NodedevDriver {
    /// Its name.
    #[child]
    pub name: String,
}

/// What a device is. Libvirt's `<type>` stands under `kind`, for `type` is what decides here.
#[element("type", rules)]
pub enum NodedevCapability {
    /// The host itself.
    System {
        /// What it is sold as.
        #[child]
        product: Option<String>,
        /// The host as a machine.
        hardware: NodedevHardware,
        /// Its firmware.
        firmware: NodedevFirmware,
    },
    /// A device on the PCI bus.
    Pci {
        /// The class of device in six hexadecimal digits, as in `0x020000`.
        #[child]
        class: Option<NodedevPciClass>,
        /// The PCI domain.
        #[child]
        domain: u64,
        /// The bus.
        #[child]
        bus: u64,
        /// The slot on the bus.
        #[child]
        slot: u64,
        /// The function of the slot.
        #[child]
        function: u64,
        /// What the device is.
        product: NodedevId,
        /// Who made it.
        vendor: NodedevId,
        /// What it can do besides: each once, in the order phys_function, virt_functions, pci-bridge or
        /// cardbus-bridge, mdev_types, vpd.
        capability: Vec<NodedevPciCapability>,
        /// The devices that can only be given to a guest together.
        iommuGroup: Option<NodedevIommuGroup>,
        /// Which part of the host it is near to.
        numa: Option<NodedevNuma>,
        /// Its links of PCI Express.
        #[name = "pci-express"]
        pci_express: Option<NodedevPciExpress>,
    },
    /// A device on the USB bus.
    #[xml = "usb_device"]
    UsbDevice {
        /// The bus.
        #[child]
        bus: u64,
        /// The number on the bus.
        #[child]
        device: u64,
        /// What the device is.
        product: NodedevId,
        /// Who made it.
        vendor: NodedevId,
    },
    /// A part of a USB device.
    Usb {
        /// Its number in the device.
        #[child]
        number: u64,
        /// The class of interface.
        #[child]
        class: u64,
        /// The class within the class.
        #[child]
        subclass: u64,
        /// The protocol that it speaks.
        #[child]
        protocol: u64,
        /// What it is, in words.
        #[child]
        description: Option<String>,
    },
    /// A network interface.
    Net {
        /// Its name, as in `eth0`.
        #[child]
        interface: String,
        /// Its hardware address.
        #[child]
        address: Option<Mac>,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// A thing that its hardware does by itself.
        feature: Vec<NodedevNetFeature>,
        /// The kind of network that it is for.
        capability: Vec<NodedevNetCapability>,
    },
    /// A device to which SCSI commands can be sent.
    #[xml = "scsi_generic"]
    ScsiGeneric {
        /// The file below `/dev`.
        #[child]
        char: String,
    },
    /// A SCSI host bus adapter.
    #[xml = "scsi_host"]
    ScsiHost {
        /// Its number.
        #[child]
        host: u64,
        /// A number that stays the same.
        #[child]
        unique_id: Option<u32>,
        /// What it can do besides.
        capability: Vec<NodedevScsiHost>,
    },
    /// A SCSI target.
    #[xml = "scsi_target"]
    ScsiTarget {
        /// Its name.
        #[child]
        target: String,
        /// That it is in a Fibre Channel network.
        capability: Option<NodedevScsiTarget>,
    },
    /// A SCSI device.
    Scsi {
        /// The number of the host bus adapter.
        #[child]
        host: u64,
        /// The number of the bus.
        #[child]
        bus: u64,
        /// The number of the target.
        #[child]
        target: u64,
        /// The number of the unit.
        #[child]
        lun: u64,
        /// What it is: `disk`, `cdrom` and the like.
        #[child]
        #[xml = "type"]
        kind: Option<String>,
    },
    /// A disk or drive.
    Storage {
        /// The file below `/dev`.
        #[child]
        block: NodedevPath,
        /// The bus that it is on.
        #[child]
        bus: Option<String>,
        /// What it is: `disk`, `cdrom` and the like.
        #[child]
        drive_type: Option<String>,
        /// The model.
        #[child]
        model: Option<String>,
        /// Who made it.
        #[child]
        vendor: Option<String>,
        /// Its serial number.
        #[child]
        serial: Option<String>,
        /// How many bytes it holds; where the medium can be taken out, the `removable` capability tells.
        #[child]
        size: Option<u64>,
        /// How many bytes are in a block.
        #[child]
        logical_block_size: Option<u64>,
        /// How many blocks there are.
        #[child]
        num_blocks: Option<u64>,
        /// What can be taken out: each once, in the order removable, hotpluggable.
        capability: Vec<NodedevMedium>,
    },
    /// A graphics card as programs see it. Since libvirt 3.1.0.
    Drm {
        /// What can be done with it.
        #[child]
        #[xml = "type"]
        kind: NodedevDrmType,
    },
    /// A mediated device: a share of another device. Since libvirt 3.4.0.
    Mdev {
        /// What it is, of the types that its parent offers.
        #[xml = "type"]
        kind: NodedevMdevType,
        /// Its id.
        #[child]
        uuid: Option<Uuid>,
        /// Where its parent is.
        #[child]
        parent_addr: Option<String>,
        /// The devices that can only be given to a guest together.
        iommuGroup: Option<NodedevMdevIommuGroup>,
        /// An attribute that its driver knows, in the order in which they are set.
        attr: Vec<NodedevAttr>,
    },
    /// A device on S390's channel subsystem.
    Ccw {
        /// Whether it is in use.
        #[child]
        state: Option<NodedevCcwState>,
        /// The channel subsystem, from 0 to 0xfe.
        #[child]
        cssid: Hex<2, 254>,
        /// The subchannel set, from 0 to 3.
        #[child]
        ssid: Hex<1, 3>,
        /// The device number.
        #[child]
        devno: Hex<4>,
        /// The group that it belongs to.
        capability: Option<NodedevCcwGroupMember>,
    },
    /// Devices on S390's channel subsystem that work as one.
    Ccwgroup {
        /// Whether it is in use.
        #[child]
        state: Option<NodedevCcwState>,
        /// The channel subsystem, from 0 to 0xfe.
        #[child]
        cssid: Hex<2, 254>,
        /// The subchannel set, from 0 to 3.
        #[child]
        ssid: Hex<1, 3>,
        /// The device number.
        #[child]
        devno: Hex<4>,
        /// The devices.
        members: Option<NodedevCcwMembers>,
        /// What they are together.
        capability: NodedevQeth,
    },
    /// A subchannel of S390's channel subsystem. Since libvirt 6.8.0.
    Css {
        /// The channel subsystem, from 0 to 0xfe.
        #[child]
        cssid: Hex<2, 254>,
        /// The subchannel set, from 0 to 3.
        #[child]
        ssid: Hex<1, 3>,
        /// The number of the subchannel.
        #[child]
        devno: Hex<4>,
        /// The device that it leads to.
        channel_dev_addr: Option<NodedevCcwAddress>,
        /// The mediated devices that can be made on it.
        capability: Option<NodedevMdevTypes>,
    },
    /// A network device that speaks virtio. Since libvirt 6.9.0.
    Vdpa {
        /// The file below `/dev`.
        #[child]
        chardev: NodedevPath,
    },
    /// A crypto card of S390. Since libvirt 7.0.0.
    #[xml = "ap_card"]
    ApCard {
        /// Its number.
        #[child]
        #[name = "ap-adapter"]
        ap_adapter: Hex<2>,
    },
    /// A queue of a crypto card of S390. Since libvirt 7.0.0.
    #[xml = "ap_queue"]
    ApQueue {
        /// The number of the card.
        #[child]
        #[name = "ap-adapter"]
        ap_adapter: Hex<2>,
        /// The number of the queue.
        #[child]
        #[name = "ap-domain"]
        ap_domain: Hex<4>,
    },
    /// The device of S390 from which shares of crypto cards are made. Since libvirt 7.0.0.
    #[xml = "ap_matrix"]
    ApMatrix {
        /// The mediated devices that can be made on it.
        capability: Option<NodedevMdevTypes>,
    },
}

/// The host as a machine.
#[element]
pub struct NodedevHardware {
    /// Who made it.
    #[child]
    pub vendor: Option<String>,
    /// Its version.
    #[child]
    pub version: Option<String>,
    /// Its serial number.
    #[child]
    pub serial: Option<String>,
    /// Its id.
    #[child]
    pub uuid: Uuid,
}

/// The firmware of a host.
#[element]
pub struct NodedevFirmware {
    /// Who made it.
    #[child]
    pub vendor: Option<String>,
    /// Its version.
    #[child]
    pub version: Option<String>,
    /// When it came out.
    #[child]
    pub release_date: Option<String>,
}

/// What a PCI or USB device is, or who made it.
#[element]
pub struct NodedevId {
    /// The number, as lspci and lsusb print it.
    pub id: Either<Hex<4>, Hex<8>>,
    /// The name, where the host knows it.
    #[text]
    pub value: Option<String>,
}

/// A thing that the hardware of a network interface does by itself.
#[element]
pub struct NodedevNetFeature {
    /// Its name, as in `tso`.
    pub name: NodedevNetFeatureName,
}

/// The kind of network that an interface is for.
#[element]
pub struct NodedevNetCapability {
    /// The kind.
    pub r#type: NodedevNetType,
}

/// A kind of network.
#[values]
pub enum NodedevNetType {
    /// Ethernet.
    #[xml = "80203"]
    Wired,
    /// Wireless.
    #[xml = "80211"]
    Wireless,
}

/// What can be done with a graphics card.
#[values]
pub enum NodedevDrmType {
    /// Everything.
    Primary,
    /// Its screens can be set up.
    Control,
    /// It can draw.
    Render,
}

patterns! {
    /// A path below `/dev` and the like.
    NodedevPath = "an absolute path of letters, digits and _ + - / %", r"/[a-zA-Z0-9_+\-/%]+";
    /// A class of PCI devices.
    NodedevPciClass = "0x and 6 hexadecimal digits, such as 0x020000", r"0x[0-9a-fA-F]{6}";
    /// The name of a feature of a network interface.
    NodedevNetFeatureName = "a word of letters, - and _", r"[a-zA-Z\-_]+";
}

impl View<'_, NodedevParent> {
    fn rules(self, report: &mut Report<'_>) {
        match (self.wwnn(), self.wwpn()) {
            (Some(_), None) => report.missing(Read::value(self), "wwpn", "is required with `wwnn`"),
            (None, Some(_)) => report.missing(Read::value(self), "wwnn", "is required with `wwpn`"),
            _ => {}
        }
        let fabric = self.fabric_wwn().map(Read::value);
        let name = self.value().map(Read::value);
        let ways = [self.wwnn().or(self.wwpn()).map(Read::value), fabric, name];
        for second in ways.into_iter().flatten().skip(1) {
            report.error(second, "nodedev-parent-twice", "names the parent a second way: leave out one of them");
        }
    }
}

impl View<'_, NodedevCapability> {
    fn rules(self, report: &mut Report<'_>) {
        let capabilities = self.capability().map(Read::value);
        match self.r#type().and_then(Read::text).as_deref() {
            Some("pci") => {
                let order = ["phys_function", "virt_functions", "pci-bridge or cardbus-bridge", "mdev_types", "vpd"];
                in_order(capabilities, "type", &order, report);
            }
            Some("storage") => {
                in_order(capabilities, "type", &["removable", "hotpluggable"], report);
                self.storage_rules(report);
            }
            _ => {}
        }
    }

    /// A disk has its own size, or that of a medium.
    fn storage_rules(self, report: &mut Report<'_>) {
        let is_removable = |it: &Value<'_>| it.attribute("type").and_then(Value::text) == Some("removable");
        let blocks = [self.logical_block_size().map(Read::value), self.num_blocks().map(Read::value)];
        match self.capability().map(Read::value).find(is_removable) {
            Some(_) => {
                for part in self.size().map(Read::value).into_iter().chain(blocks.into_iter().flatten()) {
                    report.error(part, "nodedev-medium", "is told by the `removable` capability: leave it out here");
                }
            }
            None => {
                if self.size().is_none() {
                    report.missing(self.value(), "size", "is required: or a `removable` capability");
                }
                storage::both_blocks(self.value(), blocks, report);
            }
        }
    }
}

/// Says which parts are there twice, or behind one that libvirt's schema wants after them. The attribute `tag`
/// of each tells its place in `order`.
fn in_order<'a>(parts: impl Iterator<Item = Value<'a>>, tag: &str, order: &[&str], report: &mut Report<'_>) {
    let mut last = None;
    for part in parts {
        let Some(Data::Text(word)) = part.attribute(tag).map(Value::data) else { continue };
        let Some(place) = order.iter().position(|words| words.split(" or ").any(|it| it == word)) else { continue };
        if last >= Some(place) {
            let message = format!("stands here too late: each once, in the order {}", order.join(", "));
            report.error(part, "nodedev-order", message);
        }
        last = last.max(Some(place));
    }
}
