//! `<interface>`: [network interfaces of the host](https://libvirt.org/html/libvirt-libvirt-interface.html), which
//! libvirt's manual does not describe.

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, OnOff, Present, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{DeviceName, Ipv4, Mac};
use nixvirt_schema_derive::{element, values};

/// Network interface of the host.
#[element(rules)]
pub struct HostInterface {
    /// Time at which the host brings the interface up.
    pub start: Option<HostStart>,
    /// Maximum packet size (MTU) of the interface.
    pub mtu: Option<HostMtu>,
    /// IP configuration of the interface, one entry per IP version.
    pub protocol: Vec<HostProtocol>,
    /// Type of the interface, with its settings.
    #[form]
    pub device: HostDevice,
}

/// Start mode of a host interface.
#[element]
pub struct HostStart {
    /// Time at which the host brings the interface up.
    pub mode: HostStartMode,
}

/// Time at which the host brings an interface up.
#[values]
pub enum HostStartMode {
    /// Bring the interface up when the host boots.
    Onboot,
    /// Never bring the interface up automatically.
    None,
    /// Bring the interface up when the device is plugged in.
    Hotplug,
}

/// Maximum packet size (MTU) of a host interface.
#[element]
pub struct HostMtu {
    /// Maximum packet size, in bytes.
    pub size: u32,
}

/// Type of a host interface, with its settings.
#[element("type")]
pub enum HostDevice {
    /// Ethernet interface.
    Ethernet {
        /// Name of the interface, such as `eth0`.
        name: DeviceName,
        /// Link speed and state of the interface.
        link: Option<HostLink>,
        /// MAC address of the interface. Defaults to the address of the device with this name.
        mac: Option<HostMac>,
    },
    /// Bridge that connects other interfaces and guests.
    Bridge {
        /// Name of the bridge, such as `br0`.
        name: DeviceName,
        /// Settings and ports of the bridge.
        bridge: HostBridge,
    },
    /// Bond: several interfaces that work as one.
    Bond {
        /// Name of the bond, such as `bond0`.
        name: DeviceName,
        /// Link speed and state of the bond.
        link: Option<HostLink>,
        /// Settings and member interfaces of the bond.
        bond: HostBond,
    },
    /// VLAN interface on top of another interface.
    Vlan {
        /// Name of the VLAN interface. Always the name of the underlying interface, a dot and the VLAN ID, such as
        /// `eth0.42`.
        name: Option<DeviceName>,
        /// Link speed and state of the VLAN interface.
        link: Option<HostLink>,
        /// VLAN ID and underlying interface.
        vlan: HostVlan,
    },
}

/// Link speed and state of a host interface.
#[element]
pub struct HostLink {
    /// Link speed, in megabits per second.
    pub speed: Option<u32>,
    /// Link state, such as `up` or `down`.
    pub state: Option<HostLinkState>,
}

/// Link state of a host interface.
#[values]
pub enum HostLinkState {
    /// Unknown link state.
    Unknown,
    /// Device not present.
    Notpresent,
    /// Link down.
    Down,
    /// Link down because an underlying interface is down.
    Lowerlayerdown,
    /// Link under test.
    Testing,
    /// Link dormant: the interface waits for an external event, such as a login.
    Dormant,
    /// Link up.
    Up,
}

/// MAC address of a host interface.
#[element]
pub struct HostMac {
    /// MAC address, such as `52:54:00:6b:3c:58`.
    pub address: Mac,
}

/// Settings and ports of a host bridge.
#[element(rules)]
pub struct HostBridge {
    /// Whether the bridge takes part in the Spanning Tree Protocol.
    pub stp: Option<OnOff>,
    /// Forward delay of the bridge: time before a new port forwards packets, in seconds.
    pub delay: Option<f64>,
    /// Interfaces connected to the bridge.
    pub interface: Vec<HostBridgePort>,
}

