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

/// Network filter: rules that decide which packets may pass the network interface of a guest. Guest interfaces refer to
/// a filter by name.
#[element]
pub struct Nwfilter {
    /// Name of the filter, unique on the host.
    pub name: FilterName,
    /// Chain of the host's packet filter for the rules: `root`, which all packets pass, or a chain whose name begins
    /// with its protocol. Defaults to `root`.
    pub chain: Option<NwfilterChain>,
    /// Priority of the chain, from -1000 to 1000. Chains with lower values are visited first. If omitted, the protocol
    /// of the chain decides.
    pub priority: Option<Priority>,
    /// UUID of the filter, globally unique. Derived from the name if omitted. Set to `false` to have libvirt
    /// generate one.
    #[absent = "uuid"]
    #[child]
    pub uuid: Option<Uuid>,
    /// Other filters whose rules are included in this filter.
    pub filterref: Vec<Filterref>,
    /// Rules of the filter.
    pub rule: Vec<NwfilterRule>,
}

/// Priority of a filter chain or rule.
type Priority = Int<-1000, 1000>;

/// Rule of a network filter: an action for packets that match the criteria of one protocol, or for all packets.
#[element(rules)]
pub struct NwfilterRule {
    /// Action for matching packets.
    pub action: NwfilterAction,
    /// Direction of the packets that the rule applies to.
    pub direction: NwfilterDirection,
    /// Priority of the rule, from -1000 to 1000. Rules with lower values are evaluated first. Defaults to 500.
    pub priority: Option<Priority>,
    /// Connection tracking of the rule. By default, the host tracks connections, and replies pass. With `false`, other
    /// rules decide whether replies pass.
    pub statematch: Option<Either<NwfilterStatematch, NwfilterFalse>>,
    /// Criteria for Ethernet frames.
    pub mac: Option<NwfilterMac>,
    /// Criteria for Ethernet frames with VLAN tags.
    #[since = "0.9"]
    pub vlan: Option<NwfilterVlan>,
    /// Criteria for Spanning Tree Protocol messages of bridges.
    #[since = "0.9"]
    pub stp: Option<NwfilterStp>,
    /// Criteria for ARP packets, which look up the MAC address of an IPv4 address.
    pub arp: Option<NwfilterArp>,
    /// Criteria for RARP packets, which look up the IPv4 address of a MAC address.
    pub rarp: Option<NwfilterArp>,
    /// Criteria for single IPv4 packets, without connection tracking.
    pub ip: Option<NwfilterIp>,
    /// Criteria for single IPv6 packets, without connection tracking.
    pub ipv6: Option<NwfilterIpv6>,
    /// Criteria for TCP over IPv4.
    pub tcp: Option<NwfilterTcp>,
    /// Criteria for UDP over IPv4.
    pub udp: Option<NwfilterPorts>,
    /// Criteria for SCTP over IPv4.
    pub sctp: Option<NwfilterPorts>,
    /// Criteria for ICMP, the control messages of IPv4.
    pub icmp: Option<NwfilterIcmp>,
    /// Criteria for IGMP, which manages multicast group membership.
    pub igmp: Option<NwfilterAny>,
    /// Criteria for all protocols over IPv4.
    pub all: Option<NwfilterAny>,
    /// Criteria for IPsec ESP (encrypted packets) over IPv4.
    pub esp: Option<NwfilterAny>,
    /// Criteria for IPsec AH (authenticated packets) over IPv4.
    pub ah: Option<NwfilterAny>,
    /// Criteria for UDP-Lite over IPv4.
    pub udplite: Option<NwfilterAny>,
    /// Criteria for TCP over IPv6.
    #[name = "tcp-ipv6"]
    pub tcp_ipv6: Option<NwfilterTcpIpv6>,
    /// Criteria for UDP over IPv6.
    #[name = "udp-ipv6"]
    pub udp_ipv6: Option<NwfilterPortsIpv6>,
    /// Criteria for SCTP over IPv6.
    #[name = "sctp-ipv6"]
    pub sctp_ipv6: Option<NwfilterPortsIpv6>,
    /// Criteria for ICMPv6, the control messages of IPv6.
    pub icmpv6: Option<NwfilterIcmpv6>,
    /// Criteria for all protocols over IPv6.
    #[name = "all-ipv6"]
    pub all_ipv6: Option<NwfilterAnyIpv6>,
    /// Criteria for IPsec ESP (encrypted packets) over IPv6.
    #[name = "esp-ipv6"]
    pub esp_ipv6: Option<NwfilterAnyIpv6>,
    /// Criteria for IPsec AH (authenticated packets) over IPv6.
    #[name = "ah-ipv6"]
    pub ah_ipv6: Option<NwfilterAnyIpv6>,
    /// Criteria for UDP-Lite over IPv6.
    #[name = "udplite-ipv6"]
    pub udplite_ipv6: Option<NwfilterAnyIpv6>,
}

