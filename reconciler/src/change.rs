//! How two definitions of an object differ, field by field.
//!
//! Definitions are compared in the sense of libvirt, which the tables of the formats tell: a number, a size, a set of CPUs or an
//! address may be spelled in several ways, an absent field may have a default, and what libvirt only reports says nothing.
//! The order of devices is no difference: [`pair`] finds the counterpart of each.

mod pairing;
mod size;

use nixvirt_schema::engine::place::Place;
use nixvirt_schema::engine::table::{Field, Type};
use nixvirt_schema::engine::xml::Element;
use nixvirt_schema::kind::{into_settled, place, settled};
pub use pairing::{Pair, key, pair};
use schemars::JsonSchema;
use serde::Serialize;
use size::written_size;
pub use size::{human_size, size_of};
use std::borrow::Cow;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// The path of the field in a spec: `devices.disk[vda].source.file`.
    pub path: String,
    /// The former value; null if the field is added. For a removed element, all its fields in one line.
    pub old: Option<String>,
    /// The new value; null if the field is removed. For an added element, all its fields in one line.
    pub new: Option<String>,
}

/// The first child of that name.
pub fn child<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.children.iter().find(|child| child.name == name)
}

/// The first child of that name, to change it.
pub fn child_mut<'a>(element: &'a mut Element, name: &str) -> Option<&'a mut Element> {
    element.children.iter_mut().find(|child| child.name == name)
}

/// The children of the first child of that name; none if there is no such child.
pub fn children_of<'a>(element: &'a Element, name: &str) -> &'a [Element] {
    child(element, name).map(|child| child.children.as_slice()).unwrap_or_default()
}

/// The text of the first child of that name.
pub fn child_text<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    child(element, name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
}

/// A definition in the form in which libvirt keeps it, which is the form that is compared. A definition that is compared
/// more than once is kept in this form.
pub struct Settled<'a>(Cow<'a, Element>);

impl Settled<'_> {
    /// The definition.
    pub fn element(&self) -> &Element {
        &self.0
    }
}

impl<'a> From<&'a Element> for Settled<'a> {
    fn from(definition: &'a Element) -> Self {
        Settled(settled(definition))
    }
}

impl From<Element> for Settled<'_> {
    fn from(definition: Element) -> Self {
        Settled(Cow::Owned(into_settled(definition)))
    }
}

impl<'a> From<&'a Settled<'_>> for Settled<'a> {
    fn from(settled: &'a Settled<'_>) -> Self {
        Settled(Cow::Borrowed(settled.element()))
    }
}

/// Every field in which two definitions differ.
pub fn changes<'a>(old: impl Into<Settled<'a>>, new: impl Into<Settled<'a>>) -> Vec<Change> {
    differences(&old.into(), &new.into(), true)
}

/// Every field of the wanted definition that the found one lacks, or has with another value. Fields that only the found
/// definition has were filled in by libvirt, and are no difference.
pub fn missing<'a>(found: impl Into<Settled<'a>>, wanted: impl Into<Settled<'a>>) -> Vec<Change> {
    differences(&found.into(), &wanted.into(), false)
}

/// Devices that libvirt adds to a definition by itself.
const ADDED_BY_LIBVIRT: &[&str] = &[
    "audio",
    "console",
    "controller",
    "emulator",
    "input",
    "memballoon",
    "nvram",
    "panic",
    "serial",
    "video",
    "watchdog",
];

/// The devices of a domain, and the items of lists of another object, that only the found definition has, as far as libvirt
/// adds none of their kind by itself. They are lost when the wanted definition is defined.
pub fn dropped<'a>(found: impl Into<Settled<'a>>, wanted: impl Into<Settled<'a>>) -> Vec<Change> {
    let found = found.into();
    let is_domain = found.element().name == "domain";
    let is_item = |path: &str| match path.strip_prefix("devices.") {
        Some(device) => {
            let name = device.split_once('[').map_or(device, |(name, _)| name);
            let is_whole = device.find(']').is_none_or(|end| end + 1 == device.len());
            is_whole && !name.contains('.') && !ADDED_BY_LIBVIRT.contains(&name)
        }
        None => !is_domain && path.ends_with(']'),
    };
    let changes = differences(&found, &wanted.into(), true).into_iter();
    changes.filter(|change| change.new.is_none() && is_item(&change.path)).collect()
}

