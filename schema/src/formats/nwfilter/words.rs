//! What the attributes of protocols hold: a value, or a variable that the card gives one to.

use crate::engine::pattern::patterns;
use crate::engine::problem::Report;
use crate::engine::scalar::{Either, Int};
use crate::engine::value::Value;
use crate::formats::patterns::{address, lowercase, without_zeros};
use nixvirt_schema_derive::values;
use std::net::{IpAddr, Ipv4Addr};

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
pub type NwfilterIpv4Mask = Either<Either<Int<0, 32>, NwfilterIpv4MaskValue>, NwfilterVariable>;

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
    #[same = "2054"]
    Arp,
    /// RARP: lookup of the IPv4 address of a MAC address.
    #[same = "32821"]
    Rarp,
    /// IPv4.
    #[same = "2048"]
    Ipv4,
    /// IPv6.
    #[same = "34525"]
    Ipv6,
    /// VLAN tag, followed by another packet.
    #[same = "33024"]
    Vlan,
}

/// Name of a protocol inside an IP packet.
#[values]
pub enum NwfilterIpProtocolName {
    /// TCP.
    #[same = "6"]
    Tcp,
    /// UDP.
    #[same = "17"]
    Udp,
    /// UDP-Lite.
    #[same = "136"]
    Udplite,
    /// IPsec ESP: encrypted packets.
    #[same = "50"]
    Esp,
    /// IPsec AH: authenticated packets.
    #[same = "51"]
    Ah,
    /// ICMP: control messages of IPv4.
    #[same = "1"]
    Icmp,
    /// IGMP: multicast group management.
    #[same = "2"]
    Igmp,
    /// SCTP.
    #[same = "132"]
    Sctp,
    /// ICMPv6: control messages of IPv6.
    #[same = "58"]
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
    #[same = "true"]
    Yes,
    /// ARP packets that are not gratuitous.
    #[same = "false"]
    No,
    /// Gratuitous ARP packets.
    #[xml = "1"]
    #[same = "true"]
    One,
    /// ARP packets that are not gratuitous.
    #[xml = "0"]
    #[same = "false"]
    Zero,
}

patterns! {
    /// Filter variable, such as `$IP`. The guest interface that refers to the filter provides the value.
    NwfilterVariable = "variable", "a variable, e.g. $IP", r"\$ *[a-zA-Z0-9_]+(?:\[ *@?[0-9]+ *\])? *" => variable;
    /// Chain of a network filter.
    NwfilterChain = "chain", "root, or up to 12 letters, digits, \"_\", \".\", \":\" or \"-\" that start with mac, stp, vlan, arp, rarp, ipv4 or ipv6", r"root|(?:mac|stp|arp)[a-zA-Z0-9_.:\-]{0,9}|(?:vlan|rarp|ipv4|ipv6)[a-zA-Z0-9_.:\-]{0,8}";
    /// False value, in any letter case.
    NwfilterFalse = "value", "the text \"false\" in any letter case", r"[Ff][Aa][Ll][Ss][Ee]" => always_false;
    /// Number of up to two hexadecimal digits.
    NwfilterHex2 = "number", "up to 2 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,2}" => decimal;
    /// Number of up to three hexadecimal digits.
    NwfilterHex3 = "number", "up to 3 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,3}" => decimal;
    /// Number of up to four hexadecimal digits.
    NwfilterHex4 = "number", "up to 4 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,4}" => decimal;
    /// Number of up to eight hexadecimal digits.
    NwfilterHex8 = "number", "up to 8 hexadecimal digits, e.g. 0x1f", r"0x[0-9a-fA-F]{1,8}" => decimal;
    /// DSCP traffic class in hexadecimal digits.
    NwfilterHexDscp = "DSCP value", "hexadecimal digits from 0x0 to 0x3f", r"0x[0-3]?[0-9a-fA-F]" => decimal;
    /// EtherType of an Ethernet frame in hexadecimal digits.
    NwfilterHexEtherType = "EtherType", "hexadecimal digits from 0x600, e.g. 0x88cc", r"0x(?:[6-9a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})" => decimal;
    /// MAC address or mask.
    NwfilterMacValue = "MAC address", "a MAC address, e.g. 52:54:00:6b:3c:58", r"(?:[a-fA-F0-9]{1,2}:){5}[a-fA-F0-9]{1,2}" => mac;
    /// IPv4 address.
    NwfilterIpv4Value = "IP address", "an IPv4 address, e.g. 192.168.122.1", r"(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9]" => address;
    /// Mask of an IPv4 address.
    NwfilterIpv4MaskValue = "mask", "an IPv4 mask, e.g. 255.255.255.0", r"(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9]" => prefix;
    /// IPv6 address.
    NwfilterIpv6Value = "IP address", "an IPv6 address, e.g. fd00::1", r"(?:[a-fA-F0-9]{0,4}:){2,7}[a-fA-F0-9]*(?:(?:[0-2]?[0-9]?[0-9]\.){3}[0-2]?[0-9]?[0-9])?" => address;
    /// Mask of an IPv6 address.
    NwfilterIpv6MaskValue = "mask", "an IPv6 mask, e.g. ffff:ffff::", r"(?:[a-fA-F0-9]{0,4}:){2,7}[a-fA-F0-9]*" => prefix;
    /// Name of an ARP operation.
    NwfilterArpOpcodeName = "ARP operation", "Request, Reply, Request_Reverse, Reply_Reverse, DRARP_Request, DRARP_Reply, DRARP_Error, InARP_Request or ARP_NAK", r"[Rr]eply|[Rr]equest|[Rr]equest_[Rr]everse|[Rr]eply_[Rr]everse|DRARP_[Rr]equest|DRARP_[Rr]eply|DRARP_[Ee]rror|InARP_[Rr]equest|ARP_NAK" => operation;
    /// Connection states.
    NwfilterStates = "connection state", "NONE, or some of NEW, ESTABLISHED, RELATED and INVALID separated by commas", r"(?:NEW|ESTABLISHED|RELATED|INVALID)(?:,(?:NEW|ESTABLISHED|RELATED|INVALID))*|NONE";
    /// TCP flags: the flags to check, and the checked flags that must be set.
    NwfilterTcpFlags = "TCP flags", "the flags to check, a slash and the flags that must be set, e.g. SYN,ACK/SYN; the flags are SYN, ACK, URG, PSH, FIN, RST, ALL and NONE", r"(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)/(?:(?:SYN|ACK|URG|PSH|FIN|RST)(?:,(?:SYN|ACK|URG|PSH|FIN|RST))*|ALL|NONE)";
    /// Name of an address set of the host.
    NwfilterIpsetName = "set name", "up to 31 letters, digits, spaces, \"_\", \".\", \":\", \"-\" or \"+\"", r"[a-zA-Z0-9_.:\-+ ]{1,31}";
    /// Packet addresses to look up in an address set: `src` or `dst` for each dimension.
    NwfilterIpsetFlags = "set flags", "src or dst, up to 6 of them, separated by commas", r"(?:[Ss][Rr][Cc]|[Dd][Ss][Tt])(?:,(?:[Ss][Rr][Cc]|[Dd][Ss][Tt])){0,5}" => lowercase;
}

