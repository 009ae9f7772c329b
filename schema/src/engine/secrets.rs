//! Redaction: secrets are removed from XML that is stored or shown. The tables mark them.

use crate::engine::format::Format;
use crate::engine::import::{deciding, root_of};
use crate::engine::table::{Field, NodeKind, Schema, Type};
use crate::engine::text::Malformed;
use crate::engine::xml::{Element, escaped};
use std::cmp::Reverse;

/// Text in place of a secret.
pub const PLACEHOLDER: &str = "(secret)";

/// XML without its secrets, and the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// XML with [`PLACEHOLDER`] for each secret.
    pub root: Element,
    /// Secrets in the order of the XML.
    pub secrets: Vec<String>,
}

impl Taken {
    /// Returns the XML without the secrets as text.
    pub fn xml(&self) -> String {
        self.root.to_string()
    }
}

/// Removes the secrets from XML of a format.
///
/// # Errors
/// Why the text is no XML of the format, and where.
pub fn take(format: impl Into<&'static Format>, text: &str) -> Result<Taken, Malformed> {
    let format = format.into();
    let mut root = root_of(format, text)?;
    let mut secrets = Vec::new();
    take_from(&mut root, &[format.schema()], &mut secrets);
    Ok(Taken { root, secrets })
}

/// Returns a message without these secrets, neither as they are nor escaped as in XML. White space around a secret
/// stays.
pub fn hide(message: &str, secrets: &[String]) -> String {
    let forms = |secret: &str| [secret.to_owned(), escaped(secret, false), escaped(secret, true)];
    let secrets = secrets.iter().map(|secret| secret.trim()).filter(|secret| !secret.is_empty());
    let mut forms: Vec<String> = secrets.flat_map(forms).collect();
    // One secret may be the start of another.
    forms.sort_by_key(|form| Reverse(form.len()));
    let mut hidden = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(next) = rest.chars().next() {
        let found = forms.iter().find(|form| rest.starts_with(form.as_str()));
        match found {
            Some(_) => hidden.push_str(PLACEHOLDER),
            None => hidden.push(next),
        }
        rest = &rest[found.map_or(next.len_utf8(), String::len)..];
    }
    hidden
}

/// Removes the secrets from an element that has one of these tables.
fn take_from(element: &mut Element, schemas: &[&'static Schema], secrets: &mut Vec<String>) {
    let mut tables = Vec::new();
    schemas.iter().for_each(|schema| add_forms(schema, element, &mut tables));
    take_parts(element, &tables, None, secrets);
}

/// Adds a table and the tables of its form. If the form is unknown, adds those of all forms, since a newer form may
/// have a secret of any of them.
fn add_forms(schema: &'static Schema, element: &Element, tables: &mut Vec<&'static Schema>) {
    if !add(schema, tables) {
        return;
    }
    let Some(forms) = &schema.forms else { return };
    let variants = (forms.variants)();
    match deciding(variants, element).or(variants.default).and_then(|word| variants.variant(word)) {
        Some(form) => add_forms(form, element, tables),
        None => variants.variants.iter().for_each(|variant| add_forms(&variant.schema, element, tables)),
    }
}

/// Adds a table unless it is among the tables already, which keeps their number small for any XML.
fn add(schema: &'static Schema, tables: &mut Vec<&'static Schema>) -> bool {
    let is_new = !tables.iter().any(|other| std::ptr::eq(*other, schema));
    if is_new {
        tables.push(schema);
    }
    is_new
}

/// Removes the secrets from the parts of an element, or of the child that holds some of them in XML.
fn take_parts(element: &mut Element, tables: &[&'static Schema], within: Option<&str>, secrets: &mut Vec<String>) {
    let fields = || tables.iter().flat_map(|table| table.fields);
    let at = |node: NodeKind| fields().filter(move |field: &&Field| field.node == node && field.within == within);
    let is_secret = |node, name: &str| at(node).any(|field| field.secret && field.xml == name);
    for (name, value) in &mut element.attributes {
        if is_secret(NodeKind::Attribute, name) {
            take_text(value, secrets);
        }
    }
    if at(NodeKind::Text).any(|field| field.secret) {
        take_text(&mut element.text, secrets);
    }
    for child in &mut element.children {
        if is_secret(NodeKind::Child, &child.name) {
            take_text(&mut child.text, secrets);
        }
        let mut below = Vec::new();
        for field in at(NodeKind::Child).filter(|field| field.xml == child.name) {
            if let Type::Element(schema) = field.ty {
                add(schema(), &mut below);
            }
        }
        if !below.is_empty() {
            take_from(child, &below, secrets);
        } else if within.is_none() && fields().any(|field| field.within == Some(&child.name)) {
            let name = child.name.clone();
            take_parts(child, tables, Some(&name), secrets);
        }
    }
}

fn take_text(text: &mut String, secrets: &mut Vec<String>) {
    if !text.is_empty() {
        secrets.push(std::mem::replace(text, PLACEHOLDER.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::hide;
    use expect_test::expect;

    #[test]
    fn messages() {
        let secrets = ["a'b\n".to_owned(), "a'b<c".to_owned(), String::new()];
        expect!["no (secret) nor (secret) nor (secret) nor (secret)!"]
            .assert_eq(&hide("no a'b nor a'b<c nor a'b&lt;c nor a&apos;b!", &secrets));
    }
}
