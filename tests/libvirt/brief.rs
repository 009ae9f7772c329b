//! `nixvirt import --brief`: libvirt fills in what is left out, for every domain that libvirt tests itself with.

use crate::defined::{ALL, Seen, complete, define, undefine};
use nixvirt::brief::brief;
use nixvirt::inventory::Observed;
use nixvirt::object::Id;
use nixvirt::plan::preserve::{Found, preserve};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::render::render_types;
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirtd;
use nixvirt_tests::xml_equivalence::Canonical;

#[test]
fn libvirt_fills_in_what_is_left_out() {
    let _libvirtd = libvirtd::alone();
    let mut wrong = String::new();
    for Seen { file, brief, .. } in ALL.iter() {
        if let Some(difference) = &brief.adopted {
            wrong += &format!("{file} is adopted with another definition: {difference}\n");
        }
        if let Some(difference) = &brief.made {
            wrong += &format!("{file} is made with another definition: {difference}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(ALL.len() > 1000, "only {} domains were defined", ALL.len());
    let lines: usize = ALL.iter().map(|seen| seen.brief.whole_lines).sum();
    let brief_lines: usize = ALL.iter().map(|seen| seen.brief.lines).sum();
    assert!(brief_lines * 10 < lines * 6, "{brief_lines} of {lines} lines");
}

/// What becomes of a domain in its brief form.
pub struct Brief {
    /// The number of lines of the brief form.
    lines: usize,
    /// The number of lines of the whole definition.
    whole_lines: usize,
    /// How the definition differs if a domain that exists is adopted by its brief form.
    adopted: Option<String>,
    /// How the definition differs if a domain is defined again by its brief form.
    made: Option<String>,
}

/// Adopts a domain by its brief form, and defines it again by that. Undefines the domain.
pub fn shorten(connection: &Connection, id: &Id, declared: &Element, observed: &Observed) -> Brief {
    let definition = complete(observed);
    let short = brief(&definition).to_string();
    let spec = import(Kind::Domain, &short).expect("it is imported");
    let short = xml::element(&render_types(Kind::Domain, &spec).xml).expect("XML");
    let (lines, whole_lines) = [&short, &definition].map(|it| it.to_string().lines().count()).into();
    // A domain that exists stays as it is.
    let adopted = preserve(&short, None, Found::of(observed).expect("it was read"));
    let adopted = adopted.map_err(|reason| format!("{reason:?}"));
    let adopted = adopted.and_then(|adopted| define(connection, &adopted.definition));
    let adopted = difference(&definition, adopted);
    undefine(connection, id);
    let made = define(connection, &short);
    let (before, made) = if has_choices(declared) {
        (without_choices(&definition), made.map(|made| without_choices(&complete(&made))))
    } else {
        (definition, made.map(|made| complete(&made)))
    };
    undefine(connection, id);
    Brief { lines, whole_lines, adopted, made: difference_of(&before, made) }
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
