//! Namespaces of a document: names get the prefixes of the tables, regardless of how the document declares namespaces.

use crate::engine::format::{Format, Namespace};
use crate::engine::xml::{Element, MAX_SIZE};

/// Maximum number of namespaces in scope. Each name is looked up among them.
const MAX_NAMESPACES: usize = 100;

/// Makes names independent of where namespaces are declared. Known namespaces get the prefixes of the tables, and are
/// declared again where they are needed. Other namespaces are declared where they are first used.
pub fn settle(root: &mut Element, format: &'static Format) -> Result<(), String> {
    Scope { known: format.namespaces, free: format.free, ..Scope::default() }.settle(root)
}

/// Returns an element with declarations of the known namespaces that its names need.
pub fn declared(element: &Element, known: &[Namespace]) -> Element {
    let mut element = element.clone();
    for Namespace { prefix, uri } in known {
        if uses(&element, prefix) {
            element.attributes.push((format!("xmlns:{prefix}"), (*uri).to_owned()));
        }
    }
    element
}

/// Returns whether a name in an element has a prefix that the element does not declare.
fn uses(element: &Element, prefix: &str) -> bool {
    let declares = |name: &str| name.strip_prefix("xmlns:") == Some(prefix);
    let has_prefix = |name: &str| name.split_once(':').is_some_and(|(it, _)| it == prefix);
    let mut attributes = element.attributes.iter().map(|(name, _)| name.as_str());
    !attributes.clone().any(declares)
        && (has_prefix(&element.name)
            || attributes.any(has_prefix)
            || element.children.iter().any(|child| uses(child, prefix)))
}

/// Namespace declarations in scope.
#[derive(Default)]
struct Scope {
    /// Namespaces of the format.
    known: &'static [Namespace],
    /// Names of the elements of the format that hold XML of any kind.
    free: &'static [&'static str],
    /// Prefixes with their namespaces, innermost last.
    declared: Vec<(String, String)>,
    /// Prefix for names without one, if the default namespace is a known one.
    default: &'static str,
    /// Indices in `declared` of the foreign namespaces whose declarations are written.
    written: Vec<usize>,
    /// Whether the scope is inside XML of any kind, which the tables do not describe.
    is_free: bool,
    /// Number of bytes of the declarations written in the whole document.
    size: usize,
}

impl Scope {
    fn settle(&mut self, element: &mut Element) -> Result<(), String> {
        let (declared, written, default, is_free) =
            (self.declared.len(), self.written.len(), self.default, self.is_free);
        element.attributes.retain(|(name, value)| self.keeps(name, value));
        if self.declared.len() > MAX_NAMESPACES {
            return Err(format!("more than {MAX_NAMESPACES} namespaces are declared in one place"));
        }
        self.is_free |= self.free.contains(&element.name.as_str());
        self.rename(&mut element.name, true);
        element.attributes.iter_mut().for_each(|(name, _)| self.rename(name, false));
        let mut prefixed: Vec<_> =
            element.attributes.iter().map(|(name, _)| name).filter(|it| it.contains(':')).collect();
        prefixed.sort_unstable();
        if let Some(twice) = prefixed.windows(2).find(|two| two[0] == two[1]) {
            return Err(format!("duplicate attribute {} of <{}>", twice[0], element.name));
        }
        for at in &self.written[written..] {
            let (prefix, namespace) = &self.declared[*at];
            element.attributes.push((format!("xmlns:{prefix}"), namespace.clone()));
            self.size += namespace.len();
        }
        if self.size > MAX_SIZE {
            return Err("the namespace declarations are too long".to_owned());
        }
        element.children.iter_mut().try_for_each(|child| self.settle(child))?;
        self.declared.truncate(declared);
        self.written.truncate(written);
        (self.default, self.is_free) = (default, is_free);
        Ok(())
    }

    /// Records a declaration. Returns whether the attribute stays where it is.
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

    /// Returns whether the innermost written declaration of the prefix names the same namespace.
    fn is_written(&self, at: usize) -> bool {
        let (prefix, namespace) = &self.declared[at];
        let written = self.written.iter().rev().map(|at| &self.declared[*at]);
        written.into_iter().find(|(other, _)| other == prefix).is_some_and(|(_, it)| it == namespace)
    }

    /// Returns the prefix of a namespace in the tables.
    fn known_prefix(&self, uri: &str) -> Option<&'static str> {
        self.known.iter().find(|known| known.uri == uri).map(|known| known.prefix)
    }
}
