//! Sizes with units, such as `8 GiB`.

use crate::engine::pattern::patterns;

/// Regular expression that matches a size: a group for the number, and one for the unit.
pub const REGEX: &str = "([0-9]+) *([A-Za-z]+)";

/// Example of a size for messages.
pub const EXAMPLE: &str = "8 GiB";

patterns! {
    /// Unit of a size in upper or lower case, as libvirt reads it.
    SizeUnitInAnyCase = "size unit", "a unit in any letter case, e.g. kib", r"[bB](?:[yY][tT][eE][sS]?)?|[kKmMgGtTpPeE](?:[iI]?[bB])?" => usual;
}

/// Units as they are usually written, each with its number of bytes: `KiB` and `K` are 1024, `KB` is 1000.
pub const UNITS: &[(&str, i64)] = &[
    ("B", 1),
    ("byte", 1),
    ("bytes", 1),
    ("K", 1 << 10),
    ("KB", 1000),
    ("KiB", 1 << 10),
    ("M", 1 << 20),
    ("MB", 1000 * 1000),
    ("MiB", 1 << 20),
    ("G", 1 << 30),
    ("GB", 1000 * 1000 * 1000),
    ("GiB", 1 << 30),
    ("T", 1 << 40),
    ("TB", 1000 * 1000 * 1000 * 1000),
    ("TiB", 1 << 40),
    ("P", 1 << 50),
    ("PB", 1000 * 1000 * 1000 * 1000 * 1000),
    ("PiB", 1 << 50),
    ("E", 1 << 60),
    ("EB", 1000 * 1000 * 1000 * 1000 * 1000 * 1000),
    ("EiB", 1 << 60),
];

/// Returns the number of bytes in a unit, in upper or lower case; `None` if the unit is unknown.
pub fn bytes_in(unit: &str) -> Option<i64> {
    find(unit).map(|(_, bytes)| *bytes)
}

fn find(unit: &str) -> Option<&(&str, i64)> {
    UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))
}

/// Returns the usual spelling of a unit.
fn usual(unit: &str) -> String {
    find(unit).map_or(unit, |(name, _)| name).to_owned()
}

/// Splits a size into its number and unit. `None` if the text has no unit.
pub fn split(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).filter(|end| *end > 0)?;
    let unit = text[end..].trim_start_matches(' ');
    let is_word = !unit.is_empty() && unit.bytes().all(|it| it.is_ascii_alphabetic());
    is_word.then_some((&text[..end], unit))
}

/// Unit of a size that is written without one, unless its field names another.
pub const UNITLESS: &str = "KiB";

/// Returns the number of bytes of a number and its unit.
pub fn bytes(number: &str, unit: &str) -> Option<u64> {
    number.trim().parse::<u64>().ok()?.checked_mul(bytes_in(unit)?.unsigned_abs())
}

/// Unit in which libvirt counts a size.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// Name of the unit for messages.
    pub name: &'static str,
    /// Number of bytes in the unit.
    pub bytes: i64,
}

impl Unit {
    /// Returns the unit with that number of bytes.
    ///
    /// # Panics
    /// At compile time, if no field of libvirt has such a unit.
    pub const fn of(bytes: i64) -> Self {
        match bytes {
            1 => Unit { name: "bytes", bytes },
            1024 => Unit { name: "KiB", bytes },
            _ => panic!("libvirt counts in bytes or KiB"),
        }
    }

    /// Returns how many of this unit a size is. The size is a number of some other unit, given in bytes. `None` if the
    /// number is not whole, or the size has more bytes than a number of Nix.
    pub fn count(self, number: &str, bytes: i64) -> Option<i64> {
        let size = number.parse::<i64>().ok()?.checked_mul(bytes)?;
        (size % self.bytes == 0).then_some(size / self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::table::FieldType;

    #[test]
    fn sizes_are_converted_exactly() {
        let kib = Unit::of(1024);
        assert_eq!(kib.count("16", 1 << 20), Some(16384));
        assert_eq!(kib.count("128", 1000), Some(125));
        assert_eq!(kib.count("1", 1000), None);
        assert_eq!(kib.count("8", 1 << 60), None);
        assert_eq!(kib.count("99999999999999999999", 1), None);
    }

    #[test]
    fn units_have_any_case() {
        for unit in ["KiB", "kib", "kIB", "k", "K"] {
            assert_eq!(bytes("3", unit), Some(3072), "{unit}");
        }
        assert_eq!(bytes("3", "kb"), Some(3000));
        assert_eq!(bytes("3", "BYtEs"), Some(3));
        assert_eq!(bytes("3", "ki"), None);
        let unit = SizeUnitInAnyCase::TYPE.scalar();
        assert!(unit.is_same("kib", "KIB"));
        assert!(!unit.is_same("kib", "kb"));
    }

    #[test]
    fn a_size_is_a_number_and_a_unit() {
        assert_eq!(split("8GiB"), Some(("8", "GiB")));
        assert_eq!(split("8  k"), Some(("8", "k")));
        for other in ["", "8", "GiB", "8 ", "8 G!", "8 GiB ", "-8 GiB", "5-3"] {
            assert_eq!(split(other), None, "{other}");
        }
    }
}
