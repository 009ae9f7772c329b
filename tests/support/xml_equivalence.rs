//! Compares XML documents regardless of their notation.

use nixvirt_schema::engine::xml::{Element, trim};
use std::fmt;

/// An element in a canonical form, without insignificant details: namespace prefixes, the order of attributes, the order of
/// children with different names, white space around text, notations of numbers.
#[derive(Debug, PartialEq, Eq)]
pub struct Canonical {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Canonical>,
}

impl Canonical {
    /// The canonical form of a document with this root element.
    pub fn of(root: &Element) -> Self {
        Canonical::within(root, &[])
    }

    /// The canonical form of an element in the scope of these prefixes, the innermost last.
    fn within(element: &Element, declared: &[(String, String)]) -> Self {
        let prefix = |name: &str| name.strip_prefix("xmlns").map(|rest| rest.trim_start_matches(':').to_owned());
        let (declarations, attributes): (Vec<_>, Vec<_>) =
            element.attributes.iter().partition(|(name, _)| prefix(name).is_some());
        let declarations = declarations.into_iter().filter_map(|(name, value)| Some((prefix(name)?, value.clone())));
        let declared: Vec<_> = declared.iter().cloned().chain(declarations).collect();
        let full = |name: &str| {
            let (prefix, local) = name.split_once(':').unwrap_or(("", name));
            match declared.iter().rfind(|(declared, _)| declared == prefix) {
                Some((_, namespace)) => format!("{{{namespace}}}{local}"),
                None => name.to_owned(),
            }
        };
        let of_attribute = |(name, value): &(String, String)| {
            (if name.contains(':') { full(name) } else { name.clone() }, number(value))
        };
        let mut attributes: Vec<_> = attributes.into_iter().map(of_attribute).collect();
        attributes.sort();
        let mut children: Vec<_> = element.children.iter().map(|child| Canonical::within(child, &declared)).collect();
        children.sort_by(|one, other| one.name.cmp(&other.name));
        Canonical { name: full(&element.name), attributes, text: number(&element.text), children }
    }

    /// The first difference from another element.
    pub fn difference(&self, other: &Canonical) -> Option<String> {
        if self == other {
            return None;
        }
        if (&self.name, &self.attributes, &self.text) != (&other.name, &other.attributes, &other.text) {
            return Some(format!("{self} became {other}"));
        }
        let mut pairs = self.children.iter().zip(&other.children);
        let inner = pairs.find_map(|(one, other)| one.difference(other));
        let counts = || format!("{} elements became {}", self.children.len(), other.children.len());
        Some(format!("{}: {}", self.name, inner.unwrap_or_else(counts)))
    }
}

/// The element's tag and text.
impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        self.attributes.iter().try_for_each(|(name, value)| write!(f, " {name}={value:?}"))?;
        write!(f, ">{}", self.text)
    }
}

/// A number by its value, and any other text without white space around it.
fn number(text: &str) -> String {
    let text = trim(text);
    let value = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).map(i128::from).ok(),
        None => text.parse::<i128>().ok(),
    };
    value.map_or_else(|| text.to_owned(), |value| value.to_string())
}
