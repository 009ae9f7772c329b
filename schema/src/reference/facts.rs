//! What the reference says of a field: the description, and the facts.

use super::live::takes_effect;
use super::{Location, Step, types};
use crate::engine::release::Release;
use crate::engine::scalar::Word;
use crate::engine::table::{Absent, Field, NodeKind, Schema, Type, Variant, Variants};
use std::fmt;

/// The facts about a field, which follow its description.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its type; empty where that follows from the page.
    pub kind: String,
    /// The field in XML.
    pub xml: String,
    /// Whether the field is required.
    pub required: bool,
    /// The default.
    pub default: Option<String>,
    /// The libvirt release that introduced the field.
    pub since: Option<Release>,
    /// The libvirt release since which the field may be absent.
    pub optional_since: Option<Release>,
    /// The libvirt release since which the field may occur several times.
    pub repeated_since: Option<Release>,
    /// Whether its value is redacted in messages.
    pub secret: bool,
    /// When a change of the field reaches a running object.
    pub takes_effect: Option<String>,
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.required {
            writeln!(f, "- **Required**")?;
        }
        if !self.kind.is_empty() {
            writeln!(f, "- Type: {}", self.kind)?;
        }
        if let Some(default) = &self.default {
            writeln!(f, "- Default: {default}")?;
        }
        writeln!(f, "- XML: `{}`", self.xml)?;
        if let Some(since) = &self.since {
            writeln!(f, "- Since: libvirt {since}")?;
        }
        if let Some(since) = &self.optional_since {
            writeln!(f, "- Required before libvirt {since}")?;
        }
        if let Some(since) = &self.repeated_since {
            writeln!(f, "- At most one before libvirt {since}")?;
        }
        if self.secret {
            writeln!(f, "- Secret: redacted in messages, plans and state records")?;
        }
        if let Some(when) = &self.takes_effect {
            writeln!(f, "- Takes effect: {when}")?;
        }
        Ok(())
    }
}

impl Facts {
    /// Returns the description of a field, and the facts about the field, except for its type. `element` is the name of
    /// the field's element in XML.
    pub fn of_field(
        schema: &'static Schema,
        field: &'static Field,
        location: &Location,
        element: &str,
    ) -> (String, Facts) {
        let (description, mut facts) = described(field.doc);
        facts.xml = xml(field, element);
        facts.required = schema.required.iter().any(|at| std::ptr::eq(&schema.fields[usize::from(*at)], field));
        facts.secret = field.secret;
        facts.takes_effect = takes_effect(location);
        facts.since = field.since;
        facts.optional_since = field.optional_since;
        facts.repeated_since = field.repeated_since;
        match field.absent {
            Absent::Nothing => {}
            Absent::Empty => facts.default = Some("an empty element".to_owned()),
            Absent::Uuid => facts.default = Some("derived from the name of the object".to_owned()),
            Absent::Mac => {
                facts.default =
                    Some("derived from the name of the guest and the place of the network interface".to_owned());
            }
        }
        (description, facts)
    }

    /// Returns the description of the attribute that decides about an element's form, and the facts about the attribute.
    /// `location` is that of the element, and `element` its name in XML.
    pub fn of_deciding(variants: &'static Variants, location: &Location, element: &str) -> (String, Facts) {
        let (description, mut facts) = described(variants.doc);
        let word = |it: &Variant| Word { word: it.word, doc: it.schema.doc, since: it.since, same: None };
        let words: Vec<_> = variants.variants.iter().map(word).collect();
        facts.kind = types::words(&words);
        facts.xml = match variants.within() {
            Some(within) => format!("<{element}><{within}>…</{within}></{element}>"),
            None => format!("<{element} {}=\"…\">", variants.tag),
        };
        facts.required = variants.default.is_none();
        if let Some(word) = variants.default {
            facts.default = Some(format!("`\"{word}\"`"));
        }
        facts.takes_effect = takes_effect(&location.join(Step::Field(variants.tag)));
        (description, facts)
    }
}

/// Returns a description without its last sentence about the default, which is among the facts.
pub fn described(doc: &str) -> (String, Facts) {
    let mut facts = Facts::default();
    let mut sentences = sentences(doc);
    if let [_, .., last] = sentences[..] {
        if let Some(default) = last.trim_end_matches('.').strip_prefix("Defaults to ") {
            facts.default = Some(default.to_owned());
            sentences.pop();
        }
    }
    (sentences.join(" "), facts)
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut rest = text;
    // A period within a word, as in `e.g.` or 7.3, ends no sentence; the next one starts with a capital or code.
    let mut from = 0;
    while let Some(at) = rest[from..].find(". ").map(|at| from + at + 2) {
        if rest[at..].starts_with(|letter: char| letter.is_uppercase() || letter == '`') {
            sentences.push(rest[..at].trim_end());
            rest = &rest[at..];
            from = 0;
        } else {
            from = at;
        }
    }
    sentences.push(rest);
    sentences
}

/// Returns a field in XML, inside its element.
fn xml(field: &Field, element: &str) -> String {
    let name = field.xml;
    let is_scalar = matches!(field.ty, Type::Scalar(_) | Type::Xml);
    let own = match field.node {
        NodeKind::Child if is_scalar => format!("<{name}>…</{name}>"),
        NodeKind::Child => format!("<{name}>"),
        NodeKind::Attribute | NodeKind::Text => String::new(),
    };
    match (field.node, field.within) {
        (NodeKind::Attribute, None) => format!("<{element} {name}=\"…\">"),
        (NodeKind::Attribute, Some(within)) => format!("<{element}><{within} {name}=\"…\">"),
        (NodeKind::Text, None) => format!("<{element}>…</{element}>"),
        (NodeKind::Text, Some(within)) => format!("<{element}><{within}>…</{within}>"),
        (NodeKind::Child, None) => format!("<{element}>{own}"),
        (NodeKind::Child, Some(within)) => format!("<{element}><{within}>{own}"),
    }
}

#[test]
fn facts_leave_the_description() {
    let (description, facts) = described("Queue size. A power of two. Defaults to 256.");
    assert_eq!(description, "Queue size. A power of two.");
    assert_eq!(facts.default.as_deref(), Some("256"));
    assert_eq!(described("Defaults to 256. Zero turns it off.").0, "Defaults to 256. Zero turns it off.");
}
