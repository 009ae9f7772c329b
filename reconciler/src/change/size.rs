//! Sizes of memory and storage in definitions.

use super::child;
use nixvirt_schema::engine::place::Place;
use nixvirt_schema::engine::size::bytes;
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::kind::place;

/// The size in bytes that a child of an object's definition holds, such as `<memory unit='MiB'>512</memory>`.
pub fn size_of(definition: &Element, name: &str) -> Option<u64> {
    let child = child(definition, name)?;
    place(definition)?.below(child)?.bytes(child)
}

/// A size as people write it: in the largest binary unit that takes no fraction.
pub fn human_size(bytes: u64) -> String {
    let units = ["EiB", "PiB", "TiB", "GiB", "MiB", "KiB"];
    let mut unit = 1 << 60;
    for name in units {
        if bytes >= unit && bytes % unit == 0 {
            return format!("{} {name}", bytes / unit);
        }
        unit >>= 10;
    }
    format!("{bytes} bytes")
}

/// The size that an element holds, as people write it: one in a decimal unit stays in that.
pub(super) fn written_size(place: Option<&Place>, element: &Element) -> Option<String> {
    let number = element.text.trim();
    number.parse::<u64>().ok()?;
    let unit = element.attribute("unit");
    let is_decimal = unit.is_some_and(|unit| {
        let lower = unit.to_ascii_lowercase();
        lower.len() == 2 && lower.ends_with('b')
    });
    let size = place.and_then(|place| place.bytes(element)).or_else(|| bytes(number, unit?));
    match (size, unit) {
        (Some(bytes), _) if !is_decimal => Some(human_size(bytes)),
        (_, Some(unit)) => Some(format!("{number} {unit}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn sizes_as_people_write_them() {
        let sizes = [0, 1, 1023, 1024, 1025, 3 << 20, 10_000_000_000, 5 << 40, 1 << 60].map(human_size);
        expect![[r#"
            0 bytes
            1 bytes
            1023 bytes
            1 KiB
            1025 bytes
            3 MiB
            9765625 KiB
            5 TiB
            1 EiB"#]]
        .assert_eq(&sizes.join("\n"));
    }
}
