//! How two definitions of one object differ, field by field.
//!
//! What libvirt fills in by itself and the order of devices are no difference: like elements are paired by what tells
//! them apart, as a disk by its target.

use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Where it is, in the words of a spec: `devices.disk[vda].source.file`.
    pub path: String,
    /// What it was; nothing if it was not there. An element that is new or gone shows its attributes, and no more.
    pub old: Option<String>,
    /// What it shall be; nothing if it shall not be there.
    pub new: Option<String>,
}

/// What tells elements of one name apart: the first of these that an element has. Elsewhere, and for those that have
/// none, it is their place. A path leads to an attribute by `@`.
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

/// Elements whose text or `unit` is a size, in the unit that stands for none.
const SIZES: &[(&str, u64)] =
    &[("memory", 1024), ("currentMemory", 1024), ("capacity", 1), ("allocation", 1), ("maxMemory", 1024)];

/// What a size is in bytes: an element such as `<memory unit='MiB'>512</memory>`.
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

/// Children of two elements, side by side, under what a path calls them.
pub struct Pair<'a> {
    /// The element's name and, where there may be several, what tells it apart: `disk[vda]`.
    pub label: String,
    /// The one of the first element.
    pub old: Option<&'a Element>,
    /// The one of the second.
    pub new: Option<&'a Element>,
}

/// Pairs the children of two elements, those of the second first, in their order. One that does not say what tells it
/// apart, as a serial port without its number, is paired with the next of its name that has no other.
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

/// The children of an element with their labels. `beside` is what they are compared with: where either has several of a
/// name, they are told apart.
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

/// What tells an element apart from others of its name.
pub fn key(element: &Element) -> Option<String> {
    let (_, keys) = KEYS.iter().find(|(name, _)| *name == element.name)?;
    keys.iter().find_map(|key| key.split('+').map(|path| at(element, path)).collect::<Option<Vec<_>>>()).map(|parts| {
        let parts: Vec<_> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        parts.join(" ")
    })
}

/// The attribute that a path such as `target@dev` leads to; the text where it is empty.
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

/// Every field that the wanted definition has and the found one has not, or has with another value. What is found beside
/// that was filled in by libvirt, and is no difference.
pub fn missing(found: &Element, wanted: &Element) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", found, wanted, false, &mut changes);
    changes
}

/// Compares two elements of one name; `both` ways, or else only what `new` has.
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
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        changes.push(change(path, text(before), text(after)));
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

fn change(path: &str, old: Option<String>, new: Option<String>) -> Change {
    Change { path: path.to_owned(), old, new }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Whether two spellings mean the same to libvirt.
fn is_same(element: &str, attribute: &str, one: &str, other: &str) -> bool {
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    let is_case_blind = matches!((element, attribute), ("mac", "address") | ("host", "mac") | ("uuid", ""));
    one == other
        || (is_case_blind && one.eq_ignore_ascii_case(other))
        || number(one).is_some_and(|value| number(other) == Some(value))
        || (attribute == "machine" && is_version_of(one, other))
}

/// Whether a machine is the one that a name without version stands for at some time: `pc-q35-10.0` and `q35`.
pub fn is_version_of(machine: &str, name: &str) -> bool {
    let stem = match name {
        "pc" => "pc-i440fx",
        "q35" => "pc-q35",
        name => name,
    };
    let version = machine.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
    version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

/// An element in one line: its text and attributes, and those of its children where it has none itself.
pub fn summary(element: &Element) -> String {
    let mut parts: Vec<_> = element.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let text = element.text.trim();
    if !text.is_empty() {
        parts.insert(0, text.to_owned());
    }
    let nested = |child: &Element| {
        let inner = summary(child);
        if inner.is_empty() { child.name.clone() } else { format!("{}({inner})", child.name) }
    };
    parts.extend(element.children.iter().map(nested));
    parts.join(" ")
}