/// A variable without blanks. The first iterator need not be named.
fn variable(text: &str) -> String {
    let text = text.replace(' ', "");
    let (name, index) = text.trim_end_matches(']').split_once('[').unwrap_or((&text, "@0"));
    let (iterator, number) = match index.strip_prefix('@') {
        Some(number) => ("@", number),
        None => ("", index),
    };
    format!("{name}[{iterator}{}]", without_zeros(number))
}

fn always_false(_: &str) -> String {
    "false".to_owned()
}

/// A number in hexadecimal digits, in decimal ones.
fn decimal(text: &str) -> String {
    let number = u32::from_str_radix(text.trim_start_matches("0x"), 16);
    number.map_or_else(|_| text.to_owned(), |number| number.to_string())
}

fn mac(text: &str) -> String {
    let bytes: Vec<_> = text.split(':').map(|byte| format!("{byte:0>2}")).collect();
    lowercase(&bytes.join(":"))
}

/// The length of the prefix that a mask is.
fn prefix(text: &str) -> String {
    let Ok(mask) = text.parse() else { return text.to_owned() };
    length(bits(mask)).map_or_else(|| address(text), |length| length.to_string())
}

/// The bits of an address, from the left.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The number of ones before the zeros of a mask.
fn length(bits: u128) -> Option<u32> {
    let length = bits.leading_ones();
    (bits.checked_shl(length).unwrap_or_default() == 0).then_some(length)
}

/// Reports what libvirt refuses of a criterion, and the type takes.
pub(super) fn check(criterion: Value<'_>, report: &mut Report<'_>) {
    let (name, Some(text)) = (criterion.key(), criterion.text()) else { return };
    let is_mask = name.ends_with("ipmask");
    if let Some(variable) = text.strip_prefix('$') {
        if !is_variable(variable) {
            let message =
                format!("invalid variable {text:?}: expected no blanks, and an iterator up to 1000, e.g. $IP[@1]");
            report.error(criterion, "nwfilter-variable", message);
        }
    } else if name == "connlimit-above" && text.starts_with("0x") {
        report.error(criterion, "nwfilter-connection-limit", "`connlimit-above` must be a decimal number");
    } else if name.ends_with("macmask") || name.ends_with("address-mask") {
        let bytes = text.split(':').map(|byte| u8::from_str_radix(byte, 16).unwrap_or_default());
        is_a_prefix(criterion, bytes.fold(0, |bits, byte| (bits << 8) | u128::from(byte)) << 80, report);
    } else if is_mask && text.parse::<u8>().is_err()
        || ["ipaddr", "ipfrom", "ipto"].iter().any(|end| name.ends_with(end))
    {
        match ip(text) {
            None => {
                report.error(criterion, "nwfilter-address", format!("invalid IP address {text:?}"));
            }
            Some(mask) if is_mask => is_a_prefix(criterion, bits(mask), report),
            Some(IpAddr::V6(_)) if name == "dstipto" => {
                let message = "libvirt reads no IPv6 address here: use `dstipaddr` and `dstipmask`";
                report.error(criterion, "nwfilter-ipv6-range", message);
            }
            Some(_) => {}
        }
    }
}

