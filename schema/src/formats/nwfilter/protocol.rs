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

/// Makes the element of a protocol. `Name: pieces { own parts }` has `match`, the parts of the pieces, its own
/// parts, and `comment`.
macro_rules! protocol {
    (@ $name:ident [sender $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// The hardware address of the sender.
            pub srcmacaddr: Option<NwfilterMacAddress>,
        ] }
    };
    (@ $name:ident [ethernet $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// Which bits of the sender's hardware address count.
            pub srcmacmask: Option<NwfilterMacAddress>,
            /// The hardware address of the receiver.
            pub dstmacaddr: Option<NwfilterMacAddress>,
            /// Which bits of the receiver's hardware address count.
            pub dstmacmask: Option<NwfilterMacAddress>,
        ] }
    };
    (@ $name:ident [ipv4 $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// The address of the sender.
            pub srcipaddr: Option<NwfilterIpv4Address>,
            /// How much of the sender's address counts: how many bits, or a mask.
            pub srcipmask: Option<NwfilterIpv4Mask>,
            /// The address of the receiver.
            pub dstipaddr: Option<NwfilterIpv4Address>,
            /// How much of the receiver's address counts: how many bits, or a mask.
            pub dstipmask: Option<NwfilterIpv4Mask>,
        ] }
    };
    (@ $name:ident [connection $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// The first of a range of addresses that the sender's is in.
            pub srcipfrom: Option<NwfilterIpv4Address>,
            /// The last of that range.
            pub srcipto: Option<NwfilterIpv4Address>,
            /// The first of a range of addresses that the receiver's is in.
            pub dstipfrom: Option<NwfilterIpv4Address>,
            /// The last of that range.
            pub dstipto: Option<NwfilterIpv4Address>,
            /// The class of traffic that the packet says it is of, from 0 to 63.
            pub dscp: Option<NwfilterDscp>,
            /// How many connections there may be before the rule is for new ones.
            #[name = "connlimit-above"]
            pub connlimit_above: Option<NwfilterU16>,
            /// States of the connection that the packet belongs to. Since libvirt 0.8.5.
            pub state: Option<NwfilterStates>,
            /// The name of a set of addresses of the host, made with ipset.
            pub ipset: Option<NwfilterIpset>,
            /// Which ends of the packet are in that set, one for each of the set's dimensions.
            pub ipsetflags: Option<NwfilterIpsetFlags>,
        ] }
    };
    (@ $name:ident [ipv6 $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// The address of the sender.
            pub srcipaddr: Option<NwfilterIpv6Address>,
            /// How much of the sender's address counts: how many bits, or a mask.
            pub srcipmask: Option<NwfilterIpv6Mask>,
            /// The address of the receiver.
            pub dstipaddr: Option<NwfilterIpv6Address>,
            /// How much of the receiver's address counts: how many bits, or a mask.
            pub dstipmask: Option<NwfilterIpv6Mask>,
        ] }
    };
    (@ $name:ident [connection_ipv6 $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// The first of a range of addresses that the sender's is in.
            pub srcipfrom: Option<NwfilterIpv6Address>,
            /// The last of that range.
            pub srcipto: Option<NwfilterIpv6Address>,
            /// The first of a range of addresses that the receiver's is in.
            pub dstipfrom: Option<NwfilterIpv6Address>,
            /// The last of that range.
            pub dstipto: Option<NwfilterIpv6Address>,
            /// The class of traffic that the packet says it is of, from 0 to 63.
            pub dscp: Option<NwfilterDscp>,
        ] }
    };
    (@ $name:ident [ports $($more:ident)*] $doc:tt [$($parts:tt)*]) => {
        protocol! { @ $name [$($more)*] $doc [$($parts)*
            /// The first port of the sender.
            pub srcportstart: Option<NwfilterU16>,
            /// The last port of the sender; the first where absent.
            pub srcportend: Option<NwfilterU16>,
            /// The first port of the receiver.
            pub dstportstart: Option<NwfilterU16>,
            /// The last port of the receiver; the first where absent.
            pub dstportend: Option<NwfilterU16>,
        ] }
    };
    (@ $name:ident [own] [{ $($doc:tt)* } { $($own:tt)* }] [$($parts:tt)*]) => {
        $($doc)*
        #[element]
        pub struct $name {
            /// `false` is for packets that do not fit what is said here. Default: true.
            pub r#match: Option<YesNo>,
            $($parts)*
            $($own)*
            /// A remark, which some of the host's packet filters keep with the rule.
            pub comment: Option<String>,
        }
    };
    ($(#[$($doc:tt)*])* $name:ident: $($piece:ident),+ { $($own:tt)* }) => {
        protocol! { @ $name [$($piece)+ own] [{ $(#[$($doc)*])* } { $($own)* }] [] }
    };
}

protocol! {
    /// What a rule looks at in a packet of Ethernet.
    NwfilterMac: sender, ethernet {
        /// What the packet carries: a name, or a number from 0x600.
        pub protocolid: Option<NwfilterEtherType>,
    }
}

protocol! {
    /// What a rule looks at in a packet of Ethernet with a VLAN tag. Since libvirt 0.9.8.
    NwfilterVlan: sender, ethernet {
        /// The number of the VLAN.
        pub vlanid: Option<NwfilterVlanId>,
        /// What the packet carries behind the tag: a name, or a number from 0x600.
        #[name = "encap-protocol"]
        pub encap_protocol: Option<NwfilterEtherType>,
    }
}

protocol! {
    /// What a rule looks at in a packet of the spanning tree protocol. Since libvirt 0.9.8.
    NwfilterStp: sender {
        /// Which bits of the sender's hardware address count.
        pub srcmacmask: Option<NwfilterMacAddress>,
        /// The kind of message.
        pub r#type: Option<NwfilterU8>,
        /// The flags of the message.
        pub flags: Option<NwfilterU8>,
        /// The least priority of the root bridge.
        #[name = "root-priority"]
        pub root_priority: Option<NwfilterU16>,
        /// The highest priority of the root bridge.
        #[name = "root-priority-hi"]
        pub root_priority_hi: Option<NwfilterU16>,
        /// The hardware address of the root bridge.
        #[name = "root-address"]
        pub root_address: Option<NwfilterMacAddress>,
        /// Which bits of the root bridge's hardware address count.
        #[name = "root-address-mask"]
        pub root_address_mask: Option<NwfilterMacAddress>,
        /// The least cost of the way to the root bridge.
        #[name = "root-cost"]
        pub root_cost: Option<NwfilterU32>,
        /// The highest cost of the way to the root bridge.
        #[name = "root-cost-hi"]
        pub root_cost_hi: Option<NwfilterU32>,
        /// The least priority of the bridge that sends.
        #[name = "sender-priority"]
        pub sender_priority: Option<NwfilterU16>,
        /// The highest priority of the bridge that sends.
        #[name = "sender-priority-hi"]
        pub sender_priority_hi: Option<NwfilterU16>,
        /// The hardware address of the bridge that sends.
        #[name = "sender-address"]
        pub sender_address: Option<NwfilterMacAddress>,
        /// Which bits of the sending bridge's hardware address count.
        #[name = "sender-address-mask"]
        pub sender_address_mask: Option<NwfilterMacAddress>,
        /// The first port number.
        pub port: Option<NwfilterU16>,
        /// The last port number.
        #[name = "port-hi"]
        pub port_hi: Option<NwfilterU16>,
        /// The least age of the message.
        pub age: Option<NwfilterU16>,
        /// The highest age of the message.
        #[name = "age-hi"]
        pub age_hi: Option<NwfilterU16>,
        /// The least age at which messages are thrown away.
        #[name = "max-age"]
        pub max_age: Option<NwfilterU16>,
        /// The highest age at which messages are thrown away.
        #[name = "max-age-hi"]
        pub max_age_hi: Option<NwfilterU16>,
        /// The least time between messages.
        #[name = "hello-time"]
        pub hello_time: Option<NwfilterU16>,
        /// The longest time between messages.
        #[name = "hello-time-hi"]
        pub hello_time_hi: Option<NwfilterU16>,
        /// The least time before a port forwards packets.
        #[name = "forward-delay"]
        pub forward_delay: Option<NwfilterU16>,
        /// The longest time before a port forwards packets.
        #[name = "forward-delay-hi"]
        pub forward_delay_hi: Option<NwfilterU16>,
    }
}

protocol! {
    /// What a rule looks at in a packet of ARP or RARP.
    NwfilterArp: sender, ethernet {
        /// The kind of hardware.
        pub hwtype: Option<NwfilterU16>,
        /// The kind of addresses that are asked for.
        pub protocoltype: Option<NwfilterU16>,
        /// What is asked or answered: a name or a number.
        pub opcode: Option<NwfilterArpOpcode>,
        /// The hardware address that the sender says it has.
        pub arpsrcmacaddr: Option<NwfilterMacAddress>,
        /// The hardware address that is asked or told.
        pub arpdstmacaddr: Option<NwfilterMacAddress>,
        /// The IPv4 address that the sender says it has.
        pub arpsrcipaddr: Option<NwfilterIpv4Address>,
        /// The IPv4 address that is asked or told.
        pub arpdstipaddr: Option<NwfilterIpv4Address>,
        /// Whether the packet tells an address that no one asked for. Since libvirt 0.9.2.
        pub gratuitous: Option<NwfilterGratuitous>,
    }
}

protocol! {
    /// What a rule looks at in a single packet of IPv4.
    NwfilterIp: sender, ethernet, ipv4, ports {
        /// What the packet carries: a name or a number. Needed for ports.
        pub protocol: Option<NwfilterIpProtocol>,
        /// The class of traffic that the packet says it is of, from 0 to 63.
        pub dscp: Option<NwfilterDscp>,
    }
}

protocol! {
    /// What a rule looks at in a single packet of IPv6.
    NwfilterIpv6: sender, ethernet, ipv6, ports {
        /// What the packet carries: a name or a number. Needed for ports.
        pub protocol: Option<NwfilterIpProtocol>,
        /// The kind of ICMPv6 message, or the first of a range of kinds. Since libvirt 1.2.12.
        pub r#type: Option<NwfilterU8>,
        /// The last of a range of kinds of ICMPv6 messages. Since libvirt 1.2.12.
        pub typeend: Option<NwfilterU8>,
        /// The code of an ICMPv6 message, or the first of a range of codes. Since libvirt 1.2.12.
        pub code: Option<NwfilterU8>,
        /// The last of a range of codes of ICMPv6 messages. Since libvirt 1.2.12.
        pub codeend: Option<NwfilterU8>,
    }
}

protocol! {
    /// What a rule looks at in TCP over IPv4.
    NwfilterTcp: sender, ipv4, connection, ports {
        /// Flags of the packet: those that are looked at, a slash, and those of them that are set. Since
        /// libvirt 0.9.1.
        pub flags: Option<NwfilterTcpFlags>,
    }
}

protocol! {
    /// What a rule looks at in a protocol over IPv4 that has ports.
    NwfilterPorts: sender, ipv4, connection, ports {}
}

protocol! {
    /// What a rule looks at in IPv4's messages of control.
    NwfilterIcmp: sender, ipv4, connection {
        /// The kind of message.
        pub r#type: Option<NwfilterU8>,
        /// The code of the message.
        pub code: Option<NwfilterU8>,
    }
}

protocol! {
    /// What a rule looks at in any protocol over IPv4.
    NwfilterAny: sender, ipv4, connection {}
}

protocol! {
    /// What a rule looks at in TCP over IPv6.
    NwfilterTcpIpv6: sender, ipv6, connection_ipv6, ports {
        /// Flags of the packet: those that are looked at, a slash, and those of them that are set. Since
        /// libvirt 0.9.1.
        pub flags: Option<NwfilterTcpFlags>,
    }
}

protocol! {
    /// What a rule looks at in a protocol over IPv6 that has ports.
    NwfilterPortsIpv6: sender, ipv6, connection_ipv6, ports {}
}

protocol! {
    /// What a rule looks at in IPv6's messages of control.
    NwfilterIcmpv6: sender, ipv6, connection_ipv6 {
        /// The kind of message.
        pub r#type: Option<NwfilterU8>,
        /// The code of the message.
        pub code: Option<NwfilterU8>,
    }
}

protocol! {
    /// What a rule looks at in any protocol over IPv6.
    NwfilterAnyIpv6: sender, ipv6, connection_ipv6 {}
}
