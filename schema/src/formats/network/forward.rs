//! `<forward>`: [Connectivity](https://libvirt.org/formatnetwork.html#connectivity).

use crate::engine::problem::Report;
use crate::engine::scalar::{Hex, Int, OnOff, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{DeviceName, Ipv4, Token};
use nixvirt_schema_derive::{element, values};

/// How a network is connected to those outside.
#[element(rules)]
pub struct NetworkForward {
    /// The only network interface of the host by which packets may leave; any when absent.
    pub dev: Option<DeviceName>,
    /// The way in which it is connected. Default: nat.
    pub mode: Option<NetworkForwardMode>,
    /// Whether libvirt takes the devices of mode `hostdev` from the host's driver by itself.
    pub managed: Option<YesNo>,
    /// Which driver the devices of mode `hostdev` get.
    pub driver: Option<NetworkForwardDriver>,
    /// The physical function of a network card, whose virtual functions the guests get.
    pub pf: Option<NetworkForwardPf>,
    /// A network interface of the host of which one guest, or several, get use. Not together with `address`.
    pub interface: Vec<NetworkForwardInterface>,
    /// A PCI device of the host for one guest, in mode `hostdev`. Not together with `interface`.
    pub address: Vec<NetworkForwardAddress>,
    /// How addresses are translated, in mode `nat`.
    pub nat: Option<NetworkForwardNat>,
}

/// The way in which a network is connected to those outside.
#[values]
pub enum NetworkForwardMode {
    /// Guests reach out with the host's address; nobody outside reaches in.
    Nat,
    /// The host passes packets on as they are; others need a route to the network.
    Route,
    /// As `route`, and libvirt sets no firewall rules.
    Open,
    /// Guests share a bridge or an interface of the host, and are hosts of its network.
    Bridge,
    /// Each guest has an interface of the host for itself, by macvtap.
    Passthrough,
    /// Guests share an interface by macvtap and cannot reach each other.
    Private,
    /// Guests share an interface by macvtap, and a switch outside passes on what they send to each other.
    Vepa,
    /// Each guest has a PCI network device of the host for itself.
    Hostdev,
}

/// Which driver of the host handles the devices that guests get.
#[element]
pub struct NetworkForwardDriver {
    /// The kind of driver.
    pub name: Option<NetworkForwardDriverName>,
    /// The kernel module, where the device has a VFIO driver of its own. Since libvirt 10.0.
    pub model: Option<Token>,
}

/// A kind of driver that hands a device of the host to a guest.
#[values]
pub enum NetworkForwardDriverName {
    /// The old way of KVM, gone from recent kernels.
    Kvm,
    /// VFIO, the way of KVM.
    Vfio,
    /// That of Xen.
    Xen,
}

/// The physical function of a network card.
#[element]
pub struct NetworkForwardPf {
    /// The network interface of the host that it is.
    pub dev: DeviceName,
}

/// A network interface of the host that guests get use of.
#[element]
pub struct NetworkForwardInterface {
    /// Its name.
    pub dev: DeviceName,
    /// How many guests use it; libvirt tells it and does not read it.
    pub connections: Option<u32>,
}

/// Where a device of the host that a guest gets sits.
#[element("type")]
pub enum NetworkForwardAddress {
    /// A function of a slot on a PCI bus.
    Pci {
        /// The PCI domain.
        domain: Option<Hex<4, 0xffff_ffff>>,
        /// The bus.
        bus: Option<Hex<2>>,
        /// The slot on the bus.
        slot: Option<Hex<2, 31>>,
        /// The function of the slot.
        function: Option<Hex<1, 7>>,
        /// Whether other functions of the same slot are used too.
        multifunction: Option<OnOff>,
        /// How many guests use it; libvirt tells it and does not read it.
        connections: Option<u32>,
    },
}

/// How the addresses of a network are translated.
#[element]
pub struct NetworkForwardNat {
    /// Whether IPv6 addresses are translated too. Default: no. Since libvirt 6.5.
    pub ipv6: Option<YesNo>,
    /// The addresses that packets of the guests appear to come from; the host's own when absent.
    pub address: Option<NetworkForwardNatAddress>,
    /// The ports that packets of the guests appear to come from.
    pub port: Option<NetworkForwardNatPort>,
}

/// A range of addresses.
#[element]
pub struct NetworkForwardNatAddress {
    /// The first.
    pub start: Ipv4,
    /// The last.
    pub end: Ipv4,
}

/// A range of ports.
#[element]
pub struct NetworkForwardNatPort {
    /// The first.
    pub start: Int<1, 65535>,
    /// The last.
    pub end: Int<1, 65535>,
}

impl View<'_, NetworkForward> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(_), Some(address)) = (self.interface().next(), self.address().next()) {
            report.error(
                address.value(),
                "forward-interface-and-address",
                "names a device by its address beside `interface`: name all by interface, or all by address",
            );
        }
    }
}
