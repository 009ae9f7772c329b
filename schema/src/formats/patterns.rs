//! Words of a certain form: names, addresses, paths. Each is a type, a regular expression, and what a
//! message says is wanted.

use crate::engine::pattern::patterns;
use crate::engine::scalar::Scalar;
use crate::engine::table::{FieldType, Type};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

patterns! {
    /// Name of a libvirt object.
    Name = "name", "text without a slash or line break", r"[^/\n]+", is_name;
    /// Short text on a single line.
    Line = "text", "text on one line", r"[^\n]+", is_line;
    /// Word of letters, digits, `_`, `+` and `-`, such as a model or CPU feature.
    Token = "word", "letters, digits, \"_\", \"+\" or \"-\"", r"[a-zA-Z0-9_+\-]+", is_token;
    /// Universally unique identifier (UUID).
    Uuid = "UUID", "a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11", r"[a-fA-F0-9]{32}|[a-fA-F0-9]{8}-(?:[a-fA-F0-9]{4}-){3}[a-fA-F0-9]{12}", is_uuid => without_hyphens;
    /// MAC address of a single network interface (unicast).
    UnicastMac = "MAC address", "a unicast MAC address (the second digit is even), e.g. 52:54:00:6b:3c:58", r"[a-fA-F0-9][02468aAcCeE](?::[a-fA-F0-9]{2}){5}", is_unicast_mac => lowercase;
    /// MAC address.
    Mac = "MAC address", "a MAC address, e.g. 52:54:00:6b:3c:58", r"[a-fA-F0-9]{2}(?::[a-fA-F0-9]{2}){5}", is_mac => lowercase;
    /// IPv4 address.
    Ipv4 = "IP address", "an IPv4 address, e.g. 192.168.122.1", r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])" => address;
    /// IPv4 or IPv6 address.
    Ip = "IP address", "an IP address, e.g. 192.168.122.1 or fd00::1", r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){6}:[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){5}:(?:[0-9A-Fa-f]{1,4}:)?[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){4}:(?:[0-9A-Fa-f]{1,4}:){0,2}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){3}:(?:[0-9A-Fa-f]{1,4}:){0,3}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){2}:(?:[0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}|::(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,7}:|::|(?:(?:[0-9A-Fa-f]{1,4}:){6}|(?:[0-9A-Fa-f]{1,4}:){1,5}:|::(?:[0-9A-Fa-f]{1,4}:){0,5})(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])", is_ip => address;
    /// Host or domain name in the Domain Name System (DNS).
    DnsName = "DNS name", "letters, digits, dots or \"-\"", r"[a-zA-Z0-9.\-]+", is_dns_name;
    /// Name of a host device, such as a network interface.
    DeviceName = "device name", "letters, digits, \"_\", \".\", \"-\", \"\\\", \":\" or \"/\", e.g. eth0", r"[a-zA-Z0-9_.\-\\:/]+", is_device_name;
    /// Name of a firewall zone.
    ZoneName = "zone name", "letters, digits, \"_\" or \"-\"", r"[a-zA-Z0-9_\-]+";
    /// Absolute or relative path.
    Path = "path", "a path", r"[^\n\r]+", is_path => without_extra_slashes;
    /// Absolute path.
    AbsolutePath = "path", "an absolute path", r"(?:/|[a-zA-Z]:\\)[^\n\r]+", is_absolute_path => without_extra_slashes;
    /// Absolute path of a directory.
    AbsoluteFolder = "path", "an absolute path", r"/[^\n\r]*", is_absolute_folder => without_extra_slashes;
    /// Set of numbers on the host, such as CPU numbers.
    CpuSet = "set of numbers", "numbers, ranges and exclusions, e.g. 0-3,^2,8", r"(?:[0-9]+(?:-[0-9]+)?|\^[0-9]+)(?:,(?:[0-9]+(?:-[0-9]+)?|\^[0-9]+))*" => set;
    /// File mode in octal digits.
    Octal = "file mode", "up to nine octal digits, e.g. 0644", r"[0-7]{1,9}" => without_zeros;
    /// World wide name (WWN).
    Wwn = "WWN", "16 hexadecimal digits", r"(?:0x)?[0-9a-fA-F]{16}" => hexadecimal;
    /// Alias of a device.
    AliasName = "alias", "letters, digits, \"_\", \"-\" or \".\"", r"[a-zA-Z0-9_\-.]+", is_alias_name;
    /// Parameter that S390 firmware passes to the boot loader.
    LoadParameter = "load parameter", "up to 8 letters, digits, dots or spaces", r"[a-zA-Z0-9. ]{1,8}";
    /// USB port, with the ports of the hubs before it.
    UsbPort = "USB port", "up to four numbers separated by dots, e.g. 1.2", r"(?:[0-9]{1,3}\.){0,3}[0-9]{1,3}";
    /// File name of a volume.
    VolumeName = "volume name", "a file name without a slash", r"[^/]*[^/. \t\n\r][^/]*|\.{3,}", is_volume_name;
}