/// Reports a mask whose bits, from the left, are not ones followed by zeros.
fn is_a_prefix(mask: Value<'_>, bits: u128, report: &mut Report<'_>) {
    if length(bits).is_none() {
        report.error(mask, "nwfilter-mask", format!("invalid mask {}: expected ones, then zeros", mask.shown()));
    }
}

/// Returns whether the packets of a protocol have ports.
pub(super) fn has_ports(protocol: Value<'_>) -> bool {
    let text = protocol.text().unwrap_or_default();
    let hexadecimal = || u32::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    match protocol.number(10).or_else(hexadecimal) {
        Some(number) => matches!(number, 6 | 17 | 33 | 132),
        None => matches!(text, "tcp" | "udp" | "sctp"),
    }
}

/// Returns whether libvirt reads a text as the name of a variable, with an index if there is one.
fn is_variable(text: &str) -> bool {
    let is_of_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let rest = text.trim_start_matches(is_of_name);
    let Some((index, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return rest.is_empty();
    };
    match index.trim().strip_prefix('@') {
        Some(iterator) => iterator.parse::<u32>().is_ok_and(|iterator| iterator <= 1000),
        None => index.trim().parse::<u32>().is_ok(),
    }
}

/// Returns an IP address, as libvirt reads one: a part of an IPv4 address that starts with a zero is octal.
fn ip(text: &str) -> Option<IpAddr> {
    let part = |part: &str| u8::from_str_radix(part, if part.starts_with('0') { 8 } else { 10 }).ok();
    let octal = || {
        let parts: Vec<_> = text.split('.').map(part).collect::<Option<_>>()?;
        Some(Ipv4Addr::from(<[u8; 4]>::try_from(parts).ok()?).into())
    };
    text.parse().ok().or_else(octal)
}

/// The number of an ARP operation.
fn operation(name: &str) -> String {
    const NAMES: [&str; 9] = [
        "request",
        "reply",
        "request_reverse",
        "reply_reverse",
        "drarp_request",
        "drarp_reply",
        "drarp_error",
        "inarp_request",
        "arp_nak",
    ];
    let name = lowercase(name);
    NAMES.iter().position(|other| *other == name).map_or(name, |at| (at + 1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::table::FieldType;
    use crate::engine::value::Data;
    use crate::formats::nwfilter::NwfilterStatematch;

    #[test]
    fn spellings_that_libvirt_reads_alike() {
        let pairs = [
            (NwfilterMacAddress::TYPE, "1:2:3:a:B:6", "01:02:03:0a:0b:06"),
            (NwfilterIpv4Mask::TYPE, "255.255.128.0", "17"),
            (NwfilterIpv4Mask::TYPE, "255.255.255.255", "32"),
            (NwfilterIpv4Mask::TYPE, "0.0.0.0", "0"),
            (NwfilterIpv6Mask::TYPE, "ffff:ffff:ffff:ffff:8000::", "65"),
            (NwfilterIpv6Address::TYPE, "fd00:0::1", "fd00::1"),
            (NwfilterArpOpcode::TYPE, "Request", "1"),
            (NwfilterArpOpcode::TYPE, "ARP_NAK", "9"),
            (NwfilterIpProtocol::TYPE, "0x11", "udp"),
            (NwfilterIpProtocol::TYPE, "17", "udp"),
            (NwfilterEtherType::TYPE, "0x0806", "arp"),
            (NwfilterGratuitous::TYPE, "1", "yes"),
            (Either::<NwfilterStatematch, NwfilterFalse>::TYPE, "0", "False"),
            (NwfilterU16::TYPE, "$B[  @0 ] ", "$B"),
            (NwfilterU16::TYPE, "$B[ 02 ]", "$B[2]"),
            (NwfilterIpsetFlags::TYPE, "SRC,dSt", "src,dst"),
        ];
        for (ty, one, other) in pairs {
            assert!(ty.scalar().is_same(one, other), "{one} and {other}");
        }
        let others = [
            (NwfilterIpv4Mask::TYPE, "255.0.255.0", "8"),
            (NwfilterArpOpcode::TYPE, "Reply", "1"),
            (NwfilterU16::TYPE, "$B[@1]", "$B"),
            (NwfilterU16::TYPE, "$B[0]", "$B"),
            (NwfilterGratuitous::TYPE, "yes", "no"),
        ];
        for (ty, one, other) in others {
            assert!(!ty.scalar().is_same(one, other), "{one} and {other}");
        }
    }

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
