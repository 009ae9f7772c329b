//! `<backend>` and `<portForward>` of an interface: [Userspace connection using
//! passt](https://libvirt.org/formatdomain.html#userspace-connection-using-passt).

use crate::engine::scalar::{Int, YesNo};
use crate::formats::networking::TransportProtocol;
use crate::formats::patterns::{AbsolutePath, DeviceName, DnsName, Ip};
use nixvirt_schema_derive::{element, values};

/// Host programs and files that serve a network interface.
#[element]
pub struct InterfaceBackend {
    /// Backend program of a `user` or `vhostuser` interface.
    #[since = "9.0"]
    pub r#type: Option<InterfaceBackendType>,
    /// Device file used to create tap devices. Defaults to `/dev/net/tun`.
    pub tap: Option<AbsolutePath>,
    /// Device file of the kernel's vhost networking. Defaults to `/dev/vhost-net`.
    pub vhost: Option<AbsolutePath>,
    /// Log file of the backend program.
    #[since = "9.0"]
    pub logFile: Option<AbsolutePath>,
    /// Host name that the program `passt` gives to the guest by DHCP.
    #[since = "11.8"]
    pub hostname: Option<DnsName>,
    /// Fully qualified domain name that the program `passt` gives to the guest by DHCP.
    #[since = "11.8"]
    pub fqdn: Option<DnsName>,
}

/// Backend program of a network interface.
#[values]
pub enum InterfaceBackendType {
    /// Built-in backend of the hypervisor.
    #[since = "11.1"]
    Default,
    /// The program `passt`, which is faster than the built-in backend and can forward ports.
    Passt,
}

/// Host ports forwarded to a guest.
#[element]
pub struct InterfacePortForward {
    /// Transport protocol of the forwarded ports.
    pub proto: TransportProtocol,
    /// Host IP address that accepts connections. Defaults to all addresses.
    pub address: Option<Ip>,
    /// Host network interface that accepts connections. Defaults to all network interfaces.
    pub dev: Option<DeviceName>,
    /// Range of ports to forward or exclude. All ports are forwarded if omitted.
    pub range: Vec<InterfacePortForwardRange>,
}

/// Range of host ports that are forwarded to a guest or excluded from forwarding.
#[element]
pub struct InterfacePortForwardRange {
    /// First host port of the range.
    pub start: Int<1, 65535>,
    /// Last host port of the range. Defaults to the first port.
    pub end: Option<Int<1, 65535>>,
    /// Guest port that the first host port is forwarded to. Defaults to the same number.
    pub to: Option<Int<1, 65535>>,
    /// Whether the ports of the range are excluded from forwarding. Defaults to `false`.
    pub exclude: Option<YesNo>,
}
