//! XML to spec: what libvirt prints becomes what people write. Nothing is lost: what the tables do not know
//! stands under `extra`.

use crate::kind::Kind;
use crate::render::EXTRA;
use crate::table::{Cases, Field, NAMESPACES, Needs, Place, Schema, Short, Tables, Type};
use crate::value::{Builder, Data, Spec};
use crate::xml::{self, Element, Malformed};
use std::borrow::Cow;

/// Reads the XML of an object of that kind as a spec.
pub fn import(kind: Kind, text: &str) -> Result<Spec<'static>, Malformed> {
    let root = root(text)?;
    match root.name == kind.root() {
        true => read(kind, root),
        false => Err(Malformed::start(format!("expected <{}>, found <{}>", kind.root(), root.name))),
    }
}

/// Reads the XML of an object of any kind, which its outermost element tells.
pub fn import_any(text: &str) -> Result<(Kind, Spec<'static>), Malformed> {
    let root = root(text)?;
    let kind = Kind::rooted(&root.name).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| format!("<{}>", kind.root())).collect();
        Malformed::start(format!("expected one of {}, found <{}>", known.join(", "), root.name))
    })?;
    Ok((kind, read(kind, root)?))
}

fn root(text: &str) -> Result<Element, Malformed> {
    let mut elements = xml::parse(text)?;
    match elements.len() {
        1 => Ok(elements.remove(0)),
        count => Err(Malformed::start(format!("expected one outermost element, found {count}"))),
    }
}

fn read(kind: Kind, mut root: Element) -> Result<Spec<'static>, Malformed> {
    use_known_prefixes(&mut root);
    let read = Read::new(kind.schema(), &root).ok_or_else(|| {
        Malformed::start("the outermost element has a form, or text, that is not known".to_owned())
    })?;
    let mut builder = Builder::new();
    builder.open_set("", 0);
    read.write(&mut builder);
    builder.close();
    Ok(builder.finish())
}

/// Gives each element of a namespace of libvirt's the prefix that the tables use, and takes the declarations
/// away: they are written again with what needs them.
fn use_known_prefixes(root: &mut Element) {
    let mut renames = Vec::new();
    gather_prefixes(root, &mut renames);
    rename_prefixes(root, "", &renames);
}

fn known_prefix(namespace: &str) -> Option<&'static str> {
    NAMESPACES.iter().find(|(_, name)| *name == namespace).map(|(prefix, _)| *prefix)
}

fn gather_prefixes(element: &Element, renames: &mut Vec<(String, &'static str)>) {
    for (name, value) in &element.attributes {
        if let (Some(prefix), Some(known)) = (name.strip_prefix("xmlns:"), known_prefix(value)) {
            renames.push((prefix.to_owned(), known));
        }
    }
    element.children.iter().for_each(|child| gather_prefixes(child, renames));
}

/// `default` is the prefix that stands for the default namespace in force, if it is one of libvirt's.
fn rename_prefixes(element: &mut Element, default: &'static str, renames: &[(String, &'static str)]) {
    let mut default = default;
    element.attributes.retain(|(name, value)| {
        let known = known_prefix(value);
        if name == "xmlns" {
            default = known.unwrap_or_default();
        }
        !(name == "xmlns" || name.starts_with("xmlns:")) || known.is_none()
    });
    match element.name.split_once(':') {
        Some((prefix, local)) => {
            if let Some((_, known)) = renames.iter().find(|(other, _)| other == prefix) {
                element.name = format!("{known}:{local}");
            }
        }
        None if !default.is_empty() => element.name = format!("{default}:{}", element.name),
        None => {}
    }
    if element.name != "metadata" {
        element.children.iter_mut().for_each(|child| rename_prefixes(child, default, renames));
    }
}

/// What an element became.
struct Read<'e> {
    schema: &'static Schema,
    /// Values by field, in the order of the fields.
    parts: Vec<(u32, &'static Field, Part<'e>)>,
    unknown_attributes: Vec<(&'e str, &'e str)>,
    unknown_children: Vec<&'e Element>,
}

