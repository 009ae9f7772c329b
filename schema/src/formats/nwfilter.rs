//! `<filter>`: [Network filters](https://libvirt.org/formatnwfilter.html).

pub mod protocol;
pub mod words;

use crate::engine::problem::Report;
use crate::engine::render::EXTRA;
use crate::engine::scalar::{Either, Int};
use crate::engine::table::{Element, NodeKind};
use crate::engine::value::{Data, Value};
use crate::engine::view::{Read, View};
use crate::formats::networking::{FilterName, Filterref};
use crate::formats::patterns::Uuid;
use nixvirt_schema_derive::{element, values};
use protocol::{
    NwfilterAny, NwfilterAnyIpv6, NwfilterArp, NwfilterIcmp, NwfilterIcmpv6, NwfilterIp, NwfilterIpv6, NwfilterMac,
    NwfilterPorts, NwfilterPortsIpv6, NwfilterStp, NwfilterTcp, NwfilterTcpIpv6, NwfilterVlan,
};
use words::{NwfilterChain, NwfilterFalse};

/// Which packets may pass a guest's network card. A card asks for a filter by name.
#[element]
pub struct Nwfilter {
    /// Its name, unique on the host.
    pub name: FilterName,
    /// The chain of the host's packet filter in which its rules are: `root`, which all packets pass, or one
    /// for the protocol with which its name begins. Default: root.
    pub chain: Option<NwfilterChain>,
    /// When the chain is visited, from -1000 to 1000: the lower, the earlier. Without it the chain's protocol
    /// decides.
    pub priority: Option<Priority>,
    /// Its id, unique everywhere. Derived from the name when absent; `false`: libvirt makes one up.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// A filter whose rules are rules of this one too.
    pub filterref: Vec<Filterref>,
    /// What is done with certain packets.
    pub rule: Vec<NwfilterRule>,
}

/// Where among others something is done.
type Priority = Int<-1000, 1000>;

/// What is done with certain packets: those that fit what is said of one protocol, or all.
#[element(rules)]
pub struct NwfilterRule {
    /// What is done with them.
    pub action: NwfilterAction,
    /// Which way they go.
    pub direction: NwfilterDirection,
    /// When the rule is tried, from -1000 to 1000: the lower, the earlier. Default: 500.
    pub priority: Option<Priority>,
    /// `false` leaves it to the other rules whether answers pass. Else they do, for the host keeps track of
    /// connections.
    pub statematch: Option<Either<NwfilterStatematch, NwfilterFalse>>,
    /// Ethernet.
    pub mac: Option<NwfilterMac>,
    /// Ethernet with VLAN tags.
    pub vlan: Option<NwfilterVlan>,
    /// The spanning tree protocol of bridges.
    pub stp: Option<NwfilterStp>,
    /// The protocol that finds the hardware address of an IPv4 address.
    pub arp: Option<NwfilterArp>,
    /// The protocol that finds the IPv4 address of a hardware address.
    pub rarp: Option<NwfilterArp>,
    /// IPv4, looked at packet by packet.
    pub ip: Option<NwfilterIp>,
    /// IPv6, looked at packet by packet.
    pub ipv6: Option<NwfilterIpv6>,
    /// TCP over IPv4.
    pub tcp: Option<NwfilterTcp>,
    /// UDP over IPv4.
    pub udp: Option<NwfilterPorts>,
    /// SCTP over IPv4.
    pub sctp: Option<NwfilterPorts>,
    /// ICMP, IPv4's messages of control.
    pub icmp: Option<NwfilterIcmp>,
    /// IGMP, by which groups for multicast are joined.
    pub igmp: Option<NwfilterAny>,
    /// Every protocol over IPv4.
    pub all: Option<NwfilterAny>,
    /// Encrypted packets of IPsec over IPv4.
    pub esp: Option<NwfilterAny>,
    /// Signed packets of IPsec over IPv4.
    pub ah: Option<NwfilterAny>,
    /// UDP-Lite over IPv4.
    pub udplite: Option<NwfilterAny>,
    /// TCP over IPv6.
    #[name = "tcp-ipv6"]
    pub tcp_ipv6: Option<NwfilterTcpIpv6>,
    /// UDP over IPv6.
    #[name = "udp-ipv6"]
    pub udp_ipv6: Option<NwfilterPortsIpv6>,
    /// SCTP over IPv6.
    #[name = "sctp-ipv6"]
    pub sctp_ipv6: Option<NwfilterPortsIpv6>,
    /// ICMPv6, IPv6's messages of control.
    pub icmpv6: Option<NwfilterIcmpv6>,
    /// Every protocol over IPv6.
    #[name = "all-ipv6"]
    pub all_ipv6: Option<NwfilterAnyIpv6>,
    /// Encrypted packets of IPsec over IPv6.
    #[name = "esp-ipv6"]
    pub esp_ipv6: Option<NwfilterAnyIpv6>,
    /// Signed packets of IPsec over IPv6.
    #[name = "ah-ipv6"]
    pub ah_ipv6: Option<NwfilterAnyIpv6>,
    /// UDP-Lite over IPv6.
    #[name = "udplite-ipv6"]
    pub udplite_ipv6: Option<NwfilterAnyIpv6>,
}

/// What is done with a packet.
#[values]
pub enum NwfilterAction {
    /// It is lost, and the sender is not told.
    Drop,
    /// It passes, and no other rule is asked.
    Accept,
    /// It is lost, and the sender is told. Since libvirt 0.8.9.
    Reject,
    /// The next rule is asked. Since libvirt 0.9.7.
    Continue,
    /// It leaves this chain, and the one before goes on. Since libvirt 0.9.7.
    Return,
}

/// Which way packets go.
#[values]
pub enum NwfilterDirection {
    /// To the guest.
    In,
    /// From the guest.
    Out,
    /// Either way.
    Inout,
}

/// That connections are not kept track of.
#[values]
pub enum NwfilterStatematch {
    /// They are not; leave it out where they are.
    False,
}

impl View<'_, NwfilterRule> {
    fn rules(self, report: &mut Report<'_>) {
        let mut others = self.protocols();
        if let Some(first) = others.next() {
            for other in others {
                let message = format!("names a second protocol beside {}: write a rule for each", first.key());
                report.error(other, "nwfilter-two-protocols", message);
            }
        }
        // What stands under `extra` may be the other half.
        for protocol in self.protocols().filter(|protocol| protocol.attribute(EXTRA).is_none()) {
            match (protocol.attribute("ipset"), protocol.attribute("ipsetflags")) {
                (Some(_), None) => {
                    report.missing(
                        protocol,
                        "ipsetflags",
                        "is required with `ipset`: what of the packet is in the set",
                    );
                }
                (None, Some(_)) => {
                    report.missing(protocol, "ipset", "is required with `ipsetflags`: the name of the set")
                }
                _ => {}
            }
        }
    }
}

impl<'a> View<'a, NwfilterRule> {
    /// What is said of protocols: it should be one at most.
    fn protocols(self) -> impl Iterator<Item = Value<'a>> {
        let names = NwfilterRule::schema().fields.iter().filter(|field| field.node == NodeKind::Child);
        let parts = names.filter_map(move |field| self.value().attribute(field.name));
        parts.filter(|part| *part.data() != Data::Bool(false))
    }
}
