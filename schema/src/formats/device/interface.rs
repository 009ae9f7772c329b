//! `<interface>`: [Network interfaces](https://libvirt.org/formatdomain.html#network-interfaces).

pub mod backend;
pub mod connection;
pub mod driver;
pub mod mac;
pub mod source;

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Int, YesNo};
use crate::formats::device::address::{Acpi, Address, Alias, Boot, Rom};
use crate::formats::device::backend_domain::BackendDomain;
use crate::formats::networking::{AddressFamily, Bandwidth, Filterref, Mtu, PortOptions, Route, Vlan};
use crate::formats::patterns::{AliasName, DeviceName, Ip, Path, UnicastMac, all};
use backend::{InterfaceBackend, InterfacePortForward};
use connection::InterfaceConnection;
use driver::InterfaceDriver;
use nixvirt_schema_derive::{element, values};

/// A network card.
#[element]
pub struct Interface {
    /// Whether the host lets the guest choose which packets it receives, by the MAC addresses that it sets.
    /// Default: no.
    pub trustGuestRxFilters: Option<YesNo>,
    /// The hardware address. Derived from the domain's name and the card's place in the list when absent; `false`:
    /// libvirt makes one up.
    #[absent = "mac"]
    pub mac: Option<InterfaceMac>,
    /// What the card is connected to.
    #[form]
    pub connection: InterfaceConnection,
    /// VLAN tags that the host puts on the guest's packets.
    pub vlan: Option<Vlan>,
    /// How fast the guest may send and receive.
    pub bandwidth: Option<Bandwidth>,
    /// What the port of the host's bridge allows.
    pub port: Option<PortOptions>,
    /// An address that the guest has: of a container's card, or of the network that `user` makes up.
    pub ip: Vec<InterfaceIp>,
    /// A route of a container by way of this card.
    pub route: Vec<Route>,
    /// A program that sets up the host's side, of a card of type `ethernet`.
    pub script: Option<InterfaceScript>,
    /// A program that takes down the host's side, of a card of type `ethernet`.
    pub downscript: Option<InterfaceScript>,
    /// The Xen domain that holds the host's side.
    pub backenddomain: Option<BackendDomain>,
    /// The host's side of the card.
    pub target: Option<InterfaceTarget>,
    /// What a container calls the card.
    pub guest: Option<InterfaceGuest>,
    /// The kind of card that the guest sees.
    pub model: Option<InterfaceModel>,
    /// How packets are moved between host and guest.
    pub driver: Option<InterfaceDriver>,
    /// Which programs and files of the host serve the card.
    pub backend: Option<InterfaceBackend>,
    /// Ports of the host that lead to the guest, with the backend `passt`. Since libvirt 9.0.
    pub portForward: Vec<InterfacePortForward>,
    /// Which packets may pass, by one of libvirt's network filters.
    pub filterref: Option<Filterref>,
    /// Fine adjustments of the host's side.
    pub tune: Option<InterfaceTune>,
    /// How the guest bonds this card with another one. Since libvirt 6.1.
    pub teaming: Option<InterfaceTeaming>,
    /// Whether the cable is plugged in.
    pub link: Option<InterfaceLink>,
    /// How large a packet may be. Since libvirt 3.1.
    pub mtu: Option<Mtu>,
    /// How many packets are gathered before the guest is told of them. Since libvirt 3.3.
    pub coalesce: Option<InterfaceCoalesce>,
    /// A name for the device, by which it can be told from others.
    pub alias: Option<Alias>,
    /// Its place in the order in which the firmware tries to boot.
    pub boot: Option<Boot>,
    /// The ROM from which the card boots.
    pub rom: Option<Rom>,
    /// How the guest's ACPI names the card. Since libvirt 7.3.
    pub acpi: Option<Acpi>,
    /// Where the card sits in the guest.
    pub address: Option<Address>,
}

/// The hardware address of a network card.
#[element]
pub struct InterfaceMac {
    /// The address. libvirt makes one up when there is no `mac`.
    pub address: UnicastMac,
    /// Who chose the address.
    pub r#type: Option<InterfaceMacType>,
    /// Whether VMware checks that the address is one of its own.
    pub check: Option<YesNo>,
    /// The address that the guest has set; libvirt tells it and does not read it.
    pub currentAddress: Option<UnicastMac>,
}

/// Who chose a hardware address, which VMware wants to know.
#[values]
pub enum InterfaceMacType {
    /// The hypervisor.
    Generated,
    /// The user.
    Static,
}

/// An address of a network card.
#[element]
pub struct InterfaceIp {
    /// The address.
    pub address: Ip,
    /// The kind of address; IPv4 when absent.
    pub family: Option<AddressFamily>,
    /// How many bits of the address are the network's.
    pub prefix: Option<Int<0, 128>>,
    /// The address at the other end, where there is just one.
    pub peer: Option<Ip>,
}

/// A program of the host.
#[element]
pub struct InterfaceScript {
    /// Its path.
    pub path: Path,
}

/// The host's side of a network card.
#[element]
pub struct InterfaceTarget {
    /// Its name on the host. libvirt makes up `vnet` and a number where there is no `target`, and replaces
    /// names of that kind.
    pub dev: DeviceName,
    /// Whether libvirt makes the device, in place of taking one that is there already. Default: yes. Since
    /// libvirt 5.7.
    pub managed: Option<YesNo>,
}

/// What a container calls a network card.
#[element]
pub struct InterfaceGuest {
    /// The name that it is to have.
    pub dev: Option<DeviceName>,
    /// The name that it has; libvirt tells it and does not read it.
    pub actual: Option<DeviceName>,
}

/// The kind of network card that a guest sees.
#[element]
pub struct InterfaceModel {
    /// The kind, as in `virtio`, `e1000e` or `rtl8139`: whatever the hypervisor knows.
    pub r#type: InterfaceModelType,
}

/// Fine adjustments of the host's side of a network card.
#[element]
pub struct InterfaceTune {
    /// How much may wait to be sent, in bytes. Default: 0, which is no limit.
    #[child]
    pub sndbuf: Option<u32>,
}

/// How a guest bonds two network cards with the same hardware address, so that it can be migrated.
#[element("type")]
pub enum InterfaceTeaming {
    /// The card that stays: a virtio card.
    Persistent {},
    /// The card that is used while it is there, and unplugged for a migration: a device of the host.
    Transient {
        /// The alias of the card that stays.
        persistent: AliasName,
    },
}

/// Whether the cable of a network card is plugged in.
#[element]
pub struct InterfaceLink {
    /// Whether it is. Default: up.
    pub state: InterfaceLinkState,
}

/// Whether a cable is plugged in.
#[values]
pub enum InterfaceLinkState {
    /// It is.
    Up,
    /// It is not.
    Down,
}

/// How many packets are gathered before the guest is told of them.
#[element]
pub struct InterfaceCoalesce {
    /// Packets that the guest receives.
    pub rx: Option<InterfaceCoalesceRx>,
}

/// Packets that a guest receives.
#[element]
pub struct InterfaceCoalesceRx {
    /// How many are gathered.
    pub frames: Option<InterfaceCoalesceRxFrames>,
}

/// How many packets are gathered.
#[element]
pub struct InterfaceCoalesceRxFrames {
    /// The most.
    pub max: Option<u32>,
}

patterns! {
    /// The kind of a network card.
    InterfaceModelType = "a kind of network card such as virtio: letters, digits, _ and -", r"[a-zA-Z0-9\-_]+", |text| all(text, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
}
