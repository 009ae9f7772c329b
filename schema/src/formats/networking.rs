//! What networks, their port groups and the network cards of domains have in common:
//! [Network XML format](https://libvirt.org/formatnetwork.html#elements).

use crate::engine::pattern::patterns;
use crate::engine::problem::{Report, listing};
use crate::engine::scalar::{InUnit, Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{Ip, Ipv4, Uuid};
use nixvirt_schema_derive::{element, values};

/// Maximum packet size (MTU).
#[element]
pub struct Mtu {
    /// Maximum packet size, in bytes.
    pub size: u16,
}

/// VLAN tags that the host adds to the packets of a guest. Supported by Open vSwitch, SR-IOV and, in recent libvirt,
/// Linux bridges.
#[element(rules)]
pub struct Vlan {
    /// Trunk mode: the guest sees several VLANs and tags its packets itself. Implied by more than one tag.
    pub trunk: Option<VlanTrunk>,
    /// VLANs of the guest. At least one is required.
    pub tag: Vec<VlanTag>,
}

/// VLAN trunk mode.
#[values]
pub enum VlanTrunk {
    /// Trunking enabled. Omit the attribute to disable trunking.
    Yes,
}

/// VLAN that a guest belongs to.
#[element]
pub struct VlanTag {
    /// VLAN ID, from 0 to 4095.
    pub id: Int<0, 4095>,
    /// Tagging of packets in the native VLAN, the VLAN of untagged packets. A VLAN with a value is the native one. Open
    /// vSwitch only.
    pub nativeMode: Option<VlanNativeMode>,
}

/// Tagging of packets in the native VLAN.
#[values]
pub enum VlanNativeMode {
    /// Packets of the native VLAN are sent with a tag.
    Tagged,
    /// Packets of the native VLAN are sent without a tag.
    Untagged,
}

impl View<'_, Vlan> {
    fn rules(self, report: &mut Report<'_>) {
        if self.tag().next().is_none() {
            report.missing(self.value(), "tag", "expected at least one VLAN, e.g. { id = 42; }");
        }
    }
}

/// Bandwidth limits of guest traffic. The directions are from the guest's point of view.
#[element]
pub struct Bandwidth {
    /// Traffic class on the host bridge. Assigned by libvirt.
    pub classID: Option<Int<1, { u64::MAX }>>,
    /// Limits of the traffic that the guest receives.
    pub inbound: Option<BandwidthLimits>,
    /// Limits of the traffic that the guest sends.
    pub outbound: Option<BandwidthLimits>,
}

/// Bandwidth limits of the traffic in one direction.
#[element]
pub struct BandwidthLimits {
    /// Average rate over time, in kilobytes per second.
    pub average: Option<Speed>,
    /// Maximum rate during a burst, in kilobytes per second.
    pub peak: Option<Speed>,
    /// Guaranteed minimum rate, in kilobytes per second. Only for inbound traffic of interfaces on a network that sets
    /// bandwidth limits.
    pub floor: Option<Speed>,
    /// Amount of data that may be sent at the peak rate, in kibibytes.
    pub burst: Option<InUnit<Int<1, { u32::MAX as u64 / 1024 }>, 1024>>,
}

/// Data rate, in kilobytes per second.
type Speed = Int<1, 18_014_398_509_481_984>;

/// Options of a bridge port.
#[element]
pub struct PortOptions {
    /// Whether the port is isolated: no traffic to and from other isolated ports of the bridge.
    #[since = "6.1"]
    pub isolated: Option<YesNo>,
}

/// Static route to a network. Set `netmask` or `prefix`, not both. Without either, the route is to a single host, or
/// the default route if the address is zero.
#[element(rules)]
pub struct Route {
    /// Address family of the route. Defaults to `ipv4`.
    pub family: Option<AddressFamily>,
    /// Address of the destination network. Defaults to all networks.
    #[optional_since = "12.2"]
    pub address: Option<Ip>,
    /// Netmask of an IPv4 destination, such as `255.255.255.0`. Mutually exclusive with `prefix`.
    pub netmask: Option<Ipv4>,
    /// Length of the destination's network prefix, in bits. Mutually exclusive with `netmask`.
    pub prefix: Option<Int<0, 128>>,
    /// IP address of the gateway for packets to the destination.
    pub gateway: Ip,
    /// Metric (cost) of the route. The route with the lowest metric is preferred.
    pub metric: Option<u32>,
}

/// Address family of an IP address.
#[values]
pub enum AddressFamily {
    /// IPv4 address.
    Ipv4,
    /// IPv6 address.
    Ipv6,
}

impl View<'_, Route> {
    fn rules(self, report: &mut Report<'_>) {
        one_size(self.netmask(), self.prefix(), report);
    }
}

