//! Whether a set holds items by name, or is one item whose name is missing: the name of an item may be that of a field of an item.
//! `nix-lib/modules/by-name.nix` has the same rule.

use crate::nix::functions::content;
use crate::nix::value::{Data, Entry, Set, Value};
use crate::place::{Place, Slot};
use crate::values;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::shorthand::Shorthand;
use nixvirt_schema::engine::table::{Field, Type};
use std::cmp::Ordering;

/// How an attribute reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// As an item of that name.
    Item,
    /// As a field of an item.
    Field,
    /// As an item or as a field.
    Either,
    /// Only evaluation tells.
    Unknown,
    /// As neither: the value is null.
    Nothing,
}

/// Part of an item, or the item itself.
enum Part {
    /// What may stand at one of these places.
    At(Vec<Slot>),
    /// What the tables lack.
    Extra,
    /// Text in `extra`, or the attributes there.
    InExtra,
}

impl Part {
    /// Returns the part of that name in the set of this one.
    fn part(&self, name: &str) -> Option<Part> {
        match self {
            Part::At(slots) => {
                let inner: Vec<_> = slots.iter().flat_map(|slot| slot.in_any_form(name)).collect();
                let has_extra = || slots.iter().any(|slot| Place::empty(*slot).element().is_some());
                match inner.is_empty() {
                    true => (name == "extra" && has_extra()).then_some(Part::Extra),
                    false => Some(Part::At(inner)),
                }
            }
            Part::Extra => matches!(name, "attributes" | "xml").then_some(Part::InExtra),
            Part::InExtra => None,
        }
    }

    /// Returns whether a value may be one of this part.
    fn fits(&self, value: &Value) -> bool {
        match self {
            Part::At(slots) => slots.iter().any(|slot| fits(*slot, value)),
            Part::Extra => value.set().is_some(),
            Part::InExtra => true,
        }
    }

    /// Returns the number of attributes of a set that are parts of this one, with a value that fits.
    fn fitting(&self, set: &Set) -> usize {
        let named = set.entries.iter().filter_map(|entry| Some((entry.name.as_deref()?, &entry.value)));
        named.filter(|(name, value)| self.part(name).is_some_and(|part| part.fits(value))).count()
    }
}

fn fits(slot: Slot, value: &Value) -> bool {
    match slot {
        Slot::Form(variants, _) => {
            value.set().is_none() && value.text().is_none_or(|word| variants.variant(word).is_some())
        }
        Slot::Field(found, _) | Slot::ByName(found, _) => fits_field(found.field, value),
        Slot::Setting(setting) => values::takes(setting, value),
        _ => true,
    }
}

fn fits_field(field: &Field, value: &Value) -> bool {
    match (field.ty, &value.data) {
        (Type::Element(_) | Type::Present, Data::Set(_)) => true,
        (_, Data::Set(_)) => false,
        (Type::Scalar(scalar), Data::Text(text)) => fits_scalar(scalar, text),
        (Type::Element(schema), Data::Text(text)) => match schema().shorthand {
            Shorthand::None => false,
            Shorthand::Text(at) | Shorthand::Switch(at) => match schema().fields[usize::from(at)].ty {
                Type::Scalar(scalar) => fits_scalar(scalar, text),
                _ => true,
            },
            Shorthand::Size { .. } | Shorthand::Presence | Shorthand::Notation(_) => true,
        },
        (Type::Element(schema), Data::Bool(_) | Data::Int(_) | Data::Float(_)) => {
            !matches!(schema().shorthand, Shorthand::None)
        }
        _ => true,
    }
}

/// Returns whether a text is one of the words of a scalar, if the scalar has only words.
fn fits_scalar(scalar: &Scalar, text: &str) -> bool {
    match scalar {
        Scalar::Enum(_) | Scalar::Switch { .. } => scalar.known().contains(&text),
        Scalar::Either(all) => all.iter().any(|scalar| fits_scalar(scalar, text)),
        _ => true,
    }
}

/// Returns the attributes of a set that are fields of an item; none if the set holds items by name. Beside an item, what reads as
/// either is an item.
pub fn fields_of_one(item: Slot, items: &Set) -> Vec<&Entry> {
    let item = Part::At(vec![item]);
    let readings: Vec<_> = items.entries.iter().map(|entry| reading(&item, entry)).collect();
    let has = |reading| readings.contains(&reading);
    let is_field = |reading| match reading {
        Reading::Field => true,
        Reading::Either => !has(Reading::Item) && (has(Reading::Field) || !(items.is_open || has(Reading::Unknown))),
        Reading::Unknown => !has(Reading::Item) && has(Reading::Field),
        Reading::Item | Reading::Nothing => false,
    };
    let named = items.entries.iter().zip(&readings);
    let mut fields: Vec<_> = named.filter(|(_, reading)| is_field(**reading)).map(|(entry, _)| entry).collect();
    fields.sort_by(|one, other| one.name.cmp(&other.name));
    fields
}

fn reading(item: &Part, entry: &Entry) -> Reading {
    let Some(field) = entry.name.as_deref().and_then(|name| item.part(name)) else { return Reading::Item };
    match content(&entry.value).data {
        Data::Null => Reading::Nothing,
        Data::Set(set) => match item.fitting(&set).cmp(&field.fitting(&set)) {
            Ordering::Greater => Reading::Item,
            Ordering::Less => Reading::Field,
            Ordering::Equal if set.is_open => Reading::Unknown,
            Ordering::Equal => Reading::Either,
        },
        Data::Function(_) | Data::Partial(_) | Data::Either(_) | Data::Marked(_) | Data::Named(_) => Reading::Unknown,
        _ => Reading::Field,
    }
}

/// Returns the names of attributes, as messages list them.
pub fn names(entries: &[&Entry]) -> String {
    entries.iter().filter_map(|entry| entry.name.as_deref()).collect::<Vec<_>>().join(", ")
}

/// Returns a name that a device of a kind may have.
pub fn any_name(kind: &str) -> &'static str {
    match kind {
        "disk" => "vda",
        "graphics" => "vnc",
        _ => "first",
    }
}
