//! What an interface is connected to: [Network interfaces](https://libvirt.org/formatdomain.html#network-interfaces).

use super::source::{
    InterfaceSourceBridge, InterfaceSourceDev, InterfaceSourceDirect, InterfaceSourceEthernet, InterfaceSourceHostdev,
    InterfaceSourceInternal, InterfaceSourceNetwork, InterfaceSourceServer, InterfaceSourceSocket, InterfaceSourceUdp,
    InterfaceSourceVds, InterfaceSourceVhostuser,
};
use crate::engine::scalar::YesNo;
use crate::formats::networking::Virtualport;
use nixvirt_schema_derive::element;

/// Type of a network interface, and the network or host device it connects to.
#[element("type")]
pub enum InterfaceConnection {
    /// Interface on a libvirt network.
    Network {
        /// Network of libvirt to connect to.
        source: InterfaceSourceNetwork,
        /// Virtual port settings for switches that require them, such as Open vSwitch.
        virtualport: Option<Virtualport>,
    },
    /// Interface on a bridge of the host.
    Bridge {
        /// Host bridge to connect to.
        source: Option<InterfaceSourceBridge>,
        /// Virtual port settings for switches that require them, such as Open vSwitch.
        virtualport: Option<Virtualport>,
    },
    /// Host network device that `script` or another tool connects to a network.
    Ethernet {
        /// IP addresses and routes of the host side.
        source: Option<InterfaceSourceEthernet>,
    },
    /// Direct attachment to a network interface of the host through macvtap.
    Direct {
        /// Host network interface to attach to.
        source: InterfaceSourceDirect,
        /// Virtual port settings for switches that require them, such as Open vSwitch.
        virtualport: Option<Virtualport>,
    },
    /// User-mode networking: an unprivileged program translates addresses. The guest reaches the same networks as host
    /// programs.
    User {
        /// Host network interface used for the guest's traffic.
        source: Option<InterfaceSourceDev>,
    },
    /// Internal network of the hypervisor, reachable only by its guests.
    Internal {
        /// Internal network to connect to.
        source: InterfaceSourceInternal,
    },
    /// Virtual network of all guests that use the same multicast group.
    Mcast {
        /// Address and port of the multicast group.
        source: InterfaceSourceSocket,
    },
    /// Client of a network interface of type `server` in another guest.
    Client {
        /// Address and port that the `server` interface listens on.
        source: InterfaceSourceSocket,
    },
    /// Server for network interfaces of type `client` in other guests.
    Server {
        /// Address and port to listen on.
        source: InterfaceSourceServer,
    },
    /// UDP tunnel to another program.
    Udp {
        /// Addresses and ports of both ends of the UDP tunnel.
        source: InterfaceSourceUdp,
    },
    /// Host network device reserved for the guest, with network interface settings such as the MAC address.
    Hostdev {
        /// Whether libvirt detaches the device from the host driver automatically.
        managed: Option<YesNo>,
        /// Network device of the host.
        source: InterfaceSourceHostdev,
        /// Virtual port settings for switches that require them, such as Open vSwitch.
        virtualport: Option<Virtualport>,
    },
    /// Program that processes packets in memory shared with the guest (vhost-user).
    Vhostuser {
        /// Socket of the vhost-user program.
        source: Option<InterfaceSourceVhostuser>,
    },
    /// Host vDPA device: virtio in hardware.
    #[since = "6.9"]
    Vdpa {
        /// Path of the vDPA device on the host, for example `/dev/vhost-vdpa-0`.
        source: InterfaceSourceDev,
    },
    /// No connection to a network.
    #[since = "8.7"]
    Null {},
    /// Interface on a VMware distributed switch.
    Vds {
        /// VMware distributed switch to connect to.
        source: InterfaceSourceVds,
    },
}
