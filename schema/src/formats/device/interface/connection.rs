//! What an interface is connected to: [Network interfaces](https://libvirt.org/formatdomain.html#network-interfaces).

use super::source::{
    InterfaceSourceBridge, InterfaceSourceDev, InterfaceSourceDirect, InterfaceSourceEthernet, InterfaceSourceHostdev,
    InterfaceSourceInternal, InterfaceSourceNetwork, InterfaceSourceServer, InterfaceSourceSocket, InterfaceSourceUdp,
    InterfaceSourceVds, InterfaceSourceVhostuser,
};
use crate::engine::scalar::YesNo;
use crate::formats::networking::Virtualport;
use nixvirt_schema_derive::element;

/// What a network card is connected to.
#[element("type")]
pub enum InterfaceConnection {
    /// A network of libvirt.
    Network {
        /// The network.
        source: InterfaceSourceNetwork,
        /// How the card is plugged into a switch that wants to know more.
        virtualport: Option<Virtualport>,
    },
    /// A bridge of the host.
    Bridge {
        /// The bridge.
        source: Option<InterfaceSourceBridge>,
        /// How the card is plugged into a switch that wants to know more.
        virtualport: Option<Virtualport>,
    },
    /// A device of the host that `script`, or somebody else, connects to something.
    Ethernet {
        /// Addresses and routes of the host's side.
        source: Option<InterfaceSourceEthernet>,
    },
    /// A network interface of the host, by macvtap.
    Direct {
        /// The network interface.
        source: InterfaceSourceDirect,
        /// How the card is plugged into a switch that wants to know more.
        virtualport: Option<Virtualport>,
    },
    /// What the host's programs can reach, by address translation in a program without privileges.
    User {
        /// The network interface of the host that is used.
        source: Option<InterfaceSourceDev>,
    },
    /// A network of the hypervisor, which only its guests can reach.
    Internal {
        /// The network.
        source: InterfaceSourceInternal,
    },
    /// All guests that use the same multicast group.
    Mcast {
        /// The group.
        source: InterfaceSourceSocket,
    },
    /// A guest whose card is a `server`.
    Client {
        /// Where that one listens.
        source: InterfaceSourceSocket,
    },
    /// Guests whose cards are its `client`s.
    Server {
        /// Where to listen.
        source: InterfaceSourceServer,
    },
    /// A program that packets are sent to and received from by UDP.
    Udp {
        /// Where that one listens, and where to listen.
        source: InterfaceSourceUdp,
    },
    /// A network device of the host that the guest has for itself, with the settings of the card.
    Hostdev {
        /// Whether libvirt takes the device from the host's driver by itself.
        managed: Option<YesNo>,
        /// The device.
        source: InterfaceSourceHostdev,
        /// How the card is plugged into a switch that wants to know more.
        virtualport: Option<Virtualport>,
    },
    /// A program that moves the packets, in memory shared with the guest.
    Vhostuser {
        /// The program's socket.
        source: Option<InterfaceSourceVhostuser>,
    },
    /// A vDPA device of the host: virtio in hardware. Since libvirt 6.9.
    Vdpa {
        /// The device, as in `/dev/vhost-vdpa-0`.
        source: InterfaceSourceDev,
    },
    /// Nothing. Since libvirt 8.7.
    Null {},
    /// A distributed switch of VMware.
    Vds {
        /// The switch.
        source: InterfaceSourceVds,
    },
}
