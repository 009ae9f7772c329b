//! `<interface>`: [network interfaces of the host](https://libvirt.org/html/libvirt-libvirt-interface.html), which
//! libvirt's manual does not describe.

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, OnOff, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{DeviceName, Ipv4, Mac};
use nixvirt_schema_derive::{element, values};

/// A network interface of the host itself.
#[element(rules)]
pub struct HostInterface {
    /// When the host brings it up.
    pub start: Option<HostStart>,
    /// How large a packet may be.
    pub mtu: Option<HostMtu>,
    /// Its addresses of one version of the internet protocol.
    pub protocol: Vec<HostProtocol>,
    /// What it is.
    #[form]
    pub device: HostDevice,
}

/// When the host brings an interface up.
#[element]
pub struct HostStart {
    /// When that is.
    pub mode: HostStartMode,
}

/// When the host brings an interface up.
#[values]
pub enum HostStartMode {
    /// At its own start.
    Onboot,
    /// Never by itself.
    None,
    /// When the device is plugged in.
    Hotplug,
}

/// How large a packet may be.
#[element]
pub struct HostMtu {
    /// The most bytes that one packet may have.
    pub size: u32,
}

/// What a network interface of the host is.
#[element("type")]
pub enum HostDevice {
    /// A card.
    Ethernet {
        /// Its name, as in `eth0`.
        name: DeviceName,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// Its hardware address; that of the device of this name where absent.
        mac: Option<HostMac>,
    },
    /// A bridge, to which other interfaces and guests are connected.
    Bridge {
        /// Its name, as in `br0`.
        name: DeviceName,
        /// How it works, and what is connected to it.
        bridge: HostBridge,
    },
    /// Several cards that work as one.
    Bond {
        /// Its name, as in `bond0`.
        name: DeviceName,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// How it works, and the cards.
        bond: HostBond,
    },
    /// A VLAN on another interface.
    Vlan {
        /// Its name, which is always that of the other interface, a dot, and the number of the VLAN.
        name: Option<DeviceName>,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// The VLAN and the other interface.
        vlan: HostVlan,
    },
}

/// How fast an interface of the host is, and whether it is connected.
#[element]
pub struct HostLink {
    /// How fast it is, in megabits a second.
    pub speed: Option<u32>,
    /// Whether it is connected.
    pub state: Option<HostLinkState>,
}

/// Whether an interface of the host is connected.
#[values]
pub enum HostLinkState {
    /// It cannot be told.
    Unknown,
    /// The device is not there.
    Notpresent,
    /// It is not.
    Down,
    /// What it builds on is not.
    Lowerlayerdown,
    /// It is being tested.
    Testing,
    /// It waits for something, as for a login.
    Dormant,
    /// It is.
    Up,
}

/// The hardware address of a card of the host.
#[element]
pub struct HostMac {
    /// The address.
    pub address: Mac,
}

/// How a bridge of the host works.
#[element(rules)]
pub struct HostBridge {
    /// Whether it takes part in the spanning tree protocol.
    pub stp: Option<OnOff>,
    /// How long a new port waits before it forwards packets, in seconds.
    pub delay: Option<f64>,
    /// What is connected to it.
    pub interface: Vec<HostBridgePort>,
}

/// An interface of the host that is connected to a bridge.
#[element("type")]
pub enum HostBridgePort {
    /// A card.
    Ethernet {
        /// Its name, as in `eth0`.
        name: DeviceName,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// Its hardware address; that of the device of this name where absent.
        mac: Option<HostMac>,
    },
    /// A VLAN on another interface.
    Vlan {
        /// Its name, which is always that of the other interface, a dot, and the number of the VLAN.
        name: Option<DeviceName>,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// The VLAN and the other interface.
        vlan: HostVlan,
    },
    /// Several cards that work as one.
    Bond {
        /// Its name, as in `bond0`.
        name: DeviceName,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// How it works, and the cards.
        bond: HostBond,
    },
}

/// How cards of the host work as one. What watches their links is one of `miimon` and `arpmon`.
#[element(rules)]
pub struct HostBond {
    /// Which cards send and receive.
    pub mode: Option<HostBondMode>,
    /// That their links are watched.
    pub miimon: Option<HostMiimon>,
    /// That a host is asked by way of them, and has to answer.
    pub arpmon: Option<HostArpmon>,
    /// A card; with `active-backup` the first is used as long as it works.
    #[required]
    pub interface: Vec<HostBondPort>,
}

/// Which cards of a bond send and receive.
#[values]
pub enum HostBondMode {
    /// One after the other sends a packet.
    BalanceRr,
    /// One alone, until it fails.
    ActiveBackup,
    /// Which one sends depends on who sends to whom.
    BalanceXor,
    /// All send everything.
    Broadcast,
    /// As the standard for link aggregation says; the switch must take part.
    #[xml = "802.3ad"]
    Aggregation,
    /// The one with the least load sends.
    BalanceTlb,
    /// The one with the least load sends and receives.
    BalanceAlb,
}