/// Reports a network that sets both a netmask and a prefix.
pub(crate) fn one_size(
    netmask: Option<View<'_, Ipv4>>,
    prefix: Option<View<'_, Int<0, 128>>>,
    report: &mut Report<'_>,
) {
    if let (Some(netmask), Some(_)) = (netmask, prefix) {
        report.error(netmask.value(), "netmask-and-prefix", "`netmask` conflicts with `prefix`: remove one of them");
    }
}

/// Transport protocol.
#[values]
pub enum TransportProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// Virtual port settings of a guest interface, for switches that need more than a device name.
#[element(rules)]
pub struct Virtualport {
    /// Type of the virtual port. If omitted, the parameters are merged with those of the network and its port group.
    pub r#type: Option<VirtualportType>,
    /// Parameters of the virtual port for the switch.
    pub parameters: Option<VirtualportParameters>,
}

/// Type of a virtual port, by kind of switch.
#[values]
pub enum VirtualportType {
    /// IEEE 802.1Qbg: hardware switch with a Virtual Ethernet Port Aggregator (VEPA).
    #[xml = "802.1Qbg"]
    Qbg,
    /// IEEE 802.1Qbh: hardware switch with port extenders.
    #[xml = "802.1Qbh"]
    Qbh,
    /// Open vSwitch.
    Openvswitch,
    /// MidoNet.
    Midonet,
}

/// Parameters of a virtual port. The valid parameters depend on the type of the virtual port.
#[element]
pub struct VirtualportParameters {
    /// ID of the port type database (VSI manager), for `802.1Qbg`.
    pub managerid: Option<u8>,
    /// ID of the port type (VSI type) in the database, for `802.1Qbg`.
    pub typeid: Option<Int<0, 16_777_215>>,
    /// Version of the port type, for `802.1Qbg`.
    pub typeidversion: Option<u8>,
    /// UUID of the port instance, for `802.1Qbg`. Generated by libvirt if omitted.
    pub instanceid: Option<Uuid>,
    /// Name of the port profile, for `802.1Qbh` and `openvswitch`.
    pub profileid: Option<VirtualportProfile>,
    /// UUID of the interface, for `openvswitch` and `midonet`. Generated by libvirt for `openvswitch` if omitted.
    pub interfaceid: Option<Uuid>,
}

/// Reference to a network filter, with values for its variables.
#[element]
pub struct Filterref {
    /// Name of the network filter.
    pub filter: FilterName,
    /// Values of the filter's variables. Repeat a variable to give it several values.
    pub parameter: Vec<FilterrefParameter>,
}

/// Value of a network filter variable.
#[element]
pub struct FilterrefParameter {
    /// Name of the variable, such as `IP`.
    pub name: FilterParameterName,
    /// Value of the variable.
    pub value: FilterParameterValue,
}

patterns! {
    /// Name of a network filter.
    FilterName = "filter name", "letters, digits, \"_\", \".\" or \"-\", not starting with a digit", r"[a-zA-Z_][a-zA-Z0-9_.\-]*";
    /// Name of a network filter variable.
    FilterParameterName = "parameter name", "letters, digits or \"_\"", r"[a-zA-Z0-9_]+";
    /// Value of a network filter variable.
    FilterParameterValue = "parameter value", "letters, digits, \"_\", \".\" or \":\"", r"[a-zA-Z0-9_.:]+";
    /// Name of a port profile.
    VirtualportProfile = "port profile", "up to 39 characters on one line", r"[^\n\r]{0,39}";
}

impl View<'_, Virtualport> {
    fn rules(self, report: &mut Report<'_>) {
        let Some(kind) = self.r#type().and_then(View::get) else { return };
        let taken: &[_] = match kind {
            VirtualportType::Qbg => &["managerid", "typeid", "typeidversion", "instanceid"],
            VirtualportType::Qbh => &["profileid"],
            VirtualportType::Openvswitch => &["profileid", "interfaceid"],
            VirtualportType::Midonet => &["interfaceid"],
        };
        for name in ["managerid", "typeid", "typeidversion", "instanceid", "profileid", "interfaceid"] {
            let parameter = self.parameters().and_then(|it| it.value().attribute(name));
            if let Some(parameter) = parameter.filter(|_| !taken.contains(&name)) {
                let message = format!(
                    "`{name}` is no parameter of this type of virtual port: expected {}",
                    listing(taken.iter().copied())
                );
                report.error(parameter, "virtualport-parameter", message);
            }
        }
        let port = self.parameters().and_then(|it| it.interfaceid());
        if kind == VirtualportType::Midonet && port.is_none() {
            let at = self.parameters().map_or(self.value(), Read::value);
            let name = if self.parameters().is_some() { "interfaceid" } else { "parameters" };
            report.missing(at, name, "a MidoNet port is identified by `parameters.interfaceid`");
        }
    }
}