/// Host interface connected to a bridge.
#[element("type")]
pub enum HostBridgePort {
    /// Ethernet interface.
    Ethernet {
        /// Name of the interface, such as `eth0`.
        name: DeviceName,
        /// Link speed and state of the interface.
        link: Option<HostLink>,
        /// MAC address of the interface. Defaults to the address of the device with this name.
        mac: Option<HostMac>,
    },
    /// VLAN interface on top of another interface.
    Vlan {
        /// Name of the VLAN interface. Always the name of the underlying interface, a dot and the VLAN ID, such as
        /// `eth0.42`.
        name: Option<DeviceName>,
        /// Link speed and state of the VLAN interface.
        link: Option<HostLink>,
        /// VLAN ID and underlying interface.
        vlan: HostVlan,
    },
    /// Bond: several interfaces that work as one.
    Bond {
        /// Name of the bond, such as `bond0`.
        name: DeviceName,
        /// Link speed and state of the bond.
        link: Option<HostLink>,
        /// Settings and member interfaces of the bond.
        bond: HostBond,
    },
}

/// Settings and member interfaces of a host bond. Set `miimon` or `arpmon` to monitor the links, not both.
#[element(rules)]
pub struct HostBond {
    /// Bonding mode: the member interfaces that send and receive.
    pub mode: Option<HostBondMode>,
    /// MII link monitoring of the member interfaces. Mutually exclusive with `arpmon`.
    pub miimon: Option<HostMiimon>,
    /// ARP monitoring: a target host is probed through the member interfaces. Mutually exclusive with `miimon`.
    pub arpmon: Option<HostArpmon>,
    /// Member interfaces of the bond. In mode `active-backup`, the first one is used as long as it works.
    #[required]
    pub interface: Vec<HostBondPort>,
}

/// Bonding mode: the member interfaces that send and receive.
#[values]
pub enum HostBondMode {
    /// Round-robin: the member interfaces take turns sending packets.
    BalanceRr,
    /// Active-backup: one member interface carries all traffic until a failure.
    ActiveBackup,
    /// XOR: a hash of source and destination selects the sending member interface.
    BalanceXor,
    /// Broadcast: every packet is sent on all member interfaces.
    Broadcast,
    /// IEEE 802.3ad dynamic link aggregation. Requires support by the switch.
    #[xml = "802.3ad"]
    Aggregation,
    /// Transmit load balancing: the least loaded member interface sends.
    BalanceTlb,
    /// Adaptive load balancing: the least loaded member interface sends and receives.
    BalanceAlb,
}

/// MII link monitoring of a bond's member interfaces.
#[element]
pub struct HostMiimon {
    /// Monitoring interval, in milliseconds.
    pub freq: u32,
    /// Delay before a member interface is disabled after its link fails, in milliseconds.
    pub downdelay: Option<u32>,
    /// Delay before a member interface is enabled after its link recovers, in milliseconds.
    pub updelay: Option<u32>,
    /// Method that determines the link state.
    pub carrier: Option<HostCarrier>,
}

/// Method that determines the link state of a bond's member interface.
#[values]
pub enum HostCarrier {
    /// MII or ethtool ioctl calls.
    Ioctl,
    /// Carrier state that the network driver reports to the kernel.
    Netif,
}

/// ARP monitoring of a bond's member interfaces.
#[element]
pub struct HostArpmon {
    /// Interval between ARP requests, in milliseconds.
    pub interval: u32,
    /// IPv4 address of the host to probe.
    pub target: Ipv4,
    /// Member interfaces on which ARP replies are validated.
    pub validate: Option<HostArpmonValidate>,
}

/// Member interfaces of a bond on which ARP replies are validated.
#[values]
pub enum HostArpmonValidate {
    /// No validation.
    None,
    /// Validation on the active member interface only.
    Active,
    /// Validation on the backup member interfaces only.
    Backup,
    /// Validation on all member interfaces.
    All,
}

/// Member interface of a bond.
#[element("type")]
pub enum HostBondPort {
    /// Ethernet interface.
    Ethernet {
        /// Name of the interface, such as `eth0`.
        name: DeviceName,
        /// Link speed and state of the interface.
        link: Option<HostLink>,
        /// MAC address of the interface. Defaults to the address of the device with this name.
        mac: Option<HostMac>,
    },
}

