//! Secrets in XML: they are removed from what is stored or shown, or come from files. The tables mark them.

use crate::engine::format::Format;
use crate::engine::import::{deciding, root_of};
use crate::engine::table::{Field, NodeKind, Schema, Type};
use crate::engine::text::Malformed;
use crate::engine::xml::{Element, escaped};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::cmp::Reverse;

/// Selects fields of the tables.
type Selects = fn(&Field) -> bool;

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
    visit(&mut root, &[format.schema()], |field| field.secret, &mut |text| take_text(text, &mut secrets));
    Ok(Taken { root, secrets })
}

/// Calls a function with each text of an element that may hold placeholders for secrets in files.
pub fn visit_placeholders(
    format: impl Into<&'static Format>,
    root: &mut Element,
    on_text: &mut dyn FnMut(&mut String),
) {
    visit(root, &[format.into().schema()], |field| field.placeholders, on_text);
}

/// Secrets with fewer characters are removed from a message only where they are a whole value, between quotes or in XML
/// between tags: other words of a message contain them as well.
const SHORT: usize = 4;

/// Returns a message without these secrets, neither as they are nor escaped as in XML, JSON, a URL or base64. White space
/// around a secret stays.
pub fn hide(message: &str, secrets: &[String]) -> String {
    let secrets = secrets.iter().map(|secret| secret.trim()).filter(|secret| !secret.is_empty());
    let mut forms: Vec<(String, bool)> = secrets
        .flat_map(|secret| {
            let is_short = secret.chars().count() < SHORT;
            forms_of(secret).into_iter().map(move |form| (form, is_short))
        })
        .collect();
    // One secret may be the start of another.
    forms.sort_by_key(|(form, _)| Reverse(form.len()));
    let mut hidden = String::with_capacity(message.len());
    let mut rest = message;
    let mut before = None;
    while let Some(next) = rest.chars().next() {
        let is_found = |(form, is_short): &&(String, bool)| {
            let after = |rest: &str| rest.chars().next();
            rest.strip_prefix(form.as_str()).is_some_and(|rest| !is_short || is_whole(before, after(rest)))
        };
        let found = forms.iter().find(is_found).map(|(form, _)| form);
        match found {
            Some(_) => hidden.push_str(PLACEHOLDER),
            None => hidden.push(next),
        }
        let taken = found.map_or(next.len_utf8(), String::len);
        before = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
    hidden
}

/// Returns whether text between these characters is a whole value: `'a'`, `"a"`, `>a<`.
fn is_whole(before: Option<char>, after: Option<char>) -> bool {
    matches!((before, after), (Some('\''), Some('\'')) | (Some('"'), Some('"')) | (Some('>'), Some('<')))
}

/// Returns the forms in which a message may quote a secret.
fn forms_of(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let url: String = secret.bytes().map(percent_encoded).collect();
    vec![
        secret.to_owned(),
        escaped(secret, false),
        escaped(secret, true),
        json.trim_matches('"').to_owned(),
        url.to_lowercase(),
        url,
        STANDARD_NO_PAD.encode(secret),
    ]
}

/// Returns a byte as in a URL.
fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Calls a function with the text of each selected field of an element that has one of these tables.
fn visit(element: &mut Element, schemas: &[&'static Schema], selects: Selects, on_text: &mut dyn FnMut(&mut String)) {
    let mut tables = Vec::new();
    schemas.iter().for_each(|schema| add_forms(schema, element, &mut tables));
    visit_parts(element, &tables, None, selects, on_text);
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

/// Visits the parts of an element, or of the child that holds some of them in XML.
fn visit_parts(
    element: &mut Element,
    tables: &[&'static Schema],
    within: Option<&str>,
    selects: Selects,
    on_text: &mut dyn FnMut(&mut String),
) {
    let fields = || tables.iter().flat_map(|table| table.fields);
    let at = |node: NodeKind| fields().filter(move |field: &&Field| field.node == node && field.within == within);
    let is_selected = |node, name: &str| at(node).any(|field| selects(field) && field.xml == name);
    for (name, value) in &mut element.attributes {
        if is_selected(NodeKind::Attribute, name) {
            on_text(value);
        }
    }
    if at(NodeKind::Text).any(selects) {
        on_text(&mut element.text);
    }
    for child in &mut element.children {
        if is_selected(NodeKind::Child, &child.name) {
            on_text(&mut child.text);
        }
        let mut below = Vec::new();
        for field in at(NodeKind::Child).filter(|field| field.xml == child.name) {
            if let Type::Element(schema) = field.ty {
                add(schema(), &mut below);
            }
        }
        if !below.is_empty() {
            visit(child, &below, selects, on_text);
        } else if within.is_none() && fields().any(|field| field.within == Some(&child.name)) {
            let name = child.name.clone();
            visit_parts(child, tables, Some(&name), selects, on_text);
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
        let secrets = ["ha'b\n".to_owned(), "ha'b<c".to_owned(), String::new()];
        expect!["no (secret) nor (secret) nor (secret) nor (secret)!"]
            .assert_eq(&hide("no ha'b nor ha'b<c nor ha'b&lt;c nor ha&apos;b!", &secrets));
    }

    #[test]
    fn escaped_secrets() {
        let secrets = ["pa&ss \"w\\rd\"".to_owned()];
        let forms = [
            "<a>pa&amp;ss \"w\\rd\"</a>",
            "<a b='pa&amp;ss &quot;w\\rd&quot;'/>",
            r#"{"a":"pa&ss \"w\\rd\""}"#,
            "http://a:pa%26ss%20%22w%5Crd%22@b",
            "cGEmc3MgIndccmQi",
        ];
        expect![[r#"
            <a>(secret)</a>
            <a b='pa&amp;ss &quot;w\rd&quot;'/>
            {"a":"(secret)""}
            http://a:(secret)@b
            (secret)
        "#]]
        .assert_eq(&forms.map(|form| hide(form, &secrets) + "\n").concat());
    }

    #[test]
    fn a_short_secret_ruins_no_message() {
        let secrets = ["a".to_owned(), "no".to_owned()];
        expect!["cannot start a guest: no passwd='(secret)' or \"(secret)\" nor <value>(secret)</value>"]
            .assert_eq(&hide("cannot start a guest: no passwd='a' or \"no\" nor <value>a</value>", &secrets));
    }
}
