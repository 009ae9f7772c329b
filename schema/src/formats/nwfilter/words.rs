//! What the attributes of protocols hold: a value, or a variable that the card gives one to.

use crate::engine::pattern::patterns;
use crate::engine::scalar::{Either, Int};
use nixvirt_schema_derive::values;

/// A number up to 255.
pub type NwfilterU8 = Either<NwfilterHex2, u8>;

/// A number up to 65535.
pub type NwfilterU16 = Either<Either<NwfilterHex4, u16>, NwfilterVariable>;

/// A number up to 4294967295.
pub type NwfilterU32 = Either<Either<NwfilterHex8, u32>, NwfilterVariable>;

/// A class of traffic.
pub type NwfilterDscp = Either<Either<NwfilterHexDscp, Int<0, 63>>, NwfilterVariable>;

/// The number of a VLAN.
pub type NwfilterVlanId = Either<Either<NwfilterHex3, Int<0, 4095>>, NwfilterVariable>;

/// What an Ethernet packet carries.
pub type NwfilterEtherType =
    Either<NwfilterEtherTypeName, Either<Either<NwfilterHexEtherType, Int<1536, 65535>>, NwfilterVariable>>;

/// What an IP packet carries.
pub type NwfilterIpProtocol = Either<NwfilterIpProtocolName, Either<Either<NwfilterHex2, u8>, NwfilterVariable>>;

/// What a packet of ARP asks or answers.
pub type NwfilterArpOpcode = Either<NwfilterArpOpcodeName, Either<u16, NwfilterVariable>>;

/// A hardware address, or a mask of one.
pub type NwfilterMacAddress = Either<NwfilterMacValue, NwfilterVariable>;

/// An IPv4 address.
pub type NwfilterIpv4Address = Either<NwfilterIpv4Value, NwfilterVariable>;

/// How much of an IPv4 address counts.
pub type NwfilterIpv4Mask = Either<Either<Int<0, 32>, NwfilterIpv4Value>, NwfilterVariable>;

/// An IPv6 address.
pub type NwfilterIpv6Address = Either<NwfilterIpv6Value, NwfilterVariable>;

/// How much of an IPv6 address counts.
pub type NwfilterIpv6Mask = Either<Either<Int<0, 128>, NwfilterIpv6MaskValue>, NwfilterVariable>;

/// A set of addresses of the host.
pub type NwfilterIpset = Either<NwfilterIpsetName, NwfilterVariable>;

/// What an Ethernet packet carries.
#[values]
pub enum NwfilterEtherTypeName {
    /// Questions for the hardware address of an IPv4 address.
    Arp,
    /// Questions for the IPv4 address of a hardware address.
    Rarp,
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// A VLAN tag, and another packet.
    Vlan,
}

/// What an IP packet carries.
#[values]
pub enum NwfilterIpProtocolName {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// UDP-Lite.
    Udplite,
    /// Encrypted packets of IPsec.
    Esp,
    /// Signed packets of IPsec.
    Ah,
    /// IPv4's messages of control.
    Icmp,
    /// Questions for groups for multicast.
    Igmp,
    /// SCTP.
    Sctp,
    /// IPv6's messages of control.
    Icmpv6,
}

/// Whether packets of ARP that answer no question are meant.
#[values]
pub enum NwfilterGratuitous {
    /// They are.
    True,
    /// They are not.
    False,
    /// They are.
    Yes,
    /// They are not.
    No,
    /// They are.
    #[xml = "1"]
    One,
    /// They are not.
    #[xml = "0"]
    Zero,
}