/// How the links of a bond's cards are watched.
#[element]
pub struct HostMiimon {
    /// How often they are looked at, in milliseconds.
    pub freq: u32,
    /// How long a link must be gone before its card is given up, in milliseconds.
    pub downdelay: Option<u32>,
    /// How long a link must be there before its card is used, in milliseconds.
    pub updelay: Option<u32>,
    /// How the state of a link is asked for.
    pub carrier: Option<HostCarrier>,
}

/// How the state of a link is asked for.
#[values]
pub enum HostCarrier {
    /// By calls for MII or ethtool.
    Ioctl,
    /// By what the driver tells the kernel.
    Netif,
}

/// How a host is asked by way of a bond's cards.
#[element]
pub struct HostArpmon {
    /// How often it is asked, in milliseconds.
    pub interval: u32,
    /// The address of the host that is asked.
    pub target: Ipv4,
    /// Which cards' answers are looked at.
    pub validate: Option<HostArpmonValidate>,
}

/// Which cards' answers are looked at.
#[values]
pub enum HostArpmonValidate {
    /// None.
    None,
    /// That of the card in use.
    Active,
    /// Those of the cards that are not in use.
    Backup,
    /// All.
    All,
}

/// A card of a bond.
#[element("type")]
pub enum HostBondPort {
    /// A card.
    Ethernet {
        /// Its name, as in `eth0`.
        name: DeviceName,
        /// How fast and whether it is connected.
        link: Option<HostLink>,
        /// Its hardware address; that of the device of this name where absent.
        mac: Option<HostMac>,
    },
}

/// A VLAN on an interface of the host.
#[element]
pub struct HostVlan {
    /// The number of the VLAN.
    pub tag: Int<0, 4095>,
    /// The interface.
    pub interface: HostVlanInterface,
}

/// The interface that a VLAN is on.
#[element]
pub struct HostVlanInterface {
    /// Its name.
    pub name: DeviceName,
}

/// Addresses of an interface of the host.
#[element("family")]
pub enum HostProtocol {
    /// Version 4.
    Ipv4 {
        /// That a server gives it an address.
        dhcp: Option<HostDhcp>,
        /// An address of its own.
        ip: Vec<HostIpv4Address>,
        /// Where packets go for which there is no better way.
        route: Option<HostIpv4Route>,
    },
    /// Version 6.
    Ipv6 {
        /// Whether it makes up an address from what routers tell.
        autoconf: Option<Present>,
        /// That a server gives it an address.
        dhcp: Option<HostDhcp>,
        /// An address of its own.
        ip: Vec<HostIpv6Address>,
        /// Where packets go for which there is no better way.
        route: Option<HostIpv6Route>,
    },
}

/// That a server gives an interface of the host an address.
#[element]
pub struct HostDhcp {
    /// Whether the host also asks the name servers of which that server tells.
    pub peerdns: Option<YesNo>,
}

/// An IPv4 address of an interface of the host.
#[element]
pub struct HostIpv4Address {
    /// The address.
    pub address: Ipv4,
    /// How many bits of it are the network's.
    pub prefix: Option<Int<0, 32>>,
}

/// Where IPv4 packets go for which there is no better way.
#[element]
pub struct HostIpv4Route {
    /// The address of the router.
    pub gateway: Ipv4,
}

/// An IPv6 address of an interface of the host.
#[element]
pub struct HostIpv6Address {
    /// The address.
    pub address: HostIpv6,
    /// How many bits of it are the network's.
    pub prefix: Option<Int<0, 128>>,
}

/// Where IPv6 packets go for which there is no better way.
#[element]
pub struct HostIpv6Route {
    /// The address of the router.
    pub gateway: HostIpv6,
}

patterns! {
    /// An address of the internet protocol, version 6.
    HostIpv6 = "an IPv6 address such as fd00::1", r"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){6}:[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){5}:(?:[0-9A-Fa-f]{1,4}:)?[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){4}:(?:[0-9A-Fa-f]{1,4}:){0,2}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){3}:(?:[0-9A-Fa-f]{1,4}:){0,3}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){2}:(?:[0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}|::(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,7}:|::|(?:(?:[0-9A-Fa-f]{1,4}:){6}|(?:[0-9A-Fa-f]{1,4}:){1,5}:|::(?:[0-9A-Fa-f]{1,4}:){0,5})(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])";
}

impl View<'_, HostInterface> {
    fn rules(self, report: &mut Report<'_>) {
        let mut seen = Vec::new();
        for protocol in self.protocol() {
            let Some(family) = protocol.family().and_then(Read::text) else { continue };
            if seen.contains(&family) {
                let message = format!("is there twice: put all of {family} in one");
                report.error(protocol.value(), "interface-protocol-twice", message);
            }
            seen.push(family);
        }
    }
}

impl View<'_, HostBridge> {
    fn rules(self, report: &mut Report<'_>) {
        let Some(delay) = self.delay() else { return };
        if delay.text().is_some_and(|text| text.starts_with('-')) {
            report.error(delay.value(), "interface-bridge-delay", "is a time, and cannot be negative");
        }
    }
}

impl View<'_, HostBond> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(_), Some(arpmon)) = (self.miimon(), self.arpmon()) {
            report.error(
                arpmon.value(),
                "interface-bond-monitors",
                "watches the links beside `miimon`: leave out one of them",
            );
        }
    }
}
