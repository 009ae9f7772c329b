//! Where in the tables a part of a document has its place.

use crate::grammar::Steps;
use nixvirt_schema::engine::table::{Field, NodeKind, Schema, Type};
use nixvirt_schema::kind::Kind;

/// All places that a part has: several, where forms differ in what they hold.
pub struct Spots(Vec<Spot>);

enum Spot {
    /// An element that has a table.
    Element(&'static Schema),
    /// A child whose parts stand in the table of its parent.
    Lifted(&'static Schema, String),
    /// An element that holds nothing but a word.
    Word,
    /// An element that holds anything.
    Free,
    /// An element that holds nothing, an attribute or a text.
    End,
}

impl Spots {
    /// Where the part at the end of those steps has its place.
    pub fn of(kind: Kind, steps: &Steps) -> Self {
        let mut steps = steps.iter();
        let is_root = steps.next().is_some_and(|root| root == kind.root());
        let root = if is_root { tables(kind.schema()).into_iter().map(Spot::Element).collect() } else { Vec::new() };
        Spots(steps.fold(root, |spots, step| spots.iter().flat_map(|spot| spot.step(step)).collect()))
    }

    /// Whether there is any.
    pub fn exist(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Spot {
    fn step(&self, step: &str) -> Vec<Spot> {
        let (place, name) = match (step, step.strip_prefix('@')) {
            (_, Some(name)) => (NodeKind::Attribute, name),
            ("text()", _) => (NodeKind::Text, ""),
            _ => (NodeKind::Child, step),
        };
        match self {
            Spot::Element(schema) => {
                let is_it = |field: &&Field| field.node == place && (place == NodeKind::Text || field.xml == name);
                let own = schema.fields.iter().filter(|field| field.within.is_none()).filter(is_it).flat_map(held);
                let is_lifted =
                    place == NodeKind::Child && schema.fields.iter().any(|field| field.within == Some(name));
                own.chain(is_lifted.then(|| Spot::Lifted(schema, name.to_owned()))).collect()
            }
            Spot::Lifted(schema, child) => {
                let is_it = |field: &&Field| {
                    field.within == Some(child) && field.node == place && (place == NodeKind::Text || field.xml == name)
                };
                schema.fields.iter().filter(is_it).flat_map(held).collect()
            }
            Spot::Word if place == NodeKind::Text => vec![Spot::End],
            Spot::Free => vec![Spot::Free],
            Spot::Word | Spot::End => Vec::new(),
        }
    }
}

/// What a field holds.
fn held(field: &Field) -> Vec<Spot> {
    match (field.ty, field.node) {
        (Type::Element(schema), _) => tables(schema()).into_iter().map(Spot::Element).collect(),
        (Type::Xml, _) => vec![Spot::Free],
        (Type::Scalar(_), NodeKind::Child) => vec![Spot::Word],
        (Type::Scalar(_) | Type::Present, _) => vec![Spot::End],
    }
}

/// The table of an element, and those of all its forms.
fn tables(schema: &'static Schema) -> Vec<&'static Schema> {
    let forms = schema.forms.iter().flat_map(|forms| (forms.variants)().variants);
    std::iter::once(schema).chain(forms.flat_map(|case| tables(&case.schema))).collect()
}