/// VLAN on a host interface.
#[element]
pub struct HostVlan {
    /// VLAN ID, from 0 to 4095.
    pub tag: Int<0, 4095>,
    /// Underlying interface of the VLAN.
    pub interface: HostVlanInterface,
}

/// Underlying interface of a VLAN.
#[element]
pub struct HostVlanInterface {
    /// Name of the underlying interface, such as `eth0`.
    pub name: DeviceName,
}

/// IP configuration of a host interface, for one IP version.
#[element("family")]
pub enum HostProtocol {
    /// IPv4 configuration.
    Ipv4 {
        /// DHCP settings. If set, the interface gets an IPv4 address by DHCP.
        dhcp: Option<HostDhcp>,
        /// Static IPv4 addresses of the interface.
        ip: Vec<HostIpv4Address>,
        /// Default IPv4 route of the interface.
        route: Option<HostIpv4Route>,
    },
    /// IPv6 configuration.
    Ipv6 {
        /// Whether the interface configures IPv6 addresses from router advertisements.
        autoconf: Option<Present>,
        /// DHCP settings. If set, the interface gets an IPv6 address by DHCP.
        dhcp: Option<HostDhcp>,
        /// Static IPv6 addresses of the interface.
        ip: Vec<HostIpv6Address>,
        /// Default IPv6 route of the interface.
        route: Option<HostIpv6Route>,
    },
}

/// DHCP client settings of a host interface.
#[element]
pub struct HostDhcp {
    /// Whether the host uses the DNS servers announced by the DHCP server.
    pub peerdns: Option<YesNo>,
}

/// Static IPv4 address of a host interface.
#[element]
pub struct HostIpv4Address {
    /// IPv4 address, such as `192.168.122.1`.
    pub address: Ipv4,
    /// Length of the network prefix of the address, in bits.
    pub prefix: Option<Int<0, 32>>,
}

/// Default IPv4 route of a host interface.
#[element]
pub struct HostIpv4Route {
    /// IPv4 address of the gateway.
    pub gateway: Ipv4,
}

/// Static IPv6 address of a host interface.
#[element]
pub struct HostIpv6Address {
    /// IPv6 address, such as `fd00::1`.
    pub address: HostIpv6,
    /// Length of the network prefix of the address, in bits.
    pub prefix: Option<Int<0, 128>>,
}

/// Default IPv6 route of a host interface.
#[element]
pub struct HostIpv6Route {
    /// IPv6 address of the gateway.
    pub gateway: HostIpv6,
}

patterns! {
    /// IPv6 address.
    HostIpv6 = "IP address", "an IPv6 address, e.g. fd00::1", r"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){6}:[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){5}:(?:[0-9A-Fa-f]{1,4}:)?[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){4}:(?:[0-9A-Fa-f]{1,4}:){0,2}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){3}:(?:[0-9A-Fa-f]{1,4}:){0,3}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){2}:(?:[0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}|::(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,7}:|::|(?:(?:[0-9A-Fa-f]{1,4}:){6}|(?:[0-9A-Fa-f]{1,4}:){1,5}:|::(?:[0-9A-Fa-f]{1,4}:){0,5})(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])";
}

impl View<'_, HostInterface> {
    fn rules(self, report: &mut Report<'_>) {
        let mut seen = Vec::new();
        for protocol in self.protocol() {
            let Some(family) = protocol.family().and_then(Read::text) else { continue };
            if seen.contains(&family) {
                let message = format!("family {family:?} is given twice: put all its addresses in one entry");
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
            report.error(delay.value(), "interface-bridge-delay", "invalid delay: expected 0 or more seconds");
        }
    }
}

impl View<'_, HostBond> {
    fn rules(self, report: &mut Report<'_>) {
        if let (Some(_), Some(arpmon)) = (self.miimon(), self.arpmon()) {
            report.error(
                arpmon.value(),
                "interface-bond-monitors",
                "`arpmon` conflicts with `miimon`: remove one of them",
            );
        }
    }
}
