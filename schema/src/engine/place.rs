//! Places: an element of a document beside its table.

use crate::engine::import::deciding;
use crate::engine::shorthand::Shorthand;
use crate::engine::size::{self, UNITLESS};
use crate::engine::table::{Field, NodeKind, Schema, Tables, Type};
use crate::engine::xml::Element;

/// Tables of an element in a document.
#[derive(Clone, Copy)]
pub struct Place {
    schema: &'static Schema,
    tables: Tables,
    /// Name of the element, if its parts belong to the tables of its parent.
    within: Option<&'static str>,
    /// Unit of the element's size, if it is written without one.
    unitless: &'static str,
}

impl Place {
    /// Returns the place of an element that has this table. `None` if the table does not know the form of the element.
    pub fn of(schema: &'static Schema, element: &Element) -> Option<Place> {
        let tables = Tables::of(schema, |variants| deciding(variants, element)).ok()?;
        Some(Place { schema, tables, within: None, unitless: UNITLESS })
    }

    /// Returns the field of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&'static Field> {
        self.tables.in_xml(name, self.within, NodeKind::Attribute).map(|(_, field)| field)
    }

    /// Returns the field of the text.
    pub fn text(&self) -> Option<&'static Field> {
        self.tables.text(self.within).map(|(_, field)| field)
    }

    /// Returns the field of a child element.
    pub fn child(&self, name: &str) -> Option<&'static Field> {
        match self.within {
            Some(_) => None,
            None => self.tables.in_xml(name, None, NodeKind::Child).map(|(_, field)| field),
        }
    }

    /// Returns the place of a child element that has parts of its own.
    pub fn below(&self, child: &Element) -> Option<Place> {
        match self.child(&child.name) {
            Some(field) => {
                let Type::Element(schema) = field.ty else { return None };
                let place = Place::of(schema(), child)?;
                Some(Place { unitless: field.unitless.unwrap_or(UNITLESS), ..place })
            }
            None => {
                let mut fields = self.tables.fields().filter_map(|(_, field)| field.within);
                let within = fields.find(|within| *within == child.name && self.within.is_none())?;
                Some(Place { within: Some(within), ..*self })
            }
        }
    }

    /// Returns the fields of all attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &'static Field> + '_ {
        let fields = self.tables.fields().map(|(_, field)| field);
        fields.filter(|field| field.node == NodeKind::Attribute && field.within == self.within)
    }

    /// Returns the size in bytes of an element that is a number with a unit.
    pub fn bytes(&self, element: &Element) -> Option<u64> {
        let Shorthand::Size { unit, .. } = self.schema.shorthand else { return None };
        let unit = element.attribute(self.schema.fields[usize::from(unit)].xml).unwrap_or(self.unitless);
        size::bytes(&element.text, unit)
    }

    /// Returns whether the element is either absent or present, without a value of its own.
    pub fn is_presence(&self) -> bool {
        self.schema.shorthand.is_presence()
    }
}
