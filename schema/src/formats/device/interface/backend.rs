//! `<backend>` and `<portForward>` of an interface: [Userspace connection using
//! passt](https://libvirt.org/formatdomain.html#userspace-connection-using-passt).

use crate::engine::scalar::{Int, YesNo};
use crate::formats::networking::TransportProtocol;
use crate::formats::patterns::{AbsolutePath, DeviceName, Ip};
use nixvirt_schema_derive::{element, values};

/// Which programs and files of the host serve a network card.
#[element]
pub struct InterfaceBackend {
    /// The program behind a card of type `user` or `vhostuser`. Since libvirt 9.0.
    pub r#type: Option<InterfaceBackendType>,
    /// The device file that makes tap devices. Default: /dev/net/tun.
    pub tap: Option<AbsolutePath>,
    /// The device file of the kernel's virtio network. Default: /dev/vhost-net.
    pub vhost: Option<AbsolutePath>,
    /// The file in which the program writes down what it does. Since libvirt 9.0.
    pub logFile: Option<AbsolutePath>,
}

/// A program behind a network card.
#[values]
pub enum InterfaceBackendType {
    /// What the hypervisor has built in.
    Default,
    /// passt, which is faster and can forward ports.
    Passt,
}

/// Ports of the host that lead to a guest.
#[element]
pub struct InterfacePortForward {
    /// The protocol.
    pub proto: TransportProtocol,
    /// The address of the host that takes connections; all when absent.
    pub address: Option<Ip>,
    /// The network interface of the host that takes connections; all when absent.
    pub dev: Option<DeviceName>,
    /// Some ports; all when absent.
    pub range: Vec<InterfacePortForwardRange>,
}

/// Ports of the host that lead to a guest, or do not.
#[element]
pub struct InterfacePortForwardRange {
    /// The first port of the host.
    pub start: Int<-1, 65535>,
    /// The last port of the host; the first when absent.
    pub end: Option<Int<-1, 65535>>,
    /// The port of the guest that the first one leads to; the same number when absent.
    pub to: Option<Int<-1, 65535>>,
    /// Whether these ports are left out of those that lead to the guest. Default: no.
    pub exclude: Option<YesNo>,
}