patterns! {
    /// A variable, to which the card that asks for the filter gives a value.
    NwfilterVariable = "a variable such as $IP", r"\$ *[a-zA-Z0-9_]+(?:\[ *@?[0-9]+ *\])? *";
    /// The chain of a filter.
    NwfilterChain = "root, or a word of up to 12 letters, digits and _ . : - that begins with mac, stp, vlan, arp, rarp, ipv4 or ipv6", r"root|(?:mac|stp|arp)[a-zA-Z0-9_.:\-]{0,9}|(?:vlan|rarp|ipv4|ipv6)[a-zA-Z0-9_.:\-]{0,8}";
    /// False, however it is written.
    NwfilterFalse = "false in any letters, or 0", r"[Ff][Aa][Ll][Ss][Ee]|0";
    /// Two hexadecimal digits.
    NwfilterHex2 = "up to 2 hexadecimal digits such as 0x1f", r"0x[0-9a-fA-F]{1,2}";
    /// Three hexadecimal digits.
    NwfilterHex3 = "up to 3 hexadecimal digits such as 0x1f", r"0x[0-9a-fA-F]{1,3}";
    /// Four hexadecimal digits.
    NwfilterHex4 = "up to 4 hexadecimal digits such as 0x1f", r"0x[0-9a-fA-F]{1,4}";
    /// Eight hexadecimal digits.
    NwfilterHex8 = "up to 8 hexadecimal digits such as 0x1f", r"0x[0-9a-fA-F]{1,8}";
    /// A class of traffic in hexadecimal digits.
    NwfilterHexDscp = "hexadecimal digits up to 0x3f", r"0x[0-3]?[0-9a-fA-F]";
    /// What an Ethernet packet carries in hexadecimal digits.
    NwfilterHexEtherType = "hexadecimal digits from 0x600 such as 0x88cc", r"0x(?:[6-9a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})";
    /// A hardware address.
    NwfilterMacValue = "a MAC address such as 52:54:00:6b:3c:58", r"(?:[a-fA-F0-9]{1,2}:){5}[a-fA-F0-9]{1,2}";
    /// An IPv4 address.
    NwfilterIpv4Value = "an IPv4 address or mask such as 192.168.122.1", r"(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9]";
    /// An IPv6 address.
    NwfilterIpv6Value = "an IPv6 address such as fd00::1", r"(?:[a-fA-F0-9]{0,4}:){2,7}[a-fA-F0-9]*(?:(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9])?";
    /// A mask of IPv6 addresses.
    NwfilterIpv6MaskValue = "a mask such as ffff:ffff::", r"(?:[a-fA-F0-9]{0,4}:){2,7}[a-fA-F0-9]*";
    /// What a packet of ARP asks or answers, by name.
    NwfilterArpOpcodeName = "one of Request, Reply, Request_Reverse, Reply_Reverse, DRARP_Request, DRARP_Reply, DRARP_Error, InARP_Request, ARP_NAK", r"[Rr]eply|[Rr]equest|[Rr]equest_[Rr]everse|[Rr]eply_[Rr]everse|DRARP_[Rr]equest|DRARP_[Rr]eply|DRARP_[Ee]rror|InARP_[Rr]equest|ARP_NAK";
    /// States of connections.
    NwfilterStates = "NONE, or some of NEW, ESTABLISHED, RELATED and INVALID with commas between", r"(?:NEW|ESTABLISHED|RELATED|INVALID)(?:,(?:NEW|ESTABLISHED|RELATED|INVALID))*|NONE";
    /// Flags of TCP: those that are looked at, and those of them that are set.
    NwfilterTcpFlags = "flags that are looked at, a slash, and those that are set, such as SYN,ACK/SYN: of SYN, ACK, URG, PSH, FIN and RST, or ALL or NONE", r"(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)/(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)";
    /// The name of a set of addresses.
    NwfilterIpsetName = "a name of up to 31 letters, digits, blanks and _ . : - +", r"[a-zA-Z0-9_.:\-+ ]{1,31}";
    /// What of a packet is in a set of addresses.
    NwfilterIpsetFlags = "up to 6 of src and dst with commas between", r"(?:[Ss][Rr][Cc]|[Dd][Ss][Tt])(?:,(?:[Ss][Rr][Cc]|[Dd][Ss][Tt])){0,5}";
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
