//! Sizes: numbers with a unit.

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
