//! How two definitions of an object differ, field by field.
//!
//! Neither the values that libvirt fills in nor the order of devices is a difference: elements are paired by a key, as a
//! disk by its target.

use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// The path of the field in a spec: `devices.disk[vda].source.file`.
    pub path: String,
    /// The former value; null if the field is added. Of a removed element, its fields in one line.
    pub old: Option<String>,
    /// The new value; null if the field is removed. Of an added element, its fields in one line.
    pub new: Option<String>,
}

/// The keys that distinguish elements of one name: the first one that an element has. Elements without a key are
/// distinguished by their position. `@` precedes the name of an attribute.
const KEYS: &[(&str, &[&str])] = &[
    ("alias", &["@name"]),
    ("channel", &["target@name", "target@type"]),
    ("cache", &["@level"]),
    ("controller", &["@type+@index", "@type"]),
    ("console", &["target@port"]),
    ("disk", &["target@dev"]),
    ("feature", &["@name"]),
    ("filesystem", &["target@dir"]),
    ("graphics", &["@type"]),
    ("host", &["@ip", "@mac", "@name", "@id"]),
    ("hostname", &[""]),
    ("input", &["@type+@bus"]),
    ("interface", &["mac@address", "@dev"]),
    ("ip", &["@address"]),
    ("parameter", &["@name"]),
    ("portgroup", &["@name"]),
    ("range", &["@start+@end"]),
    ("serial", &["target@port"]),
    ("srv", &["@service+@protocol+@target"]),
    ("timer", &["@name"]),
    ("txt", &["@name"]),
    ("vcpupin", &["@vcpu"]),
    ("vlan", &["@trunk"]),
];

/// The elements that are sizes, with the bytes that a number without a unit counts.
const SIZES: &[(&str, u64)] =
    &[("memory", 1024), ("currentMemory", 1024), ("capacity", 1), ("allocation", 1), ("maxMemory", 1024)];

/// The size in bytes of an element such as `<memory unit='MiB'>512</memory>`.
pub fn bytes(element: &Element) -> Option<u64> {
    let (_, plain) = SIZES.iter().find(|(name, _)| *name == element.name)?;
    let number: u64 = element.text.trim().parse().ok()?;
    let unit = match element.attribute("unit") {
        None => *plain,
        Some(unit) => unit_bytes(unit)?,
    };
    number.checked_mul(unit)
}

fn unit_bytes(unit: &str) -> Option<u64> {
    let lower = unit.to_ascii_lowercase();
    if is_bytes(&lower) {
        return Some(1);
    }
    let power = "kmgtpe".find(lower.chars().next()?)? as u32 + 1;
    match &lower[1..] {
        "" | "ib" => 1024_u64.checked_pow(power),
        "b" => 1000_u64.checked_pow(power),
        _ => None,
    }
}

fn is_bytes(unit: &str) -> bool {
    unit == "b" || unit.starts_with("byte")
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
fn written_size(element: &Element) -> Option<String> {
    let number = element.text.trim();
    number.parse::<u64>().ok()?;
    let unit = element.attribute("unit");
    let is_decimal = unit.is_some_and(|unit| {
        let lower = unit.to_ascii_lowercase();
        lower.len() == 2 && lower.ends_with('b')
    });
    match (bytes(element), unit) {
        (Some(bytes), _) if !is_decimal => Some(human_size(bytes)),
        (_, Some(unit)) => Some(format!("{number} {unit}")),
        _ => None,
    }
}

/// A child of two elements, side by side.
pub struct Pair<'a> {
    /// The child's name in a path, with its key if there may be several: `disk[vda]`.
    pub label: String,
    /// The child of the first element.
    pub old: Option<&'a Element>,
    /// The child of the second element.
    pub new: Option<&'a Element>,
}

