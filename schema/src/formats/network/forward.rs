//! `<forward>`: [Connectivity](https://libvirt.org/formatnetwork.html#connectivity).

use crate::engine::problem::Report;
use crate::engine::scalar::{Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{DeviceName, Ipv4, Token};
use crate::formats::pci::{self, PciParts};
use nixvirt_schema_derive::{element, values};

/// Connection of a network to the outside.
#[element(rules)]
pub struct NetworkForward {
    /// Host interface through which all packets leave the network. If omitted, packets may leave through any interface.
    pub dev: Option<DeviceName>,
    /// Forwarding mode of the network. Defaults to `nat`.
    pub mode: Option<NetworkForwardMode>,
    /// Whether libvirt detaches the devices of mode `hostdev` from their host driver automatically.
    pub managed: Option<YesNo>,
    /// Host driver for the devices of mode `hostdev`.
    pub driver: Option<NetworkForwardDriver>,
    /// Physical function of an SR-IOV network device whose virtual functions are assigned to guests.
    pub pf: Option<NetworkForwardPf>,
    /// Host interfaces for one or more guests each. Mutually exclusive with `address`.
    pub interface: Vec<NetworkForwardInterface>,
    /// PCI addresses of host devices for one guest each, in mode `hostdev`. Mutually exclusive with `interface`.
    pub address: Vec<NetworkForwardAddress>,
    /// Address translation settings, in mode `nat`.
    pub nat: Option<NetworkForwardNat>,
}

/// Forwarding mode of a network.
#[values]
pub enum NetworkForwardMode {
    /// NAT: guests reach the outside through the host's IP address, but are not reachable from the outside.
    Nat,
    /// Routing: the host forwards packets unchanged. Other hosts need a route to the network.
    Route,
    /// Routing, as with `route`, but without firewall rules by libvirt.
    Open,
    /// Bridge: guests share a bridge or interface of the host, and appear as hosts of its network.
    Bridge,
    /// Passthrough: each guest has exclusive use of a host interface through macvtap.
    Passthrough,
    /// Private: guests share a host interface through macvtap and cannot reach each other.
    Private,
    /// VEPA: guests share a host interface through macvtap. An external switch forwards packets between guests.
    Vepa,
    /// Device assignment: each guest has exclusive use of a PCI network device of the host.
    Hostdev,
}

/// Host driver for the devices that a network assigns to guests.
#[element]
pub struct NetworkForwardDriver {
    /// Type of the driver.
    pub name: Option<NetworkForwardDriverName>,
    /// Kernel module of the driver, for devices with a device-specific VFIO driver.
    #[since = "10.0"]
    pub model: Option<Token>,
    /// Whether the devices are accessed through IOMMUFD. Defaults to the `iommufd` of the guest's domain.
    #[since = "12.1"]
    pub iommufd: Option<YesNo>,
}

/// Type of driver that assigns host devices to guests.
#[values]
pub enum NetworkForwardDriverName {
    /// Legacy device assignment of KVM. Not available in recent kernels.
    Kvm,
    /// VFIO device assignment, for KVM guests.
    Vfio,
    /// Xen PCI passthrough.
    #[since = "10.0"]
    Xen,
}

/// Physical function of an SR-IOV network device.
#[element]
pub struct NetworkForwardPf {
    /// Name of the physical function's host interface, such as `eth0`.
    pub dev: DeviceName,
}

/// Host interface that a network offers to guests.
#[element]
pub struct NetworkForwardInterface {
    /// Name of the host interface, such as `eth0`.
    pub dev: DeviceName,
    /// Output only: number of guests that use the interface.
    pub connections: Option<u32>,
}

/// Address of a host device that a network assigns to a guest.
#[element("type", notation = pci::NOTATION)]
pub enum NetworkForwardAddress {
    /// PCI address of the host device.
    Pci {
        /// PCI address of the device.
        #[flatten]
        pci: PciParts,
        /// Output only: number of guests that use the device.
        connections: Option<u32>,
    },
}

/// Address translation settings of a network.
#[element]
pub struct NetworkForwardNat {
    /// Whether IPv6 addresses are translated too. Defaults to `false`.
    #[since = "6.5"]
    pub ipv6: Option<YesNo>,
    /// Source addresses for packets of the guests. Defaults to the host's address.
    pub address: Option<NetworkForwardNatAddress>,
    /// Source ports for packets of the guests.
    pub port: Option<NetworkForwardNatPort>,
}

/// Range of IPv4 addresses for address translation.
#[element]
pub struct NetworkForwardNatAddress {
    /// First address of the range.
    pub start: Ipv4,
    /// Last address of the range.
    pub end: Ipv4,
}

/// Range of ports for address translation.
#[element]
pub struct NetworkForwardNatPort {
    /// First port of the range.
    pub start: Int<1, 65535>,
    /// Last port of the range.
    pub end: Int<1, 65535>,
}

impl View<'_, NetworkForward> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(_), Some(address)) = (self.interface().next(), self.address().next()) {
            report.error(
                address.value(),
                "forward-interface-and-address",
                "`address` conflicts with `interface`: name all devices in one of these ways",
            );
        }
    }
}
