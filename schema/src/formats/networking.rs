//! What networks, their port groups and the network cards of domains have in common:
//! [Network XML format](https://libvirt.org/formatnetwork.html#elements).

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Int, YesNo};
use crate::engine::view::{Read, View};
use crate::formats::patterns::{Ip, Ipv4, Uuid};
use nixvirt_schema_derive::{element, values};

/// How large a packet may be.
#[element]
pub struct Mtu {
    /// The most bytes that one packet may have.
    pub size: u16,
}

/// VLAN tags that the host puts on the packets of a guest. Only some connections can: Open vSwitch, SR-IOV
/// and, with a recent libvirt, bridges of Linux.
#[element(rules)]
pub struct Vlan {
    /// That the guest sees several VLANs, and tags its packets itself; meant where there is more than one tag.
    pub trunk: Option<VlanTrunk>,
    /// A VLAN that the guest belongs to; at least one.
    pub tag: Vec<VlanTag>,
}

/// That a guest sees several VLANs.
#[values]
pub enum VlanTrunk {
    /// It does; leave it out where it does not.
    Yes,
}

/// A VLAN that a guest belongs to.
#[element]
pub struct VlanTag {
    /// The number of the VLAN.
    pub id: Int<0, 4095>,
    /// That this is the VLAN of packets without a tag, and whether those are sent with one. Only Open vSwitch
    /// has it.
    pub nativeMode: Option<VlanNativeMode>,
}

/// How packets of the native VLAN are sent.
#[values]
pub enum VlanNativeMode {
    /// With a tag.
    Tagged,
    /// Without a tag.
    Untagged,
}

impl View<'_, Vlan> {
    fn rules(self, report: &mut Report<'_>) {
        if self.tag().next().is_none() {
            report.missing(self.value(), "tag", "is required: at least one VLAN, such as { id = 42; }");
        }
    }
}

/// How fast a guest may send and receive, as seen from the guest.
#[element]
pub struct Bandwidth {
    /// The traffic class on the host's bridge, which libvirt picks itself.
    pub classID: Option<Int<1, { u64::MAX }>>,
    /// What the guest receives.
    pub inbound: Option<BandwidthLimits>,
    /// What the guest sends.
    pub outbound: Option<BandwidthLimits>,
}

/// Limits of the traffic in one direction.
#[element]
pub struct BandwidthLimits {
    /// The rate that is held in the long run, in kilobytes a second.
    pub average: Option<Speed>,
    /// The highest rate for as long as a burst lasts, in kilobytes a second.
    pub peak: Option<Speed>,
    /// The rate that is guaranteed, in kilobytes a second; only for what a card of a network with limits of
    /// its own receives.
    pub floor: Option<Speed>,
    /// How much may be sent at the highest rate, in kibibytes.
    pub burst: Option<Int<1, { u32::MAX as u64 }>>,
}

/// A rate of bytes.
type Speed = Int<1, 18_014_398_509_481_984>;

/// What a port of the bridge allows.
#[element]
pub struct PortOptions {
    /// Whether the port is kept from all other isolated ports of the bridge. Since libvirt 6.1.
    pub isolated: Option<YesNo>,
}

/// A route to a network. Give `netmask` or `prefix`, not both; without them it is to a single host, or to all
/// where the address is zero.
#[element(rules)]
pub struct Route {
    /// The kind of addresses; IPv4 when absent.
    pub family: Option<AddressFamily>,
    /// The address of the network.
    pub address: Ip,
    /// Which bits of an IPv4 address are the network's, as in 255.255.255.0.
    pub netmask: Option<Ipv4>,
    /// How many bits of the address are the network's.
    pub prefix: Option<Int<0, 128>>,
    /// The host to which packets for that network are sent.
    pub gateway: Ip,
    /// The cost of the route: of several the cheapest is taken.
    pub metric: Option<u32>,
}

/// A kind of internet address.
#[values]
pub enum AddressFamily {
    /// Version 4.
    Ipv4,
    /// Version 6.
    Ipv6,
}

