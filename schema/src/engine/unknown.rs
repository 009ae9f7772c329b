//! What to say about an attribute that an element does not have: where it belongs, or which name was probably meant.

use crate::engine::message;
use crate::engine::problem::{closest, listing};
use crate::engine::table::{Field, Schema, Tables, Type, Variant, Variants};

/// An element while it is read: the field that holds it, and its tables. The outermost element has no field.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub field: Option<&'static Field>,
    pub tables: Tables,
}

/// Problem of an attribute that an element does not have.
pub(super) struct Advice {
    /// Where the attribute belongs, or what is expected.
    pub message: String,
    pub suggestion: Option<String>,
    pub hint: Option<&'static str>,
}

/// Returns advice on an attribute that the last of the open elements does not have.
pub(super) fn advise(name: &str, aliases: &[(&str, &'static str)], open: &[Open]) -> Advice {
    let say = |message: String| Advice { message, suggestion: None, hint: None };
    let suggest = |meant: String| Advice { suggestion: Some(meant), ..say(message::unknown_attribute(name)) };
    let Some((Open { field, tables }, above)) = open.split_last() else {
        return say(message::unknown_attribute(name));
    };
    if let Some((_, meant)) = aliases.iter().find(|(alias, _)| *alias == name && above.is_empty()) {
        return suggest((*meant).to_owned());
    }
    if let Some(form) = other_form(tables, |other| has_name(other, name)) {
        return say(message::belongs_to(name, form));
    }
    if let Some((Open { tables: parent, .. }, field)) = above.last().zip(*field) {
        let is_field = |it: &Field| it.name == field.name && element(it).is_some_and(|inner| has_name(inner, name));
        if let Some(form) = other_form(parent, |other| every_field(other).iter().any(|it| is_field(it))) {
            return say(message::part_belongs_to(field.name, name, form));
        }
    }
    let children: Vec<_> = tables.fields().filter_map(|(_, field)| Some((field.name, element(field)?))).collect();
    let direct =
        unique(children.iter().filter(|(_, inner)| has_name(inner, name)).map(|(path, _)| message::path(path)));
    if let 1..=MOST_PLACES = direct.len() {
        return say(message::belongs_under(name, listing(direct.iter().map(String::as_str))));
    }
    let known = names(tables);
    if let Some(near) = closest(name, known.iter().copied()) {
        return suggest(near.to_owned());
    }
    let deeper = children.iter().flat_map(|(path, inner)| {
        let inner = every_field(inner).into_iter();
        let inner = inner.filter(|field| element(field).is_some_and(|it| has_name(it, name)));
        inner.map(move |field| format!("{path}.{}", field.name))
    });
    if let [only] = unique(deeper).as_slice() {
        return say(message::belongs_under(name, message::path(only)));
    }
    let nested =
        || children.iter().flat_map(|(path, inner)| every_field(inner).into_iter().map(move |it| (path, it.name)));
    if let Some(near) = closest(name, nested().map(|(_, name)| name)) {
        let path = nested().find(|(_, name)| *name == near).map(|(path, _)| path);
        return suggest(path.map_or(near.to_owned(), |path| format!("{path}.{near}")));
    }
    let reason = match known.as_slice() {
        [] => message::no_attributes().to_owned(),
        _ => message::expected(listing(known.into_iter())),
    };
    Advice { hint: Some(message::newer_libvirt()), ..say(message::unexpected_attribute(name, reason)) }
}

/// Returns the names of the attributes of an element: in any of its forms, if its own attributes choose none.
fn names(tables: &Tables) -> Vec<&'static str> {
    let forms = tables.iter().last().map_or(&[][..], |(innermost, _)| variants_of(innermost));
    let open = forms.iter().flat_map(|form| every_field(&form.schema));
    tables.names().chain(open.map(|field| field.name)).collect()
}

/// Maximum number of places that are listed for an attribute that is in the wrong place.
const MOST_PLACES: usize = 3;

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// Returns the other form of an element whose table fits, such as `type "bridge", and type is "user"`.
fn other_form(tables: &Tables, fits: impl Fn(&'static Schema) -> bool) -> Option<String> {
    chosen(tables).find_map(|(variants, chosen)| {
        let words = variants.variants.iter().filter(|variant| fits(&variant.schema)).map(|it| format!("{:?}", it.word));
        let words: Vec<_> = words.collect();
        let Variants { tag, .. } = variants;
        let is_other = !words.is_empty() && !fits(&chosen.schema);
        is_other.then(|| message::other_form(tag, listing(words.iter().map(String::as_str)), chosen.word))
    })
}

/// Returns the forms that an element has, outermost first.
fn chosen(tables: &Tables) -> impl Iterator<Item = (&'static Variants, &'static Variant)> {
    let schemas: Vec<_> = tables.iter().map(|(schema, _)| schema).collect();
    let pairs: Vec<_> = schemas.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.into_iter().filter_map(|(outer, inner)| {
        let variants = (outer.forms.as_ref()?.variants)();
        Some((variants, variants.variants.iter().find(|variant| std::ptr::eq(&variant.schema, inner))?))
    })
}

/// Returns whether an element has an attribute or child of that name in any of its forms.
pub(super) fn has_name(schema: &'static Schema, name: &str) -> bool {
    schema.field(name).is_some() || variants_of(schema).iter().any(|variant| has_name(&variant.schema, name))
}

/// Returns the field of that name, if it is the same in all forms that have it.
pub(super) fn in_all_forms(schema: &'static Schema, name: &str) -> Option<&'static Field> {
    let mut named = every_field(schema).into_iter().filter(|field| field.name == name);
    let first = named.next()?;
    let is_same = |field: &Field| {
        let is_type = match (field.ty, first.ty) {
            (Type::Element(one), Type::Element(other)) => std::ptr::eq(one(), other()),
            (Type::Scalar(one), Type::Scalar(other)) => std::ptr::eq(one, other),
            (Type::Present, Type::Present) | (Type::Xml, Type::Xml) => true,
            _ => false,
        };
        is_type && field.xml == first.xml && field.node == first.node && field.occurs == first.occurs
    };
    let is_alone = first.unit.is_none() && first.within.is_none();
    if is_alone && named.all(is_same) { Some(first) } else { None }
}

/// Returns the fields of an element in all of its forms.
fn every_field(schema: &'static Schema) -> Vec<&'static Field> {
    let forms = variants_of(schema).iter().flat_map(|variant| every_field(&variant.schema));
    schema.fields.iter().chain(forms).collect()
}

fn variants_of(schema: &'static Schema) -> &'static [Variant] {
    schema.forms.as_ref().map_or(&[], |forms| (forms.variants)().variants)
}

fn element(field: &Field) -> Option<&'static Schema> {
    match field.ty {
        Type::Element(schema) => Some(schema()),
        _ => None,
    }
}

/// Returns the form that a set without a valid deciding attribute probably has: the only one that has the most of the
/// set's attributes and of those below them.
pub(super) fn likely(variants: &'static Variants, value: crate::engine::value::Value<'_>) -> Option<&'static str> {
    let score = |variant: &'static Variant| -> usize {
        let known =
            |name: &str| every_field(&variant.schema).into_iter().filter(|it| it.name == name).collect::<Vec<_>>();
        let points = value.children().map(|child| {
            let fields = known(child.key());
            let inner = fields.iter().filter_map(|field| element(field));
            let below = inner.map(|inner| child.children().filter(|it| has_name(inner, it.key())).count()).max();
            usize::from(!fields.is_empty()) + below.unwrap_or_default()
        });
        points.sum()
    };
    let scores: Vec<_> = variants.variants.iter().map(|variant| (score(variant), variant.word)).collect();
    let most = scores.iter().map(|(points, _)| *points).max().filter(|points| *points > 0)?;
    let mut best = scores.iter().filter(|(points, _)| *points == most);
    best.next().filter(|_| best.next().is_none()).map(|(_, word)| *word)
}
