//! Devices of S390's channel subsystem: [Node devices](https://libvirt.org/formatnode.html).

use crate::engine::scalar::Hex;
use nixvirt_schema_derive::{element, values};

/// Whether a device of the channel subsystem is in use.
#[values]
pub enum NodedevCcwState {
    /// It is.
    Online,
    /// It is not.
    Offline,
}

/// Where a device of the channel subsystem is.
#[element]
pub struct NodedevCcwAddress {
    /// The channel subsystem, from 0 to 0xfe.
    #[child]
    pub cssid: Hex<2, 254>,
    /// The subchannel set, from 0 to 3.
    #[child]
    pub ssid: Hex<1, 3>,
    /// The device number.
    #[child]
    pub devno: Hex<4>,
}

/// That a device works with others as one.
#[element("type")]
pub enum NodedevCcwGroupMember {
    /// It does.
    #[xml = "ccwgroup_member"]
    CcwgroupMember {
        /// The name of what they are together.
        #[child]
        group_device: String,
    },
}

/// Devices that work as one.
#[element]
pub struct NodedevCcwMembers {
    /// A device.
    #[required]
    pub ccw_device: Vec<NodedevCcwMember>,
}

/// A device that works with others as one.
#[element]
pub struct NodedevCcwMember {
    /// What it is to the others, as in `cdev0`.
    pub r#ref: String,
    /// The name of the device.
    #[text]
    pub value: String,
}

/// A network card of S390.
#[element]
pub struct NodedevQeth {
    /// What it passes on.
    pub r#type: NodedevQethType,
    /// The kind of card.
    #[child]
    pub card_type: String,
    /// The path of channels to it.
    #[child]
    pub chpid: String,
}

/// What a network card of S390 passes on.
#[values]
pub enum NodedevQethType {
    /// What it passes on is not set.
    #[xml = "qeth_generic"]
    Generic,
    /// Packets of Ethernet.
    #[xml = "qeth_layer2"]
    Layer2,
    /// Packets of the internet protocol.
    #[xml = "qeth_layer3"]
    Layer3,
}
