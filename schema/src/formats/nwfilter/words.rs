//! What the attributes of protocols hold: a value, or a variable that the card gives one to.

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Either, Int};
use nixvirt_schema_derive::values;

/// Number from 0 to 255, decimal or hexadecimal.
pub type NwfilterU8 = Either<NwfilterHex2, u8>;

/// Number from 0 to 65535, decimal or hexadecimal, or a filter variable.
pub type NwfilterU16 = Either<Either<NwfilterHex4, u16>, NwfilterVariable>;

/// Number from 0 to 4294967295, decimal or hexadecimal, or a filter variable.
pub type NwfilterU32 = Either<Either<NwfilterHex8, u32>, NwfilterVariable>;

/// DSCP traffic class from 0 to 63, or a filter variable.
pub type NwfilterDscp = Either<Either<NwfilterHexDscp, Int<0, 63>>, NwfilterVariable>;

/// VLAN ID from 0 to 4095, or a filter variable.
pub type NwfilterVlanId = Either<Either<NwfilterHex3, Int<0, 4095>>, NwfilterVariable>;

/// Protocol inside an Ethernet frame.
pub type NwfilterEtherType =
    Either<NwfilterEtherTypeName, Either<Either<NwfilterHexEtherType, Int<1536, 65535>>, NwfilterVariable>>;

/// Protocol inside an IP packet.
pub type NwfilterIpProtocol = Either<NwfilterIpProtocolName, Either<Either<NwfilterHex2, u8>, NwfilterVariable>>;

/// Operation of an ARP packet.
pub type NwfilterArpOpcode = Either<NwfilterArpOpcodeName, Either<u16, NwfilterVariable>>;

/// MAC address or mask, or a filter variable.
pub type NwfilterMacAddress = Either<NwfilterMacValue, NwfilterVariable>;

/// IPv4 address, or a filter variable.
pub type NwfilterIpv4Address = Either<NwfilterIpv4Value, NwfilterVariable>;

/// Mask of an IPv4 address: prefix length, netmask or filter variable.
pub type NwfilterIpv4Mask = Either<Either<Int<0, 32>, NwfilterIpv4Value>, NwfilterVariable>;

/// IPv6 address, or a filter variable.
pub type NwfilterIpv6Address = Either<NwfilterIpv6Value, NwfilterVariable>;

/// Mask of an IPv6 address: prefix length, mask or filter variable.
pub type NwfilterIpv6Mask = Either<Either<Int<0, 128>, NwfilterIpv6MaskValue>, NwfilterVariable>;

/// Name of an address set of the host, or a filter variable.
pub type NwfilterIpset = Either<NwfilterIpsetName, NwfilterVariable>;

/// Name of a protocol inside an Ethernet frame.
#[values]
pub enum NwfilterEtherTypeName {
    /// ARP: lookup of the MAC address of an IPv4 address.
    Arp,
    /// RARP: lookup of the IPv4 address of a MAC address.
    Rarp,
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// VLAN tag, followed by another packet.
    Vlan,
}

/// Name of a protocol inside an IP packet.
#[values]
pub enum NwfilterIpProtocolName {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// UDP-Lite.
    Udplite,
    /// IPsec ESP: encrypted packets.
    Esp,
    /// IPsec AH: authenticated packets.
    Ah,
    /// ICMP: control messages of IPv4.
    Icmp,
    /// IGMP: multicast group management.
    Igmp,
    /// SCTP.
    Sctp,
    /// ICMPv6: control messages of IPv6.
    Icmpv6,
}

/// Whether an ARP packet is gratuitous: an announcement without a request.
#[values]
pub enum NwfilterGratuitous {
    /// Gratuitous ARP packets.
    True,
    /// ARP packets that are not gratuitous.
    False,
    /// Gratuitous ARP packets.
    Yes,
    /// ARP packets that are not gratuitous.
    No,
    /// Gratuitous ARP packets.
    #[xml = "1"]
    One,
    /// ARP packets that are not gratuitous.
    #[xml = "0"]
    Zero,
}