/// Pairs the children of two elements; those of the second come first, in their order. A child without a key, such as a
/// serial port without a number, is paired with the next unpaired one of its name.
pub fn pair<'a>(old: &'a Element, new: &'a Element) -> Vec<Pair<'a>> {
    let mut olds = labels(old, new);
    let mut pairs: Vec<Pair<'a>> = labels(new, old)
        .into_iter()
        .map(|(label, child)| Pair { old: take(&mut olds, &label), label, new: Some(child) })
        .collect();
    for it in pairs.iter_mut().filter(|it| it.old.is_none()) {
        let is_like = |other: &Element| {
            it.new.is_some_and(|new| new.name == other.name && (key(new).is_none() || key(other).is_none()))
        };
        let next = olds.iter().position(|(_, other)| is_like(other));
        it.old = next.map(|at| olds.remove(at).1);
    }
    pairs.extend(olds.into_iter().map(|(label, child)| Pair { label, old: Some(child), new: None }));
    pairs
}

fn take<'a>(from: &mut Vec<(String, &'a Element)>, label: &str) -> Option<&'a Element> {
    let at = from.iter().position(|(other, _)| other == label)?;
    Some(from.remove(at).1)
}

/// The children of an element with their labels. Labels have keys if the element, or the one it is compared with, has
/// several children of a name.
fn labels<'a>(element: &'a Element, beside: &Element) -> Vec<(String, &'a Element)> {
    let mut seen = BTreeMap::<String, usize>::new();
    let is_one_of_many = |name: &str| {
        [element, beside].iter().any(|it| it.children.iter().filter(|child| child.name == name).count() > 1)
    };
    let label = |child: &'a Element| {
        let key = key(child);
        let mut label = match &key {
            Some(key) => format!("{}[{key}]", child.name),
            None => child.name.clone(),
        };
        let place = seen.entry(label.clone()).and_modify(|count| *count += 1).or_insert(0);
        if *place > 0 || (key.is_none() && is_one_of_many(&child.name)) {
            label += &format!("[{place}]");
        }
        (label, child)
    };
    element.children.iter().map(label).collect()
}

/// The key of an element among others of its name.
pub fn key(element: &Element) -> Option<String> {
    let (_, keys) = KEYS.iter().find(|(name, _)| *name == element.name)?;
    keys.iter().find_map(|key| key.split('+').map(|path| at(element, path)).collect::<Option<Vec<_>>>()).map(|parts| {
        let parts: Vec<_> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        parts.join(" ")
    })
}

/// The attribute at a path such as `target@dev`; the element's text for an empty path.
fn at<'a>(element: &'a Element, path: &str) -> Option<&'a str> {
    match path.split_once('@') {
        None => Some(&element.text),
        Some(("", attribute)) => element.attribute(attribute),
        Some((child, attribute)) => self::child(element, child)?.attribute(attribute),
    }
}

/// The first child of that name.
pub fn child<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.children.iter().find(|child| child.name == name)
}

/// The children of the first child of that name; none if there is no such child.
pub fn children_of<'a>(element: &'a Element, name: &str) -> &'a [Element] {
    child(element, name).map(|child| child.children.as_slice()).unwrap_or_default()
}

/// The text of the first child of that name.
pub fn child_text<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    child(element, name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
}

/// Every field in which two definitions differ.
pub fn changes(old: &Element, new: &Element) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", old, new, true, &mut changes);
    changes
}

/// Every field of the wanted definition that the found one lacks, or has with another value. Fields that only the found
/// definition has were filled in by libvirt, and are no difference.
pub fn missing(found: &Element, wanted: &Element) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", found, wanted, false, &mut changes);
    changes
}

