//! The protocols of rules: [Supported protocols](https://libvirt.org/formatnwfilter.html#supported-protocols).
//!
//! A part that is left out fits every packet.

use super::words::{
    NwfilterArpOpcode, NwfilterDscp, NwfilterEtherType, NwfilterGratuitous, NwfilterIpProtocol, NwfilterIpset,
    NwfilterIpsetFlags, NwfilterIpv4Address, NwfilterIpv4Mask, NwfilterIpv6Address, NwfilterIpv6Mask,
    NwfilterMacAddress, NwfilterStates, NwfilterTcpFlags, NwfilterU8, NwfilterU16, NwfilterU32, NwfilterVlanId,
};
use crate::engine::scalar::YesNo;
use nixvirt_schema_derive::element;

/// Declares the element of a protocol. `Name: pieces { own parts }` has `match`, the parts of the pieces, its own
/// parts, and `comment`.
macro_rules! protocol {
    (@ $name:ident [sender $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// Source MAC address of the packet.
            pub srcmacaddr: Option<NwfilterMacAddress>,
        ] }
    };
    (@ $name:ident [ethernet $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// Mask of the source MAC address. Only the bits set in the mask are compared.
            pub srcmacmask: Option<NwfilterMacAddress>,
            /// Destination MAC address of the packet.
            pub dstmacaddr: Option<NwfilterMacAddress>,
            /// Mask of the destination MAC address. Only the bits set in the mask are compared.
            pub dstmacmask: Option<NwfilterMacAddress>,
        ] }
    };
    (@ $name:ident [ipv4 $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// Source IPv4 address of the packet.
            pub srcipaddr: Option<NwfilterIpv4Address>,
            /// Mask of the source IPv4 address: prefix length in bits, or netmask.
            pub srcipmask: Option<NwfilterIpv4Mask>,
            /// Destination IPv4 address of the packet.
            pub dstipaddr: Option<NwfilterIpv4Address>,
            /// Mask of the destination IPv4 address: prefix length in bits, or netmask.
            pub dstipmask: Option<NwfilterIpv4Mask>,
        ] }
    };
    (@ $name:ident [connection $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// First address of the source IPv4 range.
            pub srcipfrom: Option<NwfilterIpv4Address>,
            /// Last address of the source IPv4 range.
            pub srcipto: Option<NwfilterIpv4Address>,
            /// First address of the destination IPv4 range.
            pub dstipfrom: Option<NwfilterIpv4Address>,
            /// Last address of the destination IPv4 range.
            pub dstipto: Option<NwfilterIpv4Address>,
            /// DSCP traffic class of the packet, from 0 to 63.
            pub dscp: Option<NwfilterDscp>,
            /// Number of connections above which the rule matches new connections.
            #[name = "connlimit-above"]
            pub connlimit_above: Option<NwfilterU16>,
            /// Connection states that the rule matches, comma-separated, such as `NEW,ESTABLISHED`.
            #[since = "0.8"]
            pub state: Option<NwfilterStates>,
            /// Name of an address set of the host, created with `ipset`.
            pub ipset: Option<NwfilterIpset>,
            /// Packet addresses to look up in the `ipset` set: `src` or `dst` for each dimension of the set,
            /// comma-separated.
            pub ipsetflags: Option<NwfilterIpsetFlags>,
        ] }
    };
    (@ $name:ident [ipv6 $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// Source IPv6 address of the packet.
            pub srcipaddr: Option<NwfilterIpv6Address>,
            /// Mask of the source IPv6 address: prefix length in bits, or mask.
            pub srcipmask: Option<NwfilterIpv6Mask>,
            /// Destination IPv6 address of the packet.
            pub dstipaddr: Option<NwfilterIpv6Address>,
            /// Mask of the destination IPv6 address: prefix length in bits, or mask.
            pub dstipmask: Option<NwfilterIpv6Mask>,
        ] }
    };
    (@ $name:ident [connection_ipv6 $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// First address of the source IPv6 range.
            pub srcipfrom: Option<NwfilterIpv6Address>,
            /// Last address of the source IPv6 range.
            pub srcipto: Option<NwfilterIpv6Address>,
            /// First address of the destination IPv6 range.
            pub dstipfrom: Option<NwfilterIpv6Address>,
            /// Last address of the destination IPv6 range.
            pub dstipto: Option<NwfilterIpv6Address>,
            /// DSCP traffic class of the packet, from 0 to 63.
            pub dscp: Option<NwfilterDscp>,
        ] }
    };
    (@ $name:ident [ports $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// First source port of the range.
            pub srcportstart: Option<NwfilterU16>,
            /// Last source port of the range. Defaults to the first.
            pub srcportend: Option<NwfilterU16>,
            /// First destination port of the range.
            pub dstportstart: Option<NwfilterU16>,
            /// Last destination port of the range. Defaults to the first.
            pub dstportend: Option<NwfilterU16>,
        ] }
    };
    (@ $name:ident [own] [{ $($doc:tt)* } { $($own:tt)* }] [$($parts:tt)*]) => {
        $($doc)*
        #[element]
        pub struct $name {
            /// Whether the rule applies to packets that match the criteria. `false` inverts the match. Defaults to
            /// `true`.
            #[default = "yes"]
            pub r#match: Option<YesNo>,
            $($parts)*
            $($own)*
            /// Comment on the rule, kept by some of the host's packet filters.
            pub comment: Option<String>,
        }
    };
    ($(#[$($doc:tt)*])* $name:ident: $($piece:ident),+ { $($own:tt)* }) => {
        protocol! { @ $name [$($piece)+ own] [{ $(#[$($doc)*])* } { $($own)* }] [] }
    };
}

protocol! {
    /// Criteria for Ethernet frames.
    NwfilterMac: sender, ethernet {
        /// Protocol inside the Ethernet frame: a name, or an EtherType number from 0x600.
        pub protocolid: Option<NwfilterEtherType>,
    }
}

protocol! {
    /// Criteria for Ethernet frames with a VLAN tag.
    NwfilterVlan: sender, ethernet {
        /// VLAN ID of the frame.
        pub vlanid: Option<NwfilterVlanId>,
        /// Protocol after the VLAN tag: a name, or an EtherType number from 0x600.
        #[name = "encap-protocol"]
        pub encap_protocol: Option<NwfilterEtherType>,
    }
}

protocol! {
    /// Criteria for Spanning Tree Protocol messages.
    NwfilterStp: sender {
        /// Mask of the source MAC address. Only the bits set in the mask are compared.
        pub srcmacmask: Option<NwfilterMacAddress>,
        /// Type of the STP message.
        pub r#type: Option<NwfilterU8>,
        /// Flags of the STP message.
        pub flags: Option<NwfilterU8>,
        /// Lowest priority of the root bridge.
        #[name = "root-priority"]
        pub root_priority: Option<NwfilterU16>,
        /// Highest priority of the root bridge.
        #[name = "root-priority-hi"]
        pub root_priority_hi: Option<NwfilterU16>,
        /// MAC address of the root bridge.
        #[name = "root-address"]
        pub root_address: Option<NwfilterMacAddress>,
        /// Mask of the root bridge's MAC address. Only the bits set in the mask are compared.
        #[name = "root-address-mask"]
        pub root_address_mask: Option<NwfilterMacAddress>,
        /// Lowest path cost to the root bridge.
        #[name = "root-cost"]
        pub root_cost: Option<NwfilterU32>,
        /// Highest path cost to the root bridge.
        #[name = "root-cost-hi"]
        pub root_cost_hi: Option<NwfilterU32>,
        /// Lowest priority of the sending bridge.
        #[name = "sender-priority"]
        pub sender_priority: Option<NwfilterU16>,
        /// Highest priority of the sending bridge.
        #[name = "sender-priority-hi"]
        pub sender_priority_hi: Option<NwfilterU16>,
        /// MAC address of the sending bridge.
        #[name = "sender-address"]
        pub sender_address: Option<NwfilterMacAddress>,
        /// Mask of the sending bridge's MAC address. Only the bits set in the mask are compared.
        #[name = "sender-address-mask"]
        pub sender_address_mask: Option<NwfilterMacAddress>,
        /// First port number of the range.
        pub port: Option<NwfilterU16>,
        /// Last port number of the range.
        #[name = "port-hi"]
        pub port_hi: Option<NwfilterU16>,
        /// Lowest age of the STP message.
        pub age: Option<NwfilterU16>,
        /// Highest age of the STP message.
        #[name = "age-hi"]
        pub age_hi: Option<NwfilterU16>,
        /// Lowest value of the maximum age, after which bridges discard messages.
        #[name = "max-age"]
        pub max_age: Option<NwfilterU16>,
        /// Highest value of the maximum age, after which bridges discard messages.
        #[name = "max-age-hi"]
        pub max_age_hi: Option<NwfilterU16>,
        /// Lowest value of the hello time, the interval between messages.
        #[name = "hello-time"]
        pub hello_time: Option<NwfilterU16>,
        /// Highest value of the hello time, the interval between messages.
        #[name = "hello-time-hi"]
        pub hello_time_hi: Option<NwfilterU16>,
        /// Lowest value of the forward delay, the time before a port forwards packets.
        #[name = "forward-delay"]
        pub forward_delay: Option<NwfilterU16>,
        /// Highest value of the forward delay, the time before a port forwards packets.
        #[name = "forward-delay-hi"]
        pub forward_delay_hi: Option<NwfilterU16>,
    }
}

protocol! {
    /// Criteria for ARP or RARP packets.
    NwfilterArp: sender, ethernet {
        /// Hardware type of the ARP packet, such as 1 for Ethernet.
        pub hwtype: Option<NwfilterU16>,
        /// Protocol type of the requested addresses, such as 0x800 for IPv4.
        pub protocoltype: Option<NwfilterU16>,
        /// Operation of the ARP packet: a name, such as `Request` or `Reply`, or a number.
        pub opcode: Option<NwfilterArpOpcode>,
        /// Sender MAC address in the ARP packet.
        pub arpsrcmacaddr: Option<NwfilterMacAddress>,
        /// Target MAC address in the ARP packet.
        pub arpdstmacaddr: Option<NwfilterMacAddress>,
        /// Sender IPv4 address in the ARP packet.
        pub arpsrcipaddr: Option<NwfilterIpv4Address>,
        /// Target IPv4 address in the ARP packet.
        pub arpdstipaddr: Option<NwfilterIpv4Address>,
        /// Whether the packet is a gratuitous ARP packet: an announcement without a request.
        #[since = "0.9"]
        pub gratuitous: Option<NwfilterGratuitous>,
    }
}

protocol! {
    /// Criteria for single IPv4 packets.
    NwfilterIp: sender, ethernet, ipv4, ports {
        /// Protocol inside the IP packet: a name or a number. Required for port criteria.
        pub protocol: Option<NwfilterIpProtocol>,
        /// DSCP traffic class of the packet, from 0 to 63.
        pub dscp: Option<NwfilterDscp>,
    }
}

protocol! {
    /// Criteria for single IPv6 packets.
    NwfilterIpv6: sender, ethernet, ipv6, ports {
        /// Protocol inside the IP packet: a name or a number. Required for port criteria.
        pub protocol: Option<NwfilterIpProtocol>,
        /// ICMPv6 message type, or the first type of a range.
        #[since = "1.2"]
        pub r#type: Option<NwfilterU8>,
        /// Last ICMPv6 message type of a range.
        #[since = "1.2"]
        pub typeend: Option<NwfilterU8>,
        /// ICMPv6 message code, or the first code of a range.
        #[since = "1.2"]
        pub code: Option<NwfilterU8>,
        /// Last ICMPv6 message code of a range.
        #[since = "1.2"]
        pub codeend: Option<NwfilterU8>,
    }
}

protocol! {
    /// Criteria for TCP over IPv4.
    NwfilterTcp: sender, ipv4, connection, ports {
        /// TCP flags: the flags to check, a slash, and the checked flags that must be set, such as `SYN,ACK/SYN`.
        #[since = "0.9"]
        pub flags: Option<NwfilterTcpFlags>,
    }
}

protocol! {
    /// Criteria for a protocol with ports over IPv4.
    NwfilterPorts: sender, ipv4, connection, ports {}
}

protocol! {
    /// Criteria for ICMP, the control messages of IPv4.
    NwfilterIcmp: sender, ipv4, connection {
        /// ICMP message type.
        pub r#type: Option<NwfilterU8>,
        /// ICMP message code.
        pub code: Option<NwfilterU8>,
    }
}

protocol! {
    /// Criteria for any protocol over IPv4.
    NwfilterAny: sender, ipv4, connection {}
}

protocol! {
    /// Criteria for TCP over IPv6.
    NwfilterTcpIpv6: sender, ipv6, connection_ipv6, ports {
        /// TCP flags: the flags to check, a slash, and the checked flags that must be set, such as `SYN,ACK/SYN`.
        #[since = "0.9"]
        pub flags: Option<NwfilterTcpFlags>,
    }
}

protocol! {
    /// Criteria for a protocol with ports over IPv6.
    NwfilterPortsIpv6: sender, ipv6, connection_ipv6, ports {}
}

protocol! {
    /// Criteria for ICMPv6, the control messages of IPv6.
    NwfilterIcmpv6: sender, ipv6, connection_ipv6 {
        /// ICMPv6 message type.
        pub r#type: Option<NwfilterU8>,
        /// ICMPv6 message code.
        pub code: Option<NwfilterU8>,
    }
}

protocol! {
    /// Criteria for any protocol over IPv6.
    NwfilterAnyIpv6: sender, ipv6, connection_ipv6 {}
}
