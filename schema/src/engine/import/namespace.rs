//! The namespaces of a document: names get the prefixes of the tables, wherever and however they are declared.

use crate::engine::format::{Format, Namespace};
use crate::engine::xml::{Element, MAX_SIZE};

/// How many namespaces may be declared at one place of a document: each name there is looked for among them.
const MAX_NAMESPACES: usize = 100;

/// Makes names independent of where namespaces are declared: known ones get the prefixes of the tables, which
/// are declared again with what needs them; others are declared where they are first used.
pub fn settle(root: &mut Element, format: &'static Format) -> Result<(), String> {
    Scope { known: format.namespaces, free: format.free, ..Scope::default() }.settle(root)
}

/// An element with declarations of those known namespaces that names in it need.
pub fn declared(element: &Element, known: &[Namespace]) -> Element {
    let mut element = element.clone();
    for Namespace { prefix, uri } in known {
        if uses(&element, prefix) {
            element.attributes.push((format!("xmlns:{prefix}"), (*uri).to_owned()));
        }
    }
    element
}

/// Whether a name in an element has that prefix, without a declaration of its own.
fn uses(element: &Element, prefix: &str) -> bool {
    let declares = |name: &str| name.strip_prefix("xmlns:") == Some(prefix);
    let has = |name: &str| name.split_once(':').is_some_and(|(it, _)| it == prefix);
    let mut attributes = element.attributes.iter().map(|(name, _)| name.as_str());
    !attributes.clone().any(declares)
        && (has(&element.name) || attributes.any(has) || element.children.iter().any(|child| uses(child, prefix)))
}

/// What namespace declarations mean at one place of a document.
#[derive(Default)]
struct Scope {
    /// The namespaces of the format.
    known: &'static [Namespace],
    /// The names of the elements of the format that hold XML of any kind.
    free: &'static [&'static str],
    /// Prefixes and their namespaces, the innermost last.
    declared: Vec<(String, String)>,
    /// The prefix of the tables for what has none, where the default namespace is a known one.
    default: &'static str,
    /// The declarations of foreign namespaces that are written already, as indices of `declared`.
    written: Vec<usize>,
    /// Whether this is free XML, of which the tables know nothing.
    is_free: bool,
    /// How many bytes of declarations are written in the whole document.
    size: usize,
}

impl Scope {
    fn settle(&mut self, element: &mut Element) -> Result<(), String> {
        let (declared, written, default, is_free) =
            (self.declared.len(), self.written.len(), self.default, self.is_free);
        element.attributes.retain(|(name, value)| self.keeps(name, value));
        if self.declared.len() > MAX_NAMESPACES {
            return Err(format!("more than {MAX_NAMESPACES} namespaces are declared at one place"));
        }
        self.is_free |= self.free.contains(&element.name.as_str());
        self.rename(&mut element.name, true);
        element.attributes.iter_mut().for_each(|(name, _)| self.rename(name, false));
        let mut prefixed: Vec<_> =
            element.attributes.iter().map(|(name, _)| name).filter(|it| it.contains(':')).collect();
        prefixed.sort_unstable();
        if let Some(twice) = prefixed.windows(2).find(|two| two[0] == two[1]) {
            return Err(format!("<{}> has the attribute {} twice", element.name, twice[0]));
        }
        for at in &self.written[written..] {
            let (prefix, namespace) = &self.declared[*at];
            element.attributes.push((format!("xmlns:{prefix}"), namespace.clone()));
            self.size += namespace.len();
        }
        if self.size > MAX_SIZE {
            return Err("namespaces that are too long to be declared where they are used".to_owned());
        }
        element.children.iter_mut().try_for_each(|child| self.settle(child))?;
        self.declared.truncate(declared);
        self.written.truncate(written);
        (self.default, self.is_free) = (default, is_free);
        Ok(())
    }

    /// Takes a declaration to itself, unless it is none or must stay where it is.
    fn keeps(&mut self, name: &str, value: &str) -> bool {
        if let Some(prefix) = name.strip_prefix("xmlns:") {
            self.declared.push((prefix.to_owned(), value.to_owned()));
            return false;
        }
        if name == "xmlns" {
            self.default = self.known_prefix(value).filter(|_| !self.is_free).unwrap_or_default();
            return self.default.is_empty();
        }
        true
    }

    fn rename(&mut self, name: &mut String, is_element: bool) {
        let Some((prefix, local)) = name.split_once(':') else {
            if is_element && !self.default.is_empty() {
                *name = format!("{}:{name}", self.default);
            }
            return;
        };
        let Some(at) = self.declared.iter().rposition(|(other, _)| other == prefix) else { return };
        match self.known_prefix(&self.declared[at].1) {
            Some(known) if !self.is_free => *name = format!("{known}:{local}"),
            _ if self.is_written(at) => {}
            _ => self.written.push(at),
        }
    }

    /// Whether the last declaration of its prefix that is written says the same.
    fn is_written(&self, at: usize) -> bool {
        let (prefix, namespace) = &self.declared[at];
        let written = self.written.iter().rev().map(|at| &self.declared[*at]);
        written.into_iter().find(|(other, _)| other == prefix).is_some_and(|(_, it)| it == namespace)
    }

    /// The prefix that names of a namespace have in the tables.
    fn known_prefix(&self, uri: &str) -> Option<&'static str> {
        self.known.iter().find(|known| known.uri == uri).map(|known| known.prefix)
    }
}