enum Part<'e> {
    Word(Data<'static>),
    Present,
    Xml(&'e Element),
    Element(Read<'e>),
}

impl<'e> Read<'e> {
    /// Reads an element along its table; nothing where it has a form that the table does not know.
    fn new(schema: &'static Schema, element: &'e Element) -> Option<Self> {
        let deciding = |cases: &Cases| match cases.within() {
            Some(name) => element.children.iter().find(|child| child.name == name).map(|child| child.text.as_str()),
            None => element.attribute(cases.tag),
        };
        let tables = Tables::of(schema, deciding).ok()?;
        let mut read = Read { schema, parts: Vec::new(), unknown_attributes: Vec::new(), unknown_children: Vec::new() };
        for (name, value) in &element.attributes {
            match tables.in_xml(name, None, |place| place == Place::Attribute).and_then(|found| word(found, value)) {
                Some(part) => read.parts.push(part),
                None => read.unknown_attributes.push((name, value)),
            }
        }
        if !element.text.is_empty() || element.children.is_empty() {
            let text = tables.in_xml("", None, |place| place == Place::Text);
            match text.and_then(|found| word(found, &element.text)) {
                Some(part) => read.parts.push(part),
                None if element.text.is_empty() => {}
                // Text where none belongs: only `extra` on the parent could hold it.
                None => return None,
            }
        }
        for child in &element.children {
            if !read.child(&tables, child) {
                read.unknown_children.push(child);
            }
        }
        read.parts.sort_by_key(|(order, ..)| *order);
        Some(read)
    }

    /// Reads a child; false where the tables have no place for it.
    fn child(&mut self, tables: &Tables, child: &'e Element) -> bool {
        if let Some(parts) = lifted(tables, child) {
            self.parts.extend(parts);
            return true;
        }
        let Some((order, field)) = tables.in_xml(&child.name, None, |place| place == Place::Child) else {
            return false;
        };
        let is_taken = self.parts.iter().any(|(other, ..)| *other == order);
        if is_taken && field.needs != Needs::Many {
            return false;
        }
        let is_bare = child.attributes.is_empty() && child.children.is_empty();
        let part = match field.ty {
            Type::Xml => Some(Part::Xml(child)),
            Type::Present if is_bare && child.text.is_empty() => Some(Part::Present),
            Type::Present => None,
            Type::Word(word) if is_bare => word.read(&child.text).map(Part::Word),
            Type::Word(_) => None,
            Type::Element(schema) => Read::new(schema(), child).map(Part::Element),
        };
        part.map(|part| self.parts.push((order, field, part))).is_some()
    }

    fn write(self, builder: &mut Builder<'static>) {
        // What shares a name stands together, where the first of it stands.
        let mut named: Vec<(&'static Field, Vec<Part<'e>>)> = Vec::new();
        for (_, field, part) in self.parts {
            match named.iter_mut().find(|(other, _)| other.name == field.name) {
                Some((_, parts)) => parts.push(part),
                None => named.push((field, vec![part])),
            }
        }
        for (field, mut parts) in named {
            match field.needs {
                Needs::One | Needs::Option if parts.len() == 1 => parts.remove(0).write(field.name, builder),
                _ => {
                    builder.open_list(field.name, 0);
                    parts.into_iter().for_each(|part| part.write("", builder));
                    builder.close();
                }
            }
        }
        if !self.unknown_attributes.is_empty() || !self.unknown_children.is_empty() {
            write_extra(&self.unknown_attributes, &self.unknown_children, builder);
        }
    }

    /// The single value that means the same as the set, where there is one.
    fn short(&self) -> Option<Data<'static>> {
        if !self.unknown_attributes.is_empty() || !self.unknown_children.is_empty() {
            return None;
        }
        let is = |at: u16, field: &Field| std::ptr::eq(&self.schema.fields[usize::from(at)], field);
        match (self.schema.short, self.parts.as_slice()) {
            (Short::Presence, []) => Some(Data::Bool(true)),
            (Short::State(at), [(_, field, Part::Word(Data::Bool(state)))]) if is(at, field) => {
                Some(Data::Bool(*state))
            }
            (Short::Text(at) | Short::Size { count: at, .. }, [(_, field, Part::Word(word))]) if is(at, field) => {
                Some(word.clone())
            }
            (
                Short::Size { unit, count },
                [(_, one, Part::Word(Data::Text(name))), (_, other, Part::Word(Data::Int(number)))],
            ) if is(unit, one) && is(count, other) => Some(Data::Text(format!("{number} {name}").into())),
            _ => None,
        }
    }
}

impl Part<'_> {
    fn write(self, name: &'static str, builder: &mut Builder<'static>) {
        match self {
            Part::Word(data) => builder.add(name, data, 0),
            Part::Present => builder.add(name, Data::Bool(true), 0),
            Part::Xml(element) => {
                let xml: Vec<_> = element.children.iter().map(Element::to_string).collect();
                builder.add(name, Data::Text(xml.concat().into()), 0);
            }
            Part::Element(read) => match read.short() {
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

fn write_extra(attributes: &[(&str, &str)], children: &[&Element], builder: &mut Builder<'static>) {
    builder.open_set(EXTRA, 0);
    if !attributes.is_empty() {
        builder.open_set("attributes", 0);
        for (name, value) in attributes {
            builder.add((*name).to_owned(), Data::Text((*value).to_owned().into()), 0);
        }
        builder.close();
    }
    if !children.is_empty() {
        let xml: Vec<_> = children.iter().map(|child| child.to_string()).collect();
        builder.add("xml", Data::Text(Cow::Owned(xml.concat())), 0);
    }
    builder.close();
}

/// The parts of a child that specs lift out of it; nothing unless all of it has a place.
fn lifted<'e>(tables: &Tables, child: &'e Element) -> Option<Vec<(u32, &'static Field, Part<'e>)>> {
    let within = Some(child.name.as_str());
    let text = tables.in_xml("", within, |place| place == Place::Text);
    let attributes = child.attributes.iter().map(|(name, value)| {
        tables.in_xml(name, within, |place| place == Place::Attribute).and_then(|found| word(found, value))
    });
    let mut parts: Vec<_> = attributes.collect::<Option<_>>()?;
    match text {
        Some(found) => parts.push(word(found, &child.text)?),
        None if parts.is_empty() => return None,
        None => {}
    }
    child.children.is_empty().then_some(parts)
}

fn word<'e>((order, field): (u32, &'static Field), text: &str) -> Option<(u32, &'static Field, Part<'e>)> {
    field.ty.word().read(text).map(|data| (order, field, Part::Word(data)))
}
