//! `nixvirt import --brief`: libvirt fills in what is left out, for every domain that libvirt tests itself with.

use crate::defined::{complete, undefine};
use nixvirt::brief::brief;
use nixvirt::inventory::Observed;
use nixvirt::object::{Id, Type};
use nixvirt::plan::preserve::{Found, preserve};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::render::render_types;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::{corpus, renamed};
use nixvirt_tests::libvirtd::{self, URI};
use nixvirt_tests::xml_equivalence::Canonical;
use std::time::Duration;

#[test]
fn libvirt_fills_in_what_is_left_out() {
    let _libvirtd = libvirtd::alone();
    let connection = Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers");
    let id = Id::new(Type::Domain, "brief");
    let mut wrong = String::new();
    let (mut count, mut lines, mut brief_lines) = (0, 0, 0);
    for document in corpus(Kind::Domain) {
        let file = document.path.file_stem().expect("it is a file").to_string_lossy().into_owned();
        let declared = renamed(Kind::Domain, document.root, &id.name);
        let Ok(whole) = define(&connection, &declared) else { continue };
        count += 1;
        let definition = complete(&whole);
        let short = brief(&definition).to_string();
        let spec = import(Kind::Domain, &short).expect("it is imported");
        let short = xml::element(&render_types(Kind::Domain, &spec).xml).expect("XML");
        lines += definition.to_string().lines().count();
        brief_lines += short.to_string().lines().count();
        // A domain that exists stays as it is.
        let adopted = preserve(&short, None, Found::of(&whole).expect("it was read"));
        let adopted = adopted.map_err(|reason| format!("{reason:?}"));
        let adopted = adopted.and_then(|adopted| define(&connection, &adopted.definition));
        if let Some(difference) = difference(&definition, adopted) {
            wrong += &format!("{file} is adopted with another definition: {difference}\n");
        }
        undefine(&connection, &id);
        let made = define(&connection, &short);
        let (before, made) = if has_choices(&declared) {
            (without_choices(&definition), made.map(|made| without_choices(&complete(&made))))
        } else {
            (definition, made.map(|made| complete(&made)))
        };
        if let Some(difference) = difference_of(&before, made) {
            wrong += &format!("{file} is made with another definition: {difference}\n");
        }
        undefine(&connection, &id);
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 1000, "only {count} domains were defined");
    assert!(brief_lines * 10 < lines * 6, "{brief_lines} of {lines} lines");
}

/// Defines a domain, and reads what libvirt makes of it.
fn define(connection: &Connection, domain: &Element) -> Result<Observed, String> {
    let object = connection.define(Type::Domain, &domain.to_string()).map_err(|error| error.line())?;
    connection.observe(&object).map_err(|error| error.line())
}

fn difference(before: &Element, after: Result<Observed, String>) -> Option<String> {
    difference_of(before, after.map(|after| complete(&after)))
}

fn difference_of(before: &Element, after: Result<Element, String>) -> Option<String> {
    match after {
        Ok(after) => Canonical::of(&sorted(before)).difference(&Canonical::of(&sorted(&after))),
        Err(error) => Some(error),
    }
}

/// Whether a document chooses what libvirt chooses otherwise: addresses, controllers, or the version of the machine type.
fn has_choices(domain: &Element) -> bool {
    matches!(domain.name.as_str(), "address" | "controller")
        || (domain.name == "type" && domain.attribute("machine").is_some_and(|machine| machine.contains('-')))
        || domain.children.iter().any(has_choices)
}

/// A domain without these choices.
fn without_choices(domain: &Element) -> Element {
    let mut domain = domain.clone();
    domain.attributes.retain(|(name, _)| name != "machine");
    domain.children.retain(|child| !matches!(child.name.as_str(), "address" | "controller"));
    domain.children = domain.children.iter().map(without_choices).collect();
    domain
}

/// A domain with its devices in an order that is the same for the same devices.
fn sorted(domain: &Element) -> Element {
    let mut domain = domain.clone();
    for devices in domain.children.iter_mut().filter(|child| child.name == "devices") {
        devices.children.sort_by_cached_key(ToString::to_string);
    }
    domain
}
