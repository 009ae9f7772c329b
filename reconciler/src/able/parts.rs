//! The parts of a definition by their place, so that tables can name them.

use crate::change::pair;
use nixvirt_schema::engine::xml::Element;
use std::collections::BTreeMap;

/// Path of a part in a definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// The path as plans show it, such as `devices.disk[vda].target.bus`.
    pub shown: String,
    /// The names on the way, each with its number among the parts of that name.
    pub steps: Vec<(String, usize)>,
}

impl Path {
    /// The path of a part that a definition has once.
    pub fn of(names: &[&str]) -> Self {
        Path { shown: names.join("."), steps: names.iter().map(|name| ((*name).to_owned(), 0)).collect() }
    }

    fn join(&self, label: &str, name: &str, number: usize) -> Self {
        let shown = if self.shown.is_empty() { label.to_owned() } else { format!("{}.{label}", self.shown) };
        let mut steps = self.steps.clone();
        steps.push((name.to_owned(), number));
        Path { shown, steps }
    }
}

/// An element, or an attribute of an element.
pub struct Part<'a> {
    /// The path.
    pub path: Path,
    /// The element.
    pub element: &'a Element,
    /// The value of the attribute, or the text of the element.
    pub value: &'a str,
}

/// All parts of a definition. The place of a part is the names of the elements that lead to it, and an attribute after `@`, as in
/// `devices/disk/target@bus`.
pub struct Parts<'a>(BTreeMap<String, Vec<Part<'a>>>);

impl<'a> Parts<'a> {
    /// The parts of a definition.
    pub fn of(definition: &'a Element) -> Self {
        let mut parts = Parts(BTreeMap::new());
        parts.add(definition, "", &Path::default());
        parts
    }

    /// The parts at a place, in the order of the definition.
    pub fn at(&self, place: &str) -> &[Part<'a>] {
        self.0.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// The value of the first part at a place.
    pub fn value(&self, place: &str) -> Option<&'a str> {
        self.at(place).first().map(|part| part.value)
    }

    fn add(&mut self, element: &'a Element, place: &str, path: &Path) {
        for (name, value) in &element.attributes {
            let part = Part { path: path.join(name, name, 0), element, value };
            self.0.entry(format!("{place}@{name}")).or_default().push(part);
        }
        let mut numbers = BTreeMap::<&str, usize>::new();
        let nothing = Element::default();
        let labels: Vec<_> = pair(&nothing, element).into_iter().map(|it| it.label).collect();
        for (child, label) in element.children.iter().zip(&labels) {
            let number = numbers.entry(&child.name).or_default();
            let path = path.join(label, &child.name, *number);
            *number += 1;
            let place = if place.is_empty() { child.name.clone() } else { format!("{place}/{}", child.name) };
            self.add(child, &place, &path);
            self.0.entry(place).or_default().push(Part { path, element: child, value: child.text.trim() });
        }
    }
}