patterns! {
    /// Filter variable, such as `$IP`. The guest interface that refers to the filter provides the value.
    NwfilterVariable = "variable", "a variable, e.g. $IP", r"\$ *[a-zA-Z0-9_]+(?:\[ *@?[0-9]+ *\])? *";
    /// Chain of a network filter.
    NwfilterChain = "chain", "root, or up to 12 letters, digits, \"_\", \".\", \":\" or \"-\" that start with mac, stp, vlan, arp, rarp, ipv4 or ipv6", r"root|(?:mac|stp|arp)[a-zA-Z0-9_.:\-]{0,9}|(?:vlan|rarp|ipv4|ipv6)[a-zA-Z0-9_.:\-]{0,8}";
    /// False value, in any letter case or as `0`.
    NwfilterFalse = "value", "FALSE in any letter case, or 0", r"[Ff][Aa][Ll][Ss][Ee]|0";
    /// Number of up to two hexadecimal digits.
    NwfilterHex2 = "number", "up to 2 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,2}";
    /// Number of up to three hexadecimal digits.
    NwfilterHex3 = "number", "up to 3 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,3}";
    /// Number of up to four hexadecimal digits.
    NwfilterHex4 = "number", "up to 4 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,4}";
    /// Number of up to eight hexadecimal digits.
    NwfilterHex8 = "number", "up to 8 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,8}";
    /// DSCP traffic class in hexadecimal digits.
    NwfilterHexDscp = "DSCP value", "hexadecimal digits from 0x0 to 0x3f", r"0x[0-3]?[0-9a-fA-F]";
    /// EtherType of an Ethernet frame in hexadecimal digits.
    NwfilterHexEtherType = "EtherType", "hexadecimal digits from 0x600, e.g. 0x88cc", r"0x(?:[6-9a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})";
    /// MAC address or mask.
    NwfilterMacValue = "MAC address", "a MAC address, e.g. 52:54:00:6b:3c:58", r"(?:[a-fA-F0-9]{1,2}:){5}[a-fA-F0-9]{1,2}";
    /// IPv4 address or mask.
    NwfilterIpv4Value = "IP address", "an IPv4 address or mask, e.g. 192.168.122.1", r"(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9]";
    /// IPv6 address.
    NwfilterIpv6Value = "IP address", "an IPv6 address, e.g. fd00::1", r"(?:[a-fA-F0-9]{0,4}:){2,7}[a-fA-F0-9]*(?:(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9])?";
    /// Mask of an IPv6 address.
    NwfilterIpv6MaskValue = "mask", "an IPv6 mask, e.g. ffff:ffff::", r"(?:[a-fA-F0-9]{0,4}:){2,7}[a-fA-F0-9]*";
    /// Name of an ARP operation.
    NwfilterArpOpcodeName = "ARP operation", "Request, Reply, Request_Reverse, Reply_Reverse, DRARP_Request, DRARP_Reply, DRARP_Error, InARP_Request or ARP_NAK", r"[Rr]eply|[Rr]equest|[Rr]equest_[Rr]everse|[Rr]eply_[Rr]everse|DRARP_[Rr]equest|DRARP_[Rr]eply|DRARP_[Ee]rror|InARP_[Rr]equest|ARP_NAK";
    /// Connection states.
    NwfilterStates = "connection state", "NONE, or some of NEW, ESTABLISHED, RELATED and INVALID separated by commas", r"(?:NEW|ESTABLISHED|RELATED|INVALID)(?:,(?:NEW|ESTABLISHED|RELATED|INVALID))*|NONE";
    /// TCP flags: the flags to check, and the checked flags that must be set.
    NwfilterTcpFlags = "TCP flags", "checked flags, a slash and set flags, e.g. SYN,ACK/SYN; the flags are SYN, ACK, URG, PSH, FIN, RST, ALL and NONE", r"(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)/(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)";
    /// Name of an address set of the host.
    NwfilterIpsetName = "set name", "up to 31 letters, digits, spaces, \"_\", \".\", \":\", \"-\" or \"+\"", r"[a-zA-Z0-9_.:\-+ ]{1,31}";
    /// Packet addresses to look up in an address set: `src` or `dst` for each dimension.
    NwfilterIpsetFlags = "set flags", "up to 6 words src or dst, separated by commas", r"(?:[Ss][Rr][Cc]|[Dd][Ss][Tt])(?:,(?:[Ss][Rr][Cc]|[Dd][Ss][Tt])){0,5}";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::table::FieldType;
    use crate::engine::value::Data;

    #[test]
    fn hexadecimal_digits_stay_as_they_are() {
        let word = NwfilterEtherType::TYPE.scalar();
        for (text, read) in [("0x88CC", "0x88CC".into()), ("$ETHER[@1]", "$ETHER[@1]".into()), ("arp", "arp".into())] {
            assert_eq!(word.read(text), Some(Data::Text(read)));
        }
        assert_eq!(word.read("2048"), Some(Data::Int(2048)));
        assert_eq!(word.print(&Data::Int(2048)), Ok("2048".into()));
        assert_eq!(word.read("0x5ff"), None);
        assert_eq!(word.read("1535"), None);
    }
}
