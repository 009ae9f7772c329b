//! XML to spec: what libvirt prints becomes what people write. Nothing is lost: what the tables do not know
//! stands under `extra`.

mod namespace;

use crate::kind::Kind;
use crate::render::EXTRA;
use crate::table::{Absent, Cases, Field, Needs, Place, Schema, Short, Tables, Type};
use crate::text::Malformed;
use crate::value::{Builder, Data, Spec};
use crate::xml::{self, Element};

/// Reads the XML of an object of that kind as a spec.
pub fn import(kind: Kind, text: &str) -> Result<Spec<'static>, Malformed> {
    read(kind, root_of(kind, text)?)
}

/// Reads the XML of an object of that kind as it is. An error says why it is not one.
pub fn root_of(kind: Kind, text: &str) -> Result<Element, Malformed> {
    let root = root(text)?;
    match root.name == kind.root() {
        true => Ok(root),
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
    namespace::settle(&mut root).map_err(Malformed::start)?;
    let read = Read::new(kind, kind.schema(), &root)
        .ok_or_else(|| Malformed::start("the outermost element has a form, or text, that is not known".to_owned()))?;
    let mut builder = Builder::new();
    builder.open_set("", 0);
    read.write(&mut builder);
    builder.close();
    Ok(builder.finish())
}

/// The word that decides about the form of an element.
pub(crate) fn deciding<'e>(cases: &Cases, element: &'e Element) -> Option<&'e str> {
    match cases.within() {
        Some(name) => element.children.iter().find(|child| child.name == name).map(|child| xml::trim(&child.text)),
        None => element.attribute(cases.tag),
    }
}

/// What an element became.
struct Read<'e> {
    schema: &'static Schema,
    /// Values by field, in the order of the fields.
    parts: Vec<(u32, &'static Field, Part<'e>)>,
    /// The order of each part that may be there once.
    taken: Vec<u32>,
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
    fn new(kind: Kind, schema: &'static Schema, element: &'e Element) -> Option<Self> {
        let tables = Tables::of(schema, |cases| deciding(cases, element)).ok()?;
        let mut read = Read {
            schema,
            parts: Vec::new(),
            taken: Vec::new(),
            unknown_attributes: Vec::new(),
            unknown_children: Vec::new(),
        };
        for (name, value) in &element.attributes {
            match tables.in_xml(name, None, Place::Attribute).and_then(|found| word(found, value)) {
                Some(part) => read.parts.push(part),
                None => read.unknown_attributes.push((name, value)),
            }
        }
        if !element.text.is_empty() || element.children.is_empty() {
            let text = tables.text(None);
            match text.and_then(|found| word(found, &element.text)) {
                // No text is the same as none that is empty.
                Some((_, field, _)) if element.text.is_empty() && field.needs == Needs::Option => {}
                Some(part) => read.parts.push(part),
                None if xml::trim(&element.text).is_empty() => {}
                // Text where none belongs: only `extra` on the parent could hold it.
                None => return None,
            }
        }
        for child in &element.children {
            if !read.child(kind, &tables, child) {
                read.unknown_children.push(child);
            }
        }
        read.keep_absent(kind, &tables);
        read.parts.sort_by_key(|(order, ..)| *order);
        Some(read)
    }

    /// Says of what would be derived from names that it is absent, for so it is in the XML.
    fn keep_absent(&mut self, kind: Kind, tables: &Tables) {
        for (order, field) in tables.absent() {
            let is_derived = match field.absent {
                Absent::Uuid => std::ptr::eq(self.schema, kind.schema()),
                Absent::Mac => kind == Kind::Domain,
                Absent::Empty | Absent::Nothing => false,
            };
            if is_derived && !self.parts.iter().any(|(other, ..)| *other == order) {
                self.parts.push((order, field, Part::Word(Data::Bool(false))));
            }
        }
    }

    /// Reads a child; false where the tables have no place for it.
    fn child(&mut self, kind: Kind, tables: &Tables, child: &'e Element) -> bool {
        let Some((order, field)) = tables.in_xml(&child.name, None, Place::Child) else {
            return self.lift(tables, child);
        };
        if field.needs != Needs::Many && self.taken.contains(&order) {
            return false;
        }
        let is_plain = child.attributes.is_empty() && xml::trim(&child.text).is_empty();
        let is_bare = child.attributes.is_empty() && child.children.is_empty();
        let part = match field.ty {
            Type::Xml if is_plain => Some(Part::Xml(child)),
            Type::Present if is_plain && child.children.is_empty() => Some(Part::Present),
            Type::Word(word) if is_bare => word.read(&child.text).map(Part::Word),
            Type::Xml | Type::Present | Type::Word(_) => None,
            Type::Element(schema) => Read::new(kind, schema(), child).map(Part::Element),
        };
        let Some(part) = part else { return false };
        self.parts.push((order, field, part));
        self.taken.extend((field.needs != Needs::Many).then_some(order));
        true
    }

    /// Takes the parts of a child that specs lift out of it; false unless all of it has a place.
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
                builder.add(name, Data::Text(xml::print(&element.children).into()), 0);
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
        let children: Vec<_> = children.iter().map(|child| namespace::declared(child)).collect();
        builder.add("xml", Data::Text(xml::print(&children).into()), 0);
    }
    builder.close();
}

/// The parts of a child that specs lift out of it; nothing unless all of it has a place.
fn lifted<'e>(tables: &Tables, child: &'e Element) -> Option<Vec<(u32, &'static Field, Part<'e>)>> {
    let within = Some(child.name.as_str());
    let text = tables.text(within);
    let attributes = child
        .attributes
        .iter()
        .map(|(name, value)| tables.in_xml(name, within, Place::Attribute).and_then(|found| word(found, value)));
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

#[cfg(test)]
mod tests {
    use super::import;
    use crate::kind::Kind;
    use crate::nix;
    use crate::render::render;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(xml: &str, spec: Expect, again: Expect) {
        let read = import(Kind::Network, xml).expect("it is well formed");
        spec.assert_eq(&nix::print(read.root()));
        again.assert_eq(&render(Kind::Network, &read).xml);
    }

    #[test]
    fn namespaces_are_declared_where_they_are_used() {
        check(
            "<network xmlns:dnsmasq='urn:other' xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0' xmlns:a='urn:a'>
               <name>lan</name><metadata xmlns:b='urn:b'><a:x b:y='1'><b:z/></a:x></metadata>
               <d:options><d:option value='v'/></d:options><dnsmasq:more/>
             </network>",
            expect![[r#"
                {
                  name = "lan";
                  uuid = false;
                  metadata = "<a:x b:y='1' xmlns:a='urn:a' xmlns:b='urn:b'>\n  <b:z/>\n</a:x>\n";
                  "dnsmasq:options"."dnsmasq:option" = [
                    {
                      value = "v";
                    }
                  ];
                  extra.xml = "<dnsmasq:more xmlns:dnsmasq='urn:other'/>\n";
                }
            "#]],
            expect![[r#"
                <network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
                  <name>lan</name>
                  <metadata>
                    <a:x b:y='1' xmlns:a='urn:a' xmlns:b='urn:b'>
                  <b:z/>
                </a:x>
                  </metadata>
                  <dnsmasq:options>
                    <dnsmasq:option value='v'/>
                  </dnsmasq:options>
                  <dnsmasq:more xmlns:dnsmasq='urn:other'/>
                </network>
            "#]],
        );
    }
}
