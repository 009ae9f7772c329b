//! Addresses of PCI devices, in parts and as `lspci` prints them.

use crate::engine::scalar::{Hex, OnOff};
use crate::engine::shorthand::Notation;
use nixvirt_schema_derive::parts;

/// Parts of a PCI address.
#[parts]
pub struct PciParts {
    /// PCI domain of the device.
    pub domain: Option<Hex<4, 0xffff_ffff>>,
    /// PCI bus of the device.
    pub bus: Option<Hex<2>>,
    /// PCI slot of the device, from 0 to 0x1f.
    pub slot: Option<Hex<2, 31>>,
    /// PCI function of the device, from 0 to 7.
    pub function: Option<Hex<1, 7>>,
    /// Whether other functions of the same PCI slot are also in use. Set this on function 0 of such a slot.
    pub multifunction: Option<OnOff>,
}

/// PCI address such as `0000:01:00.0` or `01:00.0`.
pub static NOTATION: Notation = Notation {
    name: "pci",
    what: "PCI address",
    example: "0000:01:00.0",
    regex: r"(([0-9a-fA-F]{1,4}):)?([0-9a-fA-F]{1,2}):([01]?[0-9a-fA-F])\.([0-7])",
    attributes: &[("domain", 2), ("bus", 3), ("slot", 4), ("function", 5)],
    default: DEFAULT,
    split: |text| Some(NAMES.into_iter().zip(split(text)?).collect()),
};

/// Digits of the domain if an address has none.
const DEFAULT: &str = "0";

/// Names of the attributes of a PCI address, in the order of [`split`].
pub const NAMES: [&str; 4] = ["domain", "bus", "slot", "function"];

/// Splits a PCI address into the hexadecimal digits of domain, bus, slot and function.
pub fn split(text: &str) -> Option<[&str; 4]> {
    let (place, function) = text.rsplit_once('.')?;
    let (rest, slot) = place.rsplit_once(':')?;
    let (domain, bus) = rest.rsplit_once(':').unwrap_or((DEFAULT, rest));
    let fits = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let numbers = fits(domain, 4) && fits(bus, 2) && fits(slot, 2) && matches!(function.as_bytes(), [b'0'..=b'7']);
    (numbers && u8::from_str_radix(slot, 16).is_ok_and(|slot| slot < 32)).then_some([domain, bus, slot, function])
}

#[cfg(test)]
mod tests {
    use super::NOTATION;
    use pretty_assertions::assert_eq;
    use regex_lite::Regex;

    #[test]
    fn the_expression_splits_as_the_function_does() {
        let regex = Regex::new(&format!("^(?:{})$", NOTATION.regex)).expect("it is an expression");
        for text in [
            "0000:01:00.0",
            "01:00.0",
            "1:1f.7",
            "ffff:FF:1F.7",
            "00000:01:00.0",
            "01:20.0",
            "01:00.8",
            ":01:00.0",
            "01:00",
            "01:00.0 ",
            "1:000.0",
            "g:00.0",
            "",
            "0:1:2:3.4",
        ] {
            let by_expression = regex.captures(text).map(|groups| {
                let attribute = |(name, group): &(&'static str, usize)| {
                    (*name, groups.get(*group).map_or(NOTATION.default, |group| group.as_str()))
                };
                NOTATION.attributes.iter().map(attribute).collect::<Vec<_>>()
            });
            assert_eq!((NOTATION.split)(text), by_expression, "{text:?}");
        }
    }
}