/// Returns whether a text is an IP address. Nearly all are of IPv4.
fn is_ip(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
        || matches!(Ip::TYPE, Type::Scalar(Scalar::Pattern(pattern)) if pattern.matches_expression(text))
}

/// Returns whether a text is not empty and all its bytes satisfy `fits`.
pub(crate) fn all(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(fits)
}

pub(crate) fn lowercase(text: &str) -> String {
    text.to_ascii_lowercase()
}

fn without_hyphens(text: &str) -> String {
    text.replace('-', "").to_ascii_lowercase()
}

pub(crate) fn without_zeros(text: &str) -> String {
    format!("{:0>1}", text.trim_start_matches('0'))
}

fn hexadecimal(text: &str) -> String {
    text.trim_start_matches("0x").to_ascii_lowercase()
}

pub(crate) fn address(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |address: IpAddr| address.to_string())
}

/// A path with single slashes, and none at its end. Two at its start are another root, and a URI is no path.
fn without_extra_slashes(text: &str) -> String {
    let scheme = text.find("://");
    if scheme.is_some_and(|scheme| text.find('/') > Some(scheme)) {
        return text.to_owned();
    }
    let root = match text.len() - text.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let names: Vec<_> = text.split('/').filter(|name| !name.is_empty()).collect();
    root.to_owned() + &names.join("/")
}

/// The ranges of a set of numbers, in ascending order: `0-2,5`.
fn set(text: &str) -> String {
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let mut ranges = BTreeMap::new();
    for part in text.split(',') {
        match (part.strip_prefix('^'), part.split_once('-')) {
            (Some(excluded), _) => ranges = without(&ranges, number(excluded)),
            (None, Some((first, last))) => add(&mut ranges, number(first), number(last)),
            (None, None) => add(&mut ranges, number(part), number(part)),
        }
    }
    let shown =
        ranges.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    shown.collect::<Vec<_>>().join(",")
}

/// Adds a range to ranges that neither overlap nor touch.
fn add(ranges: &mut BTreeMap<u64, u64>, mut first: u64, mut last: u64) {
    if first > last {
        return;
    }
    ranges.retain(|from, to| {
        let meets = *from <= last.saturating_add(1) && first <= to.saturating_add(1);
        if meets {
            first = first.min(*from);
            last = last.max(*to);
        }
        !meets
    });
    ranges.insert(first, last);
}

/// The ranges without one number.
fn without(ranges: &BTreeMap<u64, u64>, number: u64) -> BTreeMap<u64, u64> {
    let split = ranges.iter().flat_map(|(first, last)| match number {
        _ if number < *first || number > *last => [Some((*first, *last)), None],
        _ => [number.checked_sub(1).map(|end| (*first, end)), number.checked_add(1).map(|start| (start, *last))],
    });
    split.flatten().filter(|(first, last)| first <= last).collect()
}

fn is_name(text: &str) -> bool {
    all(text, |byte| !matches!(byte, b'/' | b'\n'))
}

