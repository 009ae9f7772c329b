//! Import: XML becomes a spec as people write it. Nothing is lost: whatever the tables do not know is under `extra`.

mod namespace;

use crate::engine::format::Format;
use crate::engine::render::EXTRA;
use crate::engine::shorthand::Shorthand;
use crate::engine::table::{Absent, Field, NodeKind, Occurs, Schema, Tables, Type, Variants};
use crate::engine::text::Malformed;
use crate::engine::value::{Builder, Data, Spec};
use crate::engine::xml::{self, Element};

/// Reads XML of a format as a spec.
pub fn import(format: impl Into<&'static Format>, text: &str) -> Result<Spec<'static>, Malformed> {
    let format = format.into();
    spec_of(format, root_of(format, text)?)
}

/// Reads XML of a format as elements.
///
/// # Errors
/// Why the text is no XML of the format, and where.
pub fn root_of(format: &Format, text: &str) -> Result<Element, Malformed> {
    let root = root(text)?;
    if root.name == format.root {
        Ok(root)
    } else {
        Err(Malformed::start(format!("expected the root element <{}>, found <{}>", format.root, root.name)))
    }
}

/// Reads XML that has one root element.
pub fn root(text: &str) -> Result<Element, Malformed> {
    let mut elements = xml::parse(text)?;
    match elements.len() {
        1 => Ok(elements.remove(0)),
        0 if xml::trim(text).is_empty() => Err(Malformed::start("the text is empty")),
        count => Err(Malformed::start(format!("expected one root element, found {count}"))),
    }
}

/// Makes a spec of a root element.
pub fn spec_of(format: &'static Format, mut root: Element) -> Result<Spec<'static>, Malformed> {
    namespace::settle(&mut root, format).map_err(Malformed::start)?;
    let read = Imported::new(format, format.schema(), &root)
        .ok_or_else(|| Malformed::start("the root element has an unknown type or contains text".to_owned()))?;
    let mut builder = Builder::new();
    builder.open_set("", 0);
    read.write(&mut builder);
    builder.close();
    Ok(builder.finish())
}

/// Returns the word that decides between the forms of an element.
pub(crate) fn deciding<'e>(variants: &Variants, element: &'e Element) -> Option<&'e str> {
    match variants.within() {
        Some(name) => element.children.iter().find(|child| child.name == name).map(|child| xml::trim(&child.text)),
        None => element.attribute(variants.tag),
    }
}

/// Element along its table.
struct Imported<'e> {
    format: &'static Format,
    schema: &'static Schema,
    /// Values by field, sorted by position.
    parts: Vec<(u32, &'static Field, Content<'e>)>,
    /// Positions of the parts that occur at most once.
    taken: Vec<u32>,
    unknown_attributes: Vec<(&'e str, &'e str)>,
    unknown_children: Vec<&'e Element>,
}

