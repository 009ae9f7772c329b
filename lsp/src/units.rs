//! Units of sizes, as people write them.

use nixvirt_schema::engine::size;

/// Units that are offered for sizes. Others are valid too.
pub const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];

/// Returns a size such as `8192 MiB` in the largest unit of which it is a whole number. Other words stay as they are.
pub fn in_larger_unit(word: &str) -> String {
    let Some((count, unit)) = size::split(word) else { return word.to_owned() };
    let (Ok(mut count), Some(mut at)) =
        (count.parse::<u64>(), UNITS.iter().position(|it| it.eq_ignore_ascii_case(unit)))
    else {
        return word.to_owned();
    };
    while count > 0 && count % 1024 == 0 && at + 1 < UNITS.len() {
        count /= 1024;
        at += 1;
    }
    format!("{count} {}", UNITS[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libvirt_knows_the_units() {
        assert!(UNITS.iter().all(|unit| size::bytes_in(unit).is_some()));
    }
}
