//! Follows the path of a part of a document through the tables.

use crate::relax_ng::Steps;
use nixvirt_schema::engine::table::{Field, NodeKind, Schema, Type};
use nixvirt_schema::kind::Kind;

/// All places in the tables to which a path leads: several, where forms differ in what they hold.
pub struct Targets(Vec<Target>);

enum Target {
    /// An element that has a table.
    Element(&'static Schema),
    /// A child whose parts are in the table of its parent.
    Lifted(&'static Schema, String),
    /// An element that contains only a word.
    Word,
    /// An element that may contain anything.
    Free,
    /// An empty element, an attribute or a text.
    End,
}

impl Targets {
    /// The places of the part at the end of those steps.
    pub fn of(kind: Kind, steps: &Steps) -> Self {
        let mut steps = steps.iter();
        let is_root = steps.next().is_some_and(|root| root == kind.root());
        let root = if is_root { tables(kind.schema()).into_iter().map(Target::Element).collect() } else { Vec::new() };
        Targets(steps.fold(root, |targets, step| targets.iter().flat_map(|target| target.step(step)).collect()))
    }

    /// Whether there is any place.
    pub fn exist(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Target {
    fn step(&self, step: &str) -> Vec<Target> {
        let (place, name) = match (step, step.strip_prefix('@')) {
            (_, Some(name)) => (NodeKind::Attribute, name),
            ("text()", _) => (NodeKind::Text, ""),
            _ => (NodeKind::Child, step),
        };
        match self {
            Target::Element(schema) => {
                let is_it = |field: &&Field| field.node == place && (place == NodeKind::Text || field.xml == name);
                let own = schema.fields.iter().filter(|field| field.within.is_none()).filter(is_it).flat_map(held);
                let is_lifted =
                    place == NodeKind::Child && schema.fields.iter().any(|field| field.within == Some(name));
                own.chain(is_lifted.then(|| Target::Lifted(schema, name.to_owned()))).collect()
            }
            Target::Lifted(schema, child) => {
                let is_it = |field: &&Field| {
                    field.within == Some(child) && field.node == place && (place == NodeKind::Text || field.xml == name)
                };
                schema.fields.iter().filter(is_it).flat_map(held).collect()
            }
            Target::Word if place == NodeKind::Text => vec![Target::End],
            Target::Free => vec![Target::Free],
            Target::Word | Target::End => Vec::new(),
        }
    }
}

/// The places below a field.
fn held(field: &Field) -> Vec<Target> {
    match (field.ty, field.node) {
        (Type::Element(schema), _) => tables(schema()).into_iter().map(Target::Element).collect(),
        (Type::Xml, _) => vec![Target::Free],
        (Type::Scalar(_), NodeKind::Child) => vec![Target::Word],
        (Type::Scalar(_) | Type::Present, _) => vec![Target::End],
    }
}

/// The table of an element, and those of all its forms.
fn tables(schema: &'static Schema) -> Vec<&'static Schema> {
    let forms = schema.forms.iter().flat_map(|forms| (forms.variants)().variants);
    std::iter::once(schema).chain(forms.flat_map(|case| tables(&case.schema))).collect()
}
