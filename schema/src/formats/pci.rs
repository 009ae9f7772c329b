//! The addresses of PCI devices as lspci prints them.

use crate::engine::shorthand::Notation;

/// A PCI address such as `0000:01:00.0` or `01:00.0`.
pub static NOTATION: Notation = Notation {
    name: "pci",
    what: "PCI address",
    example: "0000:01:00.0",
    regex: r"(?:[0-9a-fA-F]{1,4}:)?[0-9a-fA-F]{1,2}:[01]?[0-9a-fA-F]\.[0-7]",
    split: |text| Some(NAMES.into_iter().zip(split(text)?).collect()),
};

/// The names of the attributes of a PCI address, in the order of [`split`].
pub const NAMES: [&str; 4] = ["domain", "bus", "slot", "function"];

/// The hexadecimal digits of domain, bus, slot and function.
pub fn split(text: &str) -> Option<[&str; 4]> {
    let (place, function) = text.rsplit_once('.')?;
    let (rest, slot) = place.rsplit_once(':')?;
    let (domain, bus) = rest.rsplit_once(':').unwrap_or(("0000", rest));
    let fits = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let numbers = fits(domain, 4) && fits(bus, 2) && fits(slot, 2) && matches!(function.as_bytes(), [b'0'..=b'7']);
    (numbers && u8::from_str_radix(slot, 16).is_ok_and(|slot| slot < 32)).then_some([domain, bus, slot, function])
}
