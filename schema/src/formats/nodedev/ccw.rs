//! Devices of S390's channel subsystem: [Node devices](https://libvirt.org/formatnode.html).

use crate::engine::scalar::Hex;
use nixvirt_schema_derive::{element, values};

/// State of a device on the channel subsystem.
#[values]
pub enum NodedevCcwState {
    /// The device is in use.
    Online,
    /// The device is not in use.
    Offline,
}

/// Address of a device on the channel subsystem.
#[element]
pub struct NodedevCcwAddress {
    /// Channel subsystem ID, from 0 to 0xfe.
    #[child]
    pub cssid: Hex<2, 254>,
    /// Subchannel set ID, from 0 to 3.
    #[child]
    pub ssid: Hex<1, 3>,
    /// Device number.
    #[child]
    pub devno: Hex<4>,
}

/// Membership of a CCW device in a group.
#[element("type")]
pub enum NodedevCcwGroupMember {
    /// Member of a CCW group.
    #[since = "11.1"]
    #[xml = "ccwgroup_member"]
    CcwgroupMember {
        /// Name of the CCW group device.
        #[child]
        group_device: String,
    },
}

/// Member devices of a CCW group.
#[element]
pub struct NodedevCcwMembers {
    /// Member devices of the CCW group. At least one is required.
    #[required]
    pub ccw_device: Vec<NodedevCcwMember>,
}

/// Member device of a CCW group.
#[element]
pub struct NodedevCcwMember {
    /// Role of the device in the CCW group, such as `cdev0`.
    pub r#ref: String,
    /// Name of the member device.
    #[text]
    pub value: String,
}

/// QETH network device of S390.
#[element]
pub struct NodedevQeth {
    /// Network layer of the QETH device.
    pub r#type: NodedevQethType,
    /// Hardware type of the QETH device.
    #[child]
    pub card_type: String,
    /// Channel path ID of the QETH device.
    #[child]
    pub chpid: String,
}

/// Network layer of a QETH device.
#[values]
pub enum NodedevQethType {
    /// Network layer not configured.
    #[xml = "qeth_generic"]
    Generic,
    /// Layer 2: Ethernet frames.
    #[xml = "qeth_layer2"]
    Layer2,
    /// Layer 3: IP packets.
    #[xml = "qeth_layer3"]
    Layer3,
}
