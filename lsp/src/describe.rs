//! What is said of a place: the description and the facts of the reference.

use crate::catalog::{Argument, Setting, Template};
use crate::guide::Guide;
use crate::place::{Element, Found, Part, Slot};
use nixvirt_schema::engine::problem::listing;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::table::{Occurs, Type, Variants};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::facts::Facts;
use nixvirt_schema::reference::{Location, Reference, Step, types};

/// Returns what is said of a place, as Markdown.
pub fn place(slot: &Slot, guide: &Guide) -> Option<String> {
    Some(match slot {
        Slot::Field(found, element) | Slot::ByName(found, element) => field(*found, element, guide),
        Slot::Form(variants, element) => form(variants, element, guide),
        Slot::Setting(of) | Slot::Item(of) => setting(of),
        Slot::Argument(_, of) => argument(of),
        Slot::Template(of) => template(of, guide),
        Slot::Objects(kind) | Slot::Object(kind) => kind.schema().doc.to_owned(),
        Slot::Element(element) => element.schema.doc.to_owned(),
        Slot::Connections => "Declared objects of each libvirt connection, by connection URI.".to_owned(),
        Slot::Name(kind) => format!("Name of a {}.", kind.name()),
        Slot::Kind | Slot::InLibrary(_) | Slot::System | Slot::Virtualisation | Slot::Options | Slot::Connection => {
            return None;
        }
    })
}

/// Returns the type of a part in short.
pub fn type_of(part: Part) -> String {
    let field = match part {
        Part::Field(Found { field, .. }) => field,
        Part::Form(variants) => return listing(variants.words()),
    };
    let is_many = field.occurs == Occurs::Many;
    match field.ty {
        Type::Element(inner) => first_line(&types::element(inner(), "fields", is_many)),
        Type::Scalar(scalar @ Scalar::Enum(_)) => scalar.to_string(),
        _ => first_line(&types::field(field, is_many)),
    }
}

/// Returns the first line of a type, without the list of words that follows.
fn first_line(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    first.trim_end_matches("one of").trim_end_matches([',', ' ']).trim_end_matches("or").trim_end().to_owned()
}

/// Returns the location in the reference of what may stand at a place.
pub fn location(slot: &Slot) -> Option<Location> {
    match slot {
        Slot::Field(found, element) | Slot::ByName(found, element) => Some(element.location(*found)),
        Slot::Form(variants, element) => Some(Reference::get().element(element.schema).join(Step::Field(variants.tag))),
        Slot::Element(element) => Some(Reference::get().element(element.schema).clone()),
        Slot::Object(kind) | Slot::Objects(kind) => Some(Location::root(*kind)),
        _ => None,
    }
}

fn field(found: Found, element: &Element, guide: &Guide) -> String {
    let location = element.location(found);
    let (description, mut facts) = Facts::of_field(found.table, found.field, &location, element.xml);
    let is_many = found.field.occurs == Occurs::Many;
    facts.kind = match found.field.ty {
        Type::Element(inner) => types::element(inner(), "fields", is_many),
        _ => types::field(found.field, is_many),
    };
    section(&description, &facts, &location, element.kind, guide)
}

fn form(variants: &'static Variants, element: &Element, guide: &Guide) -> String {
    let location = Reference::get().element(element.schema).clone();
    let (description, facts) = Facts::of_deciding(variants, &location, element.xml);
    section(&description, &facts, &location.join(Step::Field(variants.tag)), element.kind, guide)
}

fn section(description: &str, facts: &Facts, location: &Location, kind: Kind, guide: &Guide) -> String {
    let reference = guide.field(location).map(|page| format!("[Reference]({page}) · ")).unwrap_or_default();
    format!("{description}\n\n{facts}\n{reference}[libvirt's manual]({})\n", kind.manual_of(&location.path()))
}

fn setting(of: &Setting) -> String {
    let default = of.default.as_ref().map(|default| format!("- Default: `{default}`\n"));
    let options: Vec<_> = of.settings.iter().map(|below| format!("`{}`", below.name)).collect();
    let description =
        if of.description.is_empty() { format!("Options: {}.", options.join(", ")) } else { of.description.clone() };
    format!("{description}\n\n- Type: {}\n{}", of.ty, default.unwrap_or_default())
}

/// Returns what is said of an argument of a template, as Markdown.
pub fn argument(of: &Argument) -> String {
    let fact = match (&of.default, of.required) {
        (_, true) => "\n\n- **Required**\n".to_owned(),
        (Some(default), _) => format!("\n\n- Default: `{default}`\n"),
        (None, _) => String::new(),
    };
    format!("{}{fact}", of.description)
}

/// Returns what is said of a template, as Markdown.
pub fn template(of: &Template, guide: &Guide) -> String {
    let reference = guide.template(of).map(|page| format!("\n[Reference]({page})\n")).unwrap_or_default();
    format!("`{}`\n\n{}\n{reference}", of.path(), of.description)
}