enum Content<'e> {
    Scalar(Data<'static>),
    Present,
    Xml(&'e Element),
    Element(Imported<'e>),
}

impl<'e> Imported<'e> {
    /// Reads an element along its table. `None` if the table does not know the form of the element.
    fn new(format: &'static Format, schema: &'static Schema, element: &'e Element) -> Option<Self> {
        let tables = Tables::of(schema, |variants| deciding(variants, element)).ok()?;
        let mut read = Imported {
            format,
            schema,
            parts: Vec::new(),
            taken: Vec::new(),
            unknown_attributes: Vec::new(),
            unknown_children: Vec::new(),
        };
        for (name, value) in &element.attributes {
            match tables.in_xml(name, None, NodeKind::Attribute).and_then(|found| scalar(found, value)) {
                Some(part) => read.parts.push(part),
                None => read.unknown_attributes.push((name, value)),
            }
        }
        if !element.text.is_empty() || element.children.is_empty() {
            let text = tables.text(None);
            match text.and_then(|found| scalar(found, &element.text)) {
                // An empty text is the same as no text.
                Some((_, field, _)) if element.text.is_empty() && field.occurs == Occurs::Option => {}
                Some(part) => read.parts.push(part),
                None if xml::trim(&element.text).is_empty() => {}
                // The element holds text but its table has none: only `extra` of the parent can hold such an element.
                None => return None,
            }
        }
        for child in &element.children {
            if !read.child(&tables, child) {
                read.unknown_children.push(child);
            }
        }
        read.keep_absent(&tables);
        read.parts.sort_by_key(|(order, ..)| *order);
        Some(read)
    }

    /// Adds `false` for each part that would otherwise be derived, because the XML does not have the part.
    fn keep_absent(&mut self, tables: &Tables) {
        for (order, field) in tables.absent() {
            let is_derived = match field.absent {
                Absent::Uuid => std::ptr::eq(self.schema, self.format.schema()),
                Absent::Mac => self.format.mac.is_some(),
                Absent::Empty | Absent::Nothing => false,
            };
            if is_derived && !self.parts.iter().any(|(other, ..)| *other == order) {
                self.parts.push((order, field, Content::Scalar(Data::Bool(false))));
            }
        }
    }

    /// Reads a child. Returns false if the tables have no place for it.
    fn child(&mut self, tables: &Tables, child: &'e Element) -> bool {
        let Some((order, field)) = tables.in_xml(&child.name, None, NodeKind::Child) else {
            return self.lift(tables, child);
        };
        if field.occurs != Occurs::Many && self.taken.contains(&order) {
            return false;
        }
        let is_plain = child.attributes.is_empty() && xml::trim(&child.text).is_empty();
        let is_bare = child.attributes.is_empty() && child.children.is_empty();
        let part = match field.ty {
            Type::Xml if is_plain => Some(Content::Xml(child)),
            Type::Present if is_plain && child.children.is_empty() => Some(Content::Present),
            Type::Scalar(word) if is_bare => word.read(&child.text).map(Content::Scalar),
            Type::Xml | Type::Present | Type::Scalar(_) => None,
            Type::Element(schema) => Imported::new(self.format, schema(), child).map(Content::Element),
        };
        let Some(part) = part else { return false };
        self.parts.push((order, field, part));
        self.taken.extend((field.occurs != Occurs::Many).then_some(order));
        true
    }

    /// Reads a child whose parts specs have without the child. Returns false unless all of them have a place.
    fn lift(&mut self, tables: &Tables, child: &'e Element) -> bool {
        match lifted(tables, child) {
            Some(parts) if !parts.iter().any(|(order, ..)| self.taken.contains(order)) => {
                self.taken.extend(parts.iter().map(|(order, ..)| order));
                self.parts.extend(parts);
                true
            }
            _ => false,
        }
    }

    fn write(self, builder: &mut Builder<'static>) {
        // Parts with the same name stand together, at the position of the first.
        let mut named: Vec<(&'static Field, Vec<Content<'e>>)> = Vec::new();
        for (_, field, part) in self.parts {
            match named.iter_mut().find(|(other, _)| other.name == field.name) {
                Some((_, parts)) => parts.push(part),
                None => named.push((field, vec![part])),
            }
        }
        for (field, mut parts) in named {
            match field.occurs {
                Occurs::One | Occurs::Option if parts.len() == 1 => parts.remove(0).write(field.name, builder),
                _ => {
                    builder.open_list(field.name, 0);
                    parts.into_iter().for_each(|part| part.write("", builder));
                    builder.close();
                }
            }
        }
        if !self.unknown_attributes.is_empty() || !self.unknown_children.is_empty() {
            write_extra(self.format, &self.unknown_attributes, &self.unknown_children, builder);
        }
    }

    /// Returns the single value that means the same as the set, if there is one.
    fn short(&self) -> Option<Data<'static>> {
        if !self.unknown_attributes.is_empty() || !self.unknown_children.is_empty() {
            return None;
        }
        let is_at = |at: u16, field: &Field| std::ptr::eq(&self.schema.fields[usize::from(at)], field);
        match (self.schema.shorthand, self.parts.as_slice()) {
            (Shorthand::Presence, []) => Some(Data::Bool(true)),
            (Shorthand::Switch(at), [(_, field, Content::Scalar(Data::Bool(state)))]) if is_at(at, field) => {
                Some(Data::Bool(*state))
            }
            (Shorthand::Text(at) | Shorthand::Size { count: at, .. }, [(_, field, Content::Scalar(word))])
                if is_at(at, field) =>
            {
                Some(word.clone())
            }
            (
                Shorthand::Size { unit, count },
                [(_, one, Content::Scalar(Data::Text(name))), (_, other, Content::Scalar(Data::Int(number)))],
            ) if is_at(unit, one) && is_at(count, other) => Some(Data::Text(format!("{number} {name}").into())),
            _ => None,
        }
    }
}

impl Content<'_> {
    fn write(self, name: &'static str, builder: &mut Builder<'static>) {
        match self {
            Content::Scalar(data) => builder.add(name, data, 0),
            Content::Present => builder.add(name, Data::Bool(true), 0),
            Content::Xml(element) => {
                builder.add(name, Data::Text(xml::print(&element.children).into()), 0);
            }
            Content::Element(read) => match read.short() {
                Some(data) => builder.add(name, data, 0),
                None => {
                    builder.open_set(name, 0);
                    read.write(builder);
                    builder.close();
                }
            },
        }
    }
}

fn write_extra(format: &Format, attributes: &[(&str, &str)], children: &[&Element], builder: &mut Builder<'static>) {
    builder.open_set(EXTRA, 0);
    if !attributes.is_empty() {
        builder.open_set("attributes", 0);
        for (name, value) in attributes {
            builder.add((*name).to_owned(), Data::Text((*value).to_owned().into()), 0);
        }
        builder.close();
    }
    if !children.is_empty() {
        let children: Vec<_> = children.iter().map(|child| namespace::declared(child, format.namespaces)).collect();
        builder.add("xml", Data::Text(xml::print(&children).into()), 0);
    }
    builder.close();
}

/// Returns the parts of a child that specs do not have as such. `None` unless all of them have a place.
fn lifted<'e>(tables: &Tables, child: &'e Element) -> Option<Vec<(u32, &'static Field, Content<'e>)>> {
    let within = Some(child.name.as_str());
    let text = tables.text(within);
    let attributes = child
        .attributes
        .iter()
        .map(|(name, value)| tables.in_xml(name, within, NodeKind::Attribute).and_then(|found| scalar(found, value)));
    let mut parts: Vec<_> = attributes.collect::<Option<_>>()?;
    match text {
        Some(found) => parts.push(scalar(found, &child.text)?),
        None if parts.is_empty() => return None,
        None => {}
    }
    child.children.is_empty().then_some(parts)
}

fn scalar<'e>((order, field): (u32, &'static Field), text: &str) -> Option<(u32, &'static Field, Content<'e>)> {
    field.ty.scalar().read(text).map(|data| (order, field, Content::Scalar(data)))
}
