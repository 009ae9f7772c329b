//! Secrets in XML: the tables mark them, and along the tables they are taken out of what is kept or shown.

use crate::import::{deciding, root_of};
use crate::kind::Kind;
use crate::table::{Field, Place, Schema, Type};
use crate::text::Malformed;
use crate::xml::{Element, escaped};
use std::cmp::Reverse;

/// What stands where a secret was.
pub const PLACEHOLDER: &str = "(secret)";

/// XML, and the secrets that were in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The XML, with [`PLACEHOLDER`] for each secret.
    pub root: Element,
    /// The secrets in the order of the XML.
    pub secrets: Vec<String>,
}

impl Taken {
    /// The XML without the secrets, as text.
    pub fn xml(&self) -> String {
        self.root.to_string()
    }
}

/// Takes the secrets out of the XML of an object of that kind. An error is text that is no such XML.
pub fn take(kind: Kind, text: &str) -> Result<Taken, Malformed> {
    let mut root = root_of(kind, text)?;
    let mut secrets = Vec::new();
    take_from(&mut root, &[kind.schema()], &mut secrets);
    Ok(Taken { root, secrets })
}

/// A message without these secrets, neither as they are nor as XML has them. White space around them is no part of them.
pub fn hide(message: &str, secrets: &[String]) -> String {
    let forms = |secret: &str| [secret.to_owned(), escaped(secret, false), escaped(secret, true)];
    let secrets = secrets.iter().map(|secret| secret.trim()).filter(|secret| !secret.is_empty());
    let mut forms: Vec<String> = secrets.flat_map(forms).collect();
    // One may be the start of another.
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

/// Takes the secrets out of an element that has one of these tables.
fn take_from(element: &mut Element, schemas: &[&'static Schema], secrets: &mut Vec<String>) {
    let mut tables = Vec::new();
    schemas.iter().for_each(|schema| add_forms(schema, element, &mut tables));
    take_parts(element, &tables, None, secrets);
}

/// Adds a table, and those of the form that the element has; of each form where it has none that is known, for a secret
/// of any of them may be one of the newer form.
fn add_forms(schema: &'static Schema, element: &Element, tables: &mut Vec<&'static Schema>) {
    if !add(schema, tables) {
        return;
    }
    let Some(forms) = &schema.forms else { return };
    let cases = (forms.cases)();
    match deciding(cases, element).or(cases.default).and_then(|word| cases.case(word)) {
        Some(form) => add_forms(form, element, tables),
        None => cases.cases.iter().for_each(|case| add_forms(&case.schema, element, tables)),
    }
}

/// Adds a table unless it is there, so that no XML makes them many.
fn add(schema: &'static Schema, tables: &mut Vec<&'static Schema>) -> bool {
    let is_new = !tables.iter().any(|other| std::ptr::eq(*other, schema));
    if is_new {
        tables.push(schema);
    }
    is_new
}

/// Takes the secrets out of an element's parts, given its tables; or out of those of the child that the tables lift
/// parts out of.
fn take_parts(element: &mut Element, tables: &[&'static Schema], within: Option<&str>, secrets: &mut Vec<String>) {
    let fields = || tables.iter().flat_map(|table| table.fields);
    let at = |place: Place| fields().filter(move |field: &&Field| field.place == place && field.within == within);
    let is_secret = |place, name: &str| at(place).any(|field| field.secret && field.xml == name);
    for (name, value) in &mut element.attributes {
        if is_secret(Place::Attribute, name) {
            take_text(value, secrets);
        }
    }
    if at(Place::Text).any(|field| field.secret) {
        take_text(&mut element.text, secrets);
    }
    for child in &mut element.children {
        if is_secret(Place::Child, &child.name) {
            take_text(&mut child.text, secrets);
        }
        let mut below = Vec::new();
        for field in at(Place::Child).filter(|field| field.xml == child.name) {
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
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(kind: Kind, xml: &str, expected: Expect) {
        expected.assert_eq(&match take(kind, xml) {
            Ok(taken) => format!("{}{:?}\n", taken.xml(), taken.secrets),
            Err(why) => format!("{why}\n"),
        });
    }

    #[test]
    fn a_domain() {
        check(
            Kind::Domain,
            "<domain type='kvm'>
               <os><type arch='x86_64'>hvm</type></os>
               <devices>
                 <disk type='network'>
                   <source protocol='https' name='a'>
                     <host name='b'/>
                     <cookies><cookie name='one'>first</cookie><cookie name='two'>second</cookie></cookies>
                   </source>
                   <target dev='vda'/>
                 </disk>
                 <graphics type='vnc' passwd='a&amp;b' port='5900'/>
                 <graphics type='spice' passwd=''/>
                 <graphics type='telepathy' passwd='thought'/>
               </devices>
             </domain>",
            expect![[r#"
                <domain type='kvm'>
                  <os>
                    <type arch='x86_64'>hvm</type>
                  </os>
                  <devices>
                    <disk type='network'>
                      <source protocol='https' name='a'>
                        <host name='b'/>
                        <cookies>
                          <cookie name='one'>(secret)</cookie>
                          <cookie name='two'>(secret)</cookie>
                        </cookies>
                      </source>
                      <target dev='vda'/>
                    </disk>
                    <graphics type='vnc' passwd='(secret)' port='5900'/>
                    <graphics type='spice' passwd=''/>
                    <graphics type='telepathy' passwd='(secret)'/>
                  </devices>
                </domain>
                ["first", "second", "a&b", "thought"]
            "#]],
        );
    }

    #[test]
    fn the_domain_in_a_snapshot() {
        check(
            Kind::Snapshot,
            "<domainsnapshot><name>a</name><domain type='qemu'><devices><graphics type='vnc' passwd='x'/></devices></domain>
             <inactiveDomain type='qemu'><devices><graphics type='vnc' passwd='y'/></devices></inactiveDomain></domainsnapshot>",
            expect![[r#"
                <domainsnapshot>
                  <name>a</name>
                  <domain type='qemu'>
                    <devices>
                      <graphics type='vnc' passwd='(secret)'/>
                    </devices>
                  </domain>
                  <inactiveDomain type='qemu'>
                    <devices>
                      <graphics type='vnc' passwd='(secret)'/>
                    </devices>
                  </inactiveDomain>
                </domainsnapshot>
                ["x", "y"]
            "#]],
        );
    }

    #[test]
    fn what_is_no_such_xml() {
        check(
            Kind::Domain,
            "<network/>",
            expect![[r#"
            line 1, column 1: expected <domain>, found <network>
        "#]],
        );
        check(
            Kind::Domain,
            "<domain>",
            expect![[r#"
            line 1, column 9: <domain> is not closed
        "#]],
        );
    }

    #[test]
    fn no_table_is_walked_twice_for_forms_that_are_not_known() {
        let deep = "<backingStore type='x'><source/>".repeat(100) + &"</backingStore>".repeat(100);
        let xml = format!("<domain><devices><disk type='x'>{deep}</disk></devices></domain>");
        assert_eq!(take(Kind::Domain, &xml).map(|taken| taken.secrets), Ok(Vec::new()));
    }

    #[test]
    fn messages() {
        let secrets = ["a'b\n".to_owned(), "a'b<c".to_owned(), String::new()];
        expect!["no (secret) nor (secret) nor (secret) nor (secret)!"]
            .assert_eq(&hide("no a'b nor a'b<c nor a'b&lt;c nor a&apos;b!", &secrets));
    }
}