/// Action of a network filter rule for matching packets.
#[values]
pub enum NwfilterAction {
    /// Discard the packet without notifying the sender.
    Drop,
    /// Accept the packet without evaluating further rules.
    Accept,
    /// Discard the packet and notify the sender.
    #[since = "0.8"]
    Reject,
    /// Continue with the next rule.
    #[since = "0.9"]
    Continue,
    /// Return to the calling chain.
    #[since = "0.9"]
    Return,
}

/// Direction of packets, from the guest's point of view.
#[values]
pub enum NwfilterDirection {
    /// Packets to the guest.
    In,
    /// Packets from the guest.
    Out,
    /// Packets in both directions.
    Inout,
}

/// Connection tracking of a network filter rule.
#[values]
pub enum NwfilterStatematch {
    /// Connection tracking disabled. Omit the attribute to enable connection tracking.
    False,
    /// Connection tracking disabled.
    #[xml = "0"]
    #[same = "false"]
    Zero,
}

/// The criteria on ports.
const PORTS: [&str; 4] = ["srcportstart", "srcportend", "dstportstart", "dstportend"];

impl View<'_, NwfilterRule> {
    fn rules(self, report: &mut Report<'_>) {
        let mut others = self.protocols();
        if let Some(first) = others.next() {
            for other in others {
                let message = format!(
                    "a rule can have only one protocol, and this rule already has `{}`: write another rule",
                    first.key()
                );
                report.error(other, "nwfilter-two-protocols", message);
            }
        }
        let criteria = self.protocols().flat_map(Value::children).filter(|criterion| criterion.key() != "comment");
        criteria.for_each(|criterion| words::check(criterion, report));
        // The other half may be under `extra`.
        for protocol in self.protocols().filter(|protocol| protocol.attribute(EXTRA).is_none()) {
            let port = PORTS.iter().find_map(|name| protocol.attribute(name));
            let is_other = || !protocol.attribute("protocol").is_some_and(words::has_ports);
            if let Some(port) = port.filter(|_| matches!(protocol.key(), "ip" | "ipv6") && is_other()) {
                let message = "ports require `protocol`: set it to \"tcp\", \"udp\" or \"sctp\"";
                report.error(port, "nwfilter-port-protocol", message);
            }
            match (protocol.attribute("ipset"), protocol.attribute("ipsetflags")) {
                (Some(_), None) => {
                    report.missing(protocol, "ipsetflags", "`ipset` requires it, e.g. ipsetflags = \"src\"");
                }
                (None, Some(_)) => {
                    report.missing(protocol, "ipset", "`ipsetflags` requires the name of an address set");
                }
                _ => {}
            }
        }
    }
}

impl<'a> View<'a, NwfilterRule> {
    /// Returns the protocol criteria of the rule. A rule should have at most one.
    fn protocols(self) -> impl Iterator<Item = Value<'a>> {
        let names = NwfilterRule::schema().fields.iter().filter(|field| field.node == NodeKind::Child);
        let parts = names.filter_map(move |field| self.value().attribute(field.name));
        parts.filter(|part| *part.data() != Data::Bool(false))
    }
}