impl View<'_, Route> {
    fn rules(self, report: &mut Report<'_>) {
        one_size(self.netmask(), self.prefix(), report);
    }
}

/// Says that a network has a mask or a prefix.
pub(crate) fn one_size(
    netmask: Option<View<'_, Ipv4>>,
    prefix: Option<View<'_, Int<0, 128>>>,
    report: &mut Report<'_>,
) {
    if let (Some(netmask), Some(_)) = (netmask, prefix) {
        report.error(netmask.value(), "netmask-and-prefix", "says the same as `prefix`: leave out one of them");
    }
}

/// A protocol above the internet protocol.
#[values]
pub enum TransportProtocol {
    /// Streams.
    Tcp,
    /// Single packets.
    Udp,
}

/// How a guest is plugged into a switch that wants to know more than a device's name.
#[element(rules)]
pub struct Virtualport {
    /// The kind of switch. Without it the parameters are merged with those of the network and its port group.
    pub r#type: Option<VirtualportType>,
    /// What the switch is told.
    pub parameters: Option<VirtualportParameters>,
}

/// A kind of switch.
#[values]
pub enum VirtualportType {
    /// A hardware switch with a virtual Ethernet port aggregator.
    #[xml = "802.1Qbg"]
    Qbg,
    /// A hardware switch with port extenders.
    #[xml = "802.1Qbh"]
    Qbh,
    /// Open vSwitch.
    Openvswitch,
    /// MidoNet.
    Midonet,
}

/// What a switch is told of a guest's port. Which parts there are depends on the kind of switch.
#[element]
pub struct VirtualportParameters {
    /// The database of port types in which the switch looks (802.1Qbg).
    pub managerid: Option<u8>,
    /// The type of the port in that database (802.1Qbg).
    pub typeid: Option<Int<0, 16_777_215>>,
    /// The version of that type (802.1Qbg).
    pub typeidversion: Option<u8>,
    /// The id of this port (802.1Qbg). libvirt makes one up when absent.
    pub instanceid: Option<Uuid>,
    /// The port profile by name (802.1Qbh, Open vSwitch).
    pub profileid: Option<VirtualportProfile>,
    /// The id of this port (Open vSwitch, MidoNet). libvirt makes one up for Open vSwitch when absent.
    pub interfaceid: Option<Uuid>,
}

/// A network filter, and what its variables hold.
#[element]
pub struct Filterref {
    /// The name of the network filter.
    pub filter: FilterName,
    /// A variable of the filter. Repeat it for a variable with several values.
    pub parameter: Vec<FilterrefParameter>,
}

/// A variable of a network filter.
#[element]
pub struct FilterrefParameter {
    /// Its name, as in `IP`.
    pub name: FilterParameterName,
    /// Its value.
    pub value: FilterParameterValue,
}

patterns! {
    /// The name of a network filter.
    FilterName = "the name of a network filter: letters, digits and _ . -, and no digit first", r"[a-zA-Z_][a-zA-Z0-9_.\-]*";
    /// The name of a variable of a network filter.
    FilterParameterName = "a name of letters, digits and _", r"[a-zA-Z0-9_]+";
    /// The value of a variable of a network filter.
    FilterParameterValue = "a word of letters, digits and _ . :", r"[a-zA-Z0-9_.:]+";
    /// The name of a port profile.
    VirtualportProfile = "a port profile: up to 39 characters on one line", r"[^\n\r]{0,39}";
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
                let message = format!("is no parameter of this type of virtual port, which has {}", taken.join(", "));
                report.error(parameter, "virtualport-parameter", message);
            }
        }
        let port = self.parameters().and_then(|it| it.interfaceid());
        if kind == VirtualportType::Midonet && port.is_none() {
            let at = self.parameters().map_or(self.value(), Read::value);
            let name = if self.parameters().is_some() { "interfaceid" } else { "parameters" };
            report.missing(at, name, "is required: MidoNet knows a port by its `interfaceid`");
        }
    }
}