fn is_line(text: &str) -> bool {
    all(text, |byte| byte != b'\n')
}

fn is_token(text: &str) -> bool {
    all(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-'))
}

fn is_device_name(text: &str) -> bool {
    all(text, |byte| byte.is_ascii_alphanumeric() || b"_.-\\:/".contains(&byte))
}

fn is_path(text: &str) -> bool {
    all(text, |byte| !matches!(byte, b'\n' | b'\r'))
}

fn is_absolute_path(text: &str) -> bool {
    let rest = text.strip_prefix('/').or_else(|| match text.as_bytes() {
        [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic() => Some(&text[3..]),
        _ => None,
    });
    rest.is_some_and(is_path)
}

fn is_absolute_folder(text: &str) -> bool {
    text == "/" || text.strip_prefix('/').is_some_and(is_path)
}

fn is_volume_name(text: &str) -> bool {
    let is_dots = text.len() > 2 && text.bytes().all(|byte| byte == b'.');
    !text.contains('/') && (is_dots || text.bytes().any(|byte| !b". \t\n\r".contains(&byte)))
}

fn is_dns_name(text: &str) -> bool {
    all(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

fn is_alias_name(text: &str) -> bool {
    all(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

fn is_uuid(text: &str) -> bool {
    let hex = |text: &[u8]| text.iter().all(u8::is_ascii_hexdigit);
    match text.as_bytes() {
        plain if plain.len() == 32 => hex(plain),
        dashed if dashed.len() == 36 => dashed.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        }),
        _ => false,
    }
}

pub(crate) fn is_mac(text: &str) -> bool {
    text.len() == 17
        && text.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_hexdigit() })
}

fn is_unicast_mac(text: &str) -> bool {
    is_mac(text) && b"02468aAcCeE".contains(&text.as_bytes()[1])
}

#[cfg(test)]
mod tests {
    use super::{AbsolutePath, CpuSet, Ip, Octal, Path, Uuid, VolumeName, set};
    use crate::engine::scalar::Scalar;
    use crate::engine::table::{FieldType, Type};

    #[test]
    fn volume_names() {
        let Scalar::Pattern(pattern) = VolumeName::TYPE.scalar() else { unreachable!("it is a pattern") };
        for good in ["a", "a.qcow2", ".a", "..a", "...", "a b"] {
            assert!(pattern.matches(good), "{good}");
        }
        for bad in ["", ".", "..", ". ", "a/b"] {
            assert!(!pattern.matches(bad), "{bad}");
        }
    }

    #[test]
    fn sets_have_one_spelling() {
        let sets = ["0,2", "0-2,^1", "3,1-2,0", "0-7,^0,^7,^3", "1-3,2-5,6", "5"].map(set);
        assert_eq!(sets, ["0,2", "0,2", "0-3", "1-2,4-6", "1-6", "5"]);
    }

    #[test]
    fn spellings_that_mean_the_same() {
        let is_same = |ty: Type, one, other| ty.scalar().is_same(one, other);
        assert!(is_same(CpuSet::TYPE, "0-3", "0,1,2,3"));
        assert!(!is_same(CpuSet::TYPE, "0-3", "0,1,2"));
        assert!(is_same(Octal::TYPE, "0755", "755"));
        assert!(is_same(Ip::TYPE, "fd00:0::1", "fd00::1"));
        assert!(is_same(Uuid::TYPE, "6C8F9B9E-6d6b-4c0e-9d2e-4d9b0f8f0b11", "6c8f9b9e6d6b4c0e9d2e4d9b0f8f0b11"));
        assert!(is_same(u32::TYPE, "007", "7"));
        assert!(is_same(AbsolutePath::TYPE, "///a/////b//", "/a/b"));
        assert!(!is_same(AbsolutePath::TYPE, "//a/b", "/a/b"));
        assert!(!is_same(Path::TYPE, "a://b//c", "a://b/c"));
    }
}