/// Compares two elements of one name: all fields of `both`, or only those of `new`.
fn compare(path: &str, old: &Element, new: &Element, both: bool, changes: &mut Vec<Change>) {
    match (bytes(old), bytes(new)) {
        (Some(before), Some(after)) if before == after => return,
        (Some(_), Some(_)) => return changes.push(change(path, Some(summary(old)), Some(summary(new)))),
        _ => {}
    }
    for (name, value) in &new.attributes {
        let before = old.attribute(name);
        if before.is_none_or(|before| !is_same(&new.name, name, before, value)) {
            changes.push(change(&join(path, name), before.map(str::to_owned), Some(value.clone())));
        }
    }
    let gone = old.attributes.iter().filter(|(name, _)| both && new.attribute(name).is_none());
    changes.extend(gone.map(|(name, value)| change(&join(path, name), Some(value.clone()), None)));
    let [before, after] = [old, new].map(|it| it.text.trim());
    if !is_same(&new.name, "", before, after) && (both || !after.is_empty()) {
        changes.push(change(path, non_empty(before), non_empty(after)));
    }
    for pair in pair(old, new) {
        let path = join(path, &pair.label);
        match (pair.old, pair.new) {
            (Some(old), Some(new)) => compare(&path, old, new, both, changes),
            (None, Some(new)) => changes.push(change(&path, None, Some(summary(new)))),
            (Some(old), None) if both => changes.push(change(&path, Some(summary(old)), None)),
            _ => {}
        }
    }
}

fn non_empty(text: &str) -> Option<String> {
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

fn change(path: &str, old: Option<String>, new: Option<String>) -> Change {
    Change { path: path.to_owned(), old, new }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Whether libvirt reads two values of a field alike.
fn is_same(element: &str, attribute: &str, one: &str, other: &str) -> bool {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    let ignores_case = matches!((element, attribute), ("mac", "address") | ("host", "mac") | ("uuid", ""));
    one == other
        || (ignores_case && one.eq_ignore_ascii_case(other))
        || number(one).is_some_and(|value| number(other) == Some(value))
        || (attribute == "machine" && is_version_of(one, other))
}

/// Whether a machine type is a version of an alias: `pc-q35-10.0` of `q35`.
pub fn is_version_of(machine: &str, alias: &str) -> bool {
    let stem = match alias {
        "pc" => "pc-i440fx",
        "q35" => "pc-q35",
        alias => alias,
    };
    let version = machine.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
    version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

/// The fields of an element in one line: `type=file, source.file=/a`.
pub fn summary(element: &Element) -> String {
    let mut fields = Vec::new();
    add_fields("", element, &mut fields);
    fields.join(", ")
}

fn add_fields(path: &str, element: &Element, fields: &mut Vec<String>) {
    let before = fields.len();
    let size = written_size(element);
    let text = size.as_deref().unwrap_or(element.text.trim());
    if !text.is_empty() {
        fields.push(if path.is_empty() { text.to_owned() } else { format!("{path}={text}") });
    }
    for (name, value) in &element.attributes {
        if size.is_none() || name != "unit" {
            fields.push(format!("{}={value}", join(path, name)));
        }
    }
    for child in &element.children {
        add_fields(&join(path, &child.name), child, fields);
    }
    if fields.len() == before && !path.is_empty() {
        fields.push(path.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use nixvirt_schema::engine::xml;

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

    #[test]
    fn elements_in_one_line() {
        let elements = [
            "<memory unit='KiB'>65536</memory>",
            "<memory dumpCore='off'>65536</memory>",
            "<capacity unit='GB'>10</capacity>",
            "<hard_limit unit='MiB'>64</hard_limit>",
            "<description>Two words</description>",
            "<disk type='file'><source file='/a b'/><target dev='vda'/><readonly/></disk>",
            "<volume><name>v</name><capacity unit='MiB'>64</capacity></volume>",
            "<acpi/>",
        ];
        let lines = elements.map(|text| summary(&xml::parse(text).expect("XML")[0]));
        expect![[r#"
            64 MiB
            64 MiB, dumpCore=off
            10 GB
            64 MiB
            Two words
            type=file, source.file=/a b, target.dev=vda, readonly
            name=v, capacity=64 MiB
        "#]]
        .assert_eq(&lines.join("\n"));
    }
}