fn differences(old: &Settled<'_>, new: &Settled<'_>, both: bool) -> Vec<Change> {
    let mut comparison = Comparison { both, changes: Vec::new() };
    let (old, new) = (old.element(), new.element());
    let place = place(new);
    comparison.elements("", place.as_ref(), place.as_ref().and_then(Place::text), old, new);
    comparison.changes
}

/// Two elements that are compared.
struct Comparison {
    /// Whether a field that only the first element has is a difference.
    both: bool,
    /// The differences found so far.
    changes: Vec<Change>,
}

impl Comparison {
    /// Compares two elements of one name, which have a place in the tables if these know the element, and a field for the text.
    fn elements(&mut self, path: &str, place: Option<&Place>, text: Option<&Field>, old: &Element, new: &Element) {
        if old == new {
            return;
        }
        self.attributes(path, place, old, new);
        self.text(path, place, text, old, new);
        for pair in pair(old, new) {
            let path = join(path, &pair.label);
            match (pair.old, pair.new) {
                (Some(old), Some(new)) => {
                    let below = below(place, new);
                    let scalar = place
                        .and_then(|place| place.child(&new.name))
                        .filter(|child| matches!(child.ty, Type::Scalar(_)));
                    let text = scalar.or(below.as_ref().and_then(Place::text));
                    self.elements(&path, below.as_ref(), text, old, new);
                }
                (None, Some(new)) if !says_nothing(place, new) => self.add(&path, None, Some(summary(new))),
                (Some(old), None) if self.both && !says_nothing(place, old) => {
                    self.add(&path, Some(summary(old)), None);
                }
                _ => {}
            }
        }
    }

    fn attributes(&mut self, path: &str, place: Option<&Place>, old: &Element, new: &Element) {
        let compared = |element: &Element, name: &str| {
            let is_unit = place.is_some_and(|place| place.bytes(element).is_some()) && name == "unit";
            let is_namespace = place.is_some() && (name == "xmlns" || name.starts_with("xmlns:"));
            !is_unit && !is_namespace && !field(place, name).is_some_and(|field| field.output)
        };
        // What is all of something changes with it: the online CPUs with their number.
        let is_all = |element: &Element, name: &str| element.attribute(name) == Some(element.text.trim());
        let compared =
            |element: &Element, name: &str| compared(element, name) && !(is_all(old, name) && is_all(new, name));
        for (name, value) in new.attributes.iter().filter(|(name, _)| compared(new, name)) {
            let field = field(place, name);
            let before = old.attribute(name);
            let meant = before.or(field.and_then(|field| field.default));
            if meant.is_none_or(|meant| !is_same(field, name, meant, value)) {
                self.add(&join(path, name), before.map(str::to_owned), Some(value.clone()));
            }
        }
        if !self.both {
            return;
        }
        for (name, value) in old.attributes.iter().filter(|(name, _)| compared(old, name)) {
            let field = field(place, name);
            let default = field.and_then(|field| field.default);
            if new.attribute(name).is_none() && default.is_none_or(|default| !is_same(field, name, default, value)) {
                self.add(&join(path, name), Some(value.clone()), None);
            }
        }
    }

    fn text(&mut self, path: &str, place: Option<&Place>, field: Option<&Field>, old: &Element, new: &Element) {
        let bytes = |element| place.and_then(|place| place.bytes(element));
        let [before, after] = [old, new].map(|it| it.text.trim());
        let is_equal = match (bytes(old), bytes(new)) {
            (Some(before), Some(after)) => before == after,
            _ => is_same(field, "", before, after),
        };
        if !is_equal && (self.both || !after.is_empty()) {
            let shown = |element: &Element, text| written_size(place, element).or_else(|| non_empty(text));
            self.add(path, shown(old, before), shown(new, after));
        }
    }

    fn add(&mut self, path: &str, old: Option<String>, new: Option<String>) {
        self.changes.push(Change { path: path.to_owned(), old, new });
    }
}

fn field(place: Option<&Place>, attribute: &str) -> Option<&'static Field> {
    place.and_then(|place| place.attribute(attribute))
}

fn below(place: Option<&Place>, child: &Element) -> Option<Place> {
    place.and_then(|place| place.below(child))
}

