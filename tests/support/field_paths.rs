//! Follows the path of a part of a document through the tables.

use crate::relax_ng::Steps;
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::table::{Field, NodeKind, Schema, Type};
use nixvirt_schema::kind::Kind;

/// All places in the tables to which a path leads: several, where forms differ in what they hold.
pub struct Targets(Vec<Target>);

/// A place, and the release of libvirt that introduced the newest step to it.
struct Target {
    place: Place,
    since: Option<Release>,
}

enum Place {
    /// An element that has a table.
    Element(&'static Schema),
    /// A child whose parts are in the table of its parent.
    Lifted(&'static Schema, String),
    /// An element that contains only a value.
    Word(&'static Scalar),
    /// An attribute or a text.
    Value(&'static Scalar),
    /// An element that may contain anything.
    Free,
    /// An empty element, or a literal value.
    End,
}

impl Targets {
    /// The places of the part at the end of those steps.
    pub fn of(kind: Kind, steps: &Steps) -> Self {
        let mut steps = steps.iter();
        let is_root = steps.next().is_some_and(|root| root == kind.root());
        let root = if is_root { tables(kind.schema(), None) } else { Vec::new() };
        Targets(steps.fold(root, |targets, step| targets.iter().flat_map(|target| target.step(step)).collect()))
    }

    /// Whether there is any place.
    pub fn exist(&self) -> bool {
        !self.0.is_empty()
    }

    /// The release of libvirt that introduced the part: of several places, the oldest.
    pub fn since(&self) -> Option<Release> {
        self.0.iter().map(|target| target.since).min().flatten()
    }
}

impl Target {
    fn step(&self, step: &str) -> Vec<Target> {
        let after = |place: Place, since: Option<Release>| Target { place, since: self.since.max(since) };
        if let Some(value) = step.strip_prefix('=') {
            return match self.place {
                Place::Value(scalar) if scalar.print_text(value).is_ok() => {
                    vec![after(Place::End, scalar.since(value))]
                }
                Place::Free => vec![after(Place::Free, None)],
                _ => Vec::new(),
            };
        }
        let held = |field: &Field| held(field, self.since.max(field.since));
        let (place, name) = match (step, step.strip_prefix('@')) {
            (_, Some(name)) => (NodeKind::Attribute, name),
            ("text()", _) => (NodeKind::Text, ""),
            _ => (NodeKind::Child, step),
        };
        match &self.place {
            Place::Element(schema) => {
                let is_it = |field: &&Field| field.node == place && (place == NodeKind::Text || field.xml == name);
                let own = schema.fields.iter().filter(|field| field.within.is_none()).filter(is_it).flat_map(held);
                let is_lifted =
                    place == NodeKind::Child && schema.fields.iter().any(|field| field.within == Some(name));
                own.chain(is_lifted.then(|| after(Place::Lifted(schema, name.to_owned()), None))).collect()
            }
            Place::Lifted(schema, child) => {
                let is_it = |field: &&Field| {
                    field.within == Some(child) && field.node == place && (place == NodeKind::Text || field.xml == name)
                };
                schema.fields.iter().filter(is_it).flat_map(held).collect()
            }
            Place::Word(scalar) if place == NodeKind::Text => vec![after(Place::Value(scalar), None)],
            Place::Free => vec![after(Place::Free, None)],
            Place::Word(_) | Place::Value(_) | Place::End => Vec::new(),
        }
    }
}

/// The places below a field, which a release of libvirt introduced.
fn held(field: &Field, since: Option<Release>) -> Vec<Target> {
    let place = match (field.ty, field.node) {
        (Type::Element(schema), _) => return tables(schema(), since),
        (Type::Xml, _) => Place::Free,
        (Type::Scalar(scalar), NodeKind::Child) => Place::Word(scalar),
        (Type::Scalar(scalar), _) => Place::Value(scalar),
        (Type::Present, _) => Place::End,
    };
    vec![Target { place, since }]
}

/// The table of an element, and those of all its forms, given the release of libvirt that introduced the element.
fn tables(schema: &'static Schema, since: Option<Release>) -> Vec<Target> {
    let forms = schema.forms.iter().flat_map(|forms| (forms.variants)().variants);
    let of_forms = forms.flat_map(|form| tables(&form.schema, since.max(form.since)));
    std::iter::once(Target { place: Place::Element(schema), since }).chain(of_forms).collect()
}
