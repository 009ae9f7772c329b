//! Sizes with units, such as `8 GiB`.

/// Regular expression that matches a size: a group for the number, and one for the unit.
pub const REGEX: &str = "([0-9]+) *([A-Za-z]+)";

/// Example of a size for messages.
pub const EXAMPLE: &str = "8 GiB";

/// Units, each with its number of bytes.
pub const UNITS: &[(&str, i64)] = &[
    ("b", 1),
    ("B", 1),
    ("byte", 1),
    ("bytes", 1),
    ("k", 1 << 10),
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

/// Returns the number of bytes in a unit; `None` if the unit is unknown.
pub fn bytes_in(unit: &str) -> Option<i64> {
    UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes)
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

/// Returns the number of bytes in a unit, spelled as libvirt reads it: `KiB` and `k` are 1024, `KB` is 1000.
pub fn unit_bytes(unit: &str) -> Option<u64> {
    let lower = unit.to_ascii_lowercase();
    if lower == "b" || lower.starts_with("byte") {
        return Some(1);
    }
    let power = "kmgtpe".find(lower.chars().next()?)? as u32 + 1;
    match &lower[1..] {
        "" | "ib" => 1024_u64.checked_pow(power),
        "b" => 1000_u64.checked_pow(power),
        _ => None,
    }
}

/// Returns the number of bytes of a number and its unit.
pub fn bytes(number: &str, unit: &str) -> Option<u64> {
    number.trim().parse::<u64>().ok()?.checked_mul(unit_bytes(unit)?)
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
    fn a_size_is_a_number_and_a_unit() {
        assert_eq!(split("8GiB"), Some(("8", "GiB")));
        assert_eq!(split("8  k"), Some(("8", "k")));
        for other in ["", "8", "GiB", "8 ", "8 G!", "8 GiB ", "-8 GiB", "5-3"] {
            assert_eq!(split(other), None, "{other}");
        }
    }
}