/// Whether a child says no more than its absence: it holds nothing but defaults and what libvirt only reports.
pub fn says_nothing(parent: Option<&Place>, child: &Element) -> bool {
    let Some(parent) = parent else { return false };
    let is_bare = child.attributes.is_empty() && child.children.is_empty() && child.text.trim().is_empty();
    match parent.child(&child.name) {
        Some(field) if field.output => true,
        Some(Field { default: Some(""), .. }) if is_bare => true,
        Some(field) => match field.ty {
            Type::Scalar(_) => {
                is_bare || field.default.is_some_and(|default| is_same(Some(field), "", default, &child.text))
            }
            Type::Element(_) => !is_bare && parent.below(child).is_some_and(|place| has_only_defaults(&place, child)),
            Type::Present | Type::Xml => false,
        },
        None => !is_bare && parent.below(child).is_some_and(|place| has_only_defaults(&place, child)),
    }
}

/// Whether an attribute says no more than its absence: it holds its default, or what libvirt only reports.
pub fn has_default(place: &Place, attribute: &str, value: &str) -> bool {
    is_default(place.attribute(attribute), attribute, value)
}

fn is_default(field: Option<&Field>, name: &str, value: &str) -> bool {
    field.is_some_and(|field| {
        field.output || field.default.is_some_and(|default| is_same(Some(field), name, default, value))
    })
}

fn has_only_defaults(place: &Place, element: &Element) -> bool {
    element.attributes.iter().all(|(name, value)| has_default(place, name, value))
        && (element.text.trim().is_empty() || is_default(place.text(), "", &element.text))
        && element.children.iter().all(|child| says_nothing(Some(place), child))
}

fn non_empty(text: &str) -> Option<String> {
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Whether libvirt reads two values of a field alike. Of an unknown field, numbers are compared as such.
fn is_same(field: Option<&Field>, attribute: &str, one: &str, other: &str) -> bool {
    one == other
        || (attribute == "machine" && is_version_of(one, other))
        || match field.map(|field| field.ty) {
            Some(Type::Scalar(scalar)) => scalar.is_same(one, other),
            _ => number(one).is_some_and(|value| number(other) == Some(value)),
        }
}

/// A number, such as 31 or 0x1f.
pub fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
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

/// The fields of an element in one line: `type=file, source.file=/a`. What libvirt only reports is left out.
pub fn summary(element: &Element) -> String {
    let mut fields = Vec::new();
    add_fields("", place(element).as_ref(), element, &mut fields);
    fields.join(", ")
}

fn add_fields(path: &str, place: Option<&Place>, element: &Element, fields: &mut Vec<String>) {
    let before = fields.len();
    let size = written_size(place, element);
    let text = size.as_deref().unwrap_or(element.text.trim());
    if !text.is_empty() {
        fields.push(if path.is_empty() { text.to_owned() } else { format!("{path}={text}") });
    }
    let is_output = |field: Option<&Field>| field.is_some_and(|field| field.output);
    for (name, value) in &element.attributes {
        let is_unit = size.is_some() && name == "unit";
        if !is_unit && !is_output(field(place, name)) {
            fields.push(format!("{}={value}", join(path, name)));
        }
    }
    let children = element.children.iter();
    for child in children.filter(|child| !is_output(place.and_then(|place| place.child(&child.name)))) {
        add_fields(&join(path, &child.name), below(place, child).as_ref(), child, fields);
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
    fn elements_in_one_line() {
        let elements = [
            "<memory unit='KiB'>65536</memory>",
            "<memory dumpCore='off'>65536</memory>",
            "<capacity unit='GB'>10</capacity>",
            "<hard_limit unit='MiB'>64</hard_limit>",
            "<description>Two words</description>",
            "<disk type='file'><source file='/a b'/><target dev='vda'/><readonly/></disk>",
            "<volume><name>v</name><capacity unit='MiB'>64</capacity></volume>",
            "<disk type='file'><source file='/a' index='1'/><target dev='vda'/></disk>",
            "<acpi/>",
        ];
        let lines = elements.map(|text| summary(&xml::parse(text).expect("XML")[0]));
        expect![[r#"
            64 MiB
            65536, dumpCore=off
            10 GB
            64 MiB
            Two words
            type=file, source.file=/a b, target.dev=vda, readonly
            name=v, capacity=64 MiB
            type=file, source.file=/a, target.dev=vda
        "#]]
        .assert_eq(&lines.join("\n"));
    }
}
