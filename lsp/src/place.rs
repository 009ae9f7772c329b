//! Places: what may stand in a set or for a value, in a spec, in the arguments of a template, and in the options around specs.

use crate::catalog::{self, Argument, Setting, Template};
use crate::files::FileId;
use crate::nix::value::{Data, Value};
use nixvirt_schema::engine::table::{Field, Occurs, Schema, Type, Variants};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::{Location, Reference};
use rnix::TextSize;
use std::cell::Cell;
use std::collections::HashMap;

/// Place in a file, with the value there.
#[derive(Clone, Debug)]
pub struct Place {
    /// What may stand there.
    pub slot: Slot,
    /// The value there, if it is known.
    pub value: Option<Value>,
}

/// What may stand at a place.
#[derive(Clone, Copy, Debug)]
pub enum Slot {
    /// Word that names the kind of the spec in a file.
    Kind,
    /// Name in the library that should be one of these.
    InLibrary(&'static [String]),
    /// Options of a system.
    System,
    /// Options of `virtualisation`.
    Virtualisation,
    /// Options of `virtualisation.libvirt`.
    Options,
    /// Connections by their URIs.
    Connections,
    /// Options of a connection.
    Connection,
    /// Objects, in a list or by name.
    Objects(Kind),
    /// Options of an object, and the fields of its spec.
    Object(Kind),
    /// Value of an option.
    Setting(&'static Setting),
    /// Item of the list that is the value of an option.
    Item(&'static Setting),
    /// Arguments of a template.
    Template(&'static Template),
    /// Value of an argument.
    Argument(&'static Template, &'static Argument),
    /// Name of another object.
    Name(Kind),
    /// Parts of an element of a spec.
    Element(Element),
    /// Value of a field of an element.
    Field(Found, Element),
    /// Devices by name.
    ByName(Found, Element),
    /// Word that decides between the forms of an element.
    Form(&'static Variants, Element),
}

/// Element of a spec.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// Kind of the object.
    pub kind: Kind,
    /// Table of the element.
    pub schema: &'static Schema,
    /// Name in XML.
    pub xml: &'static str,
    /// Whether the element is among the options of a module, where devices may be declared by name.
    pub is_option: bool,
}

/// Field of an element, with the table that has it: that of the element or of one of its forms.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Table that has the field.
    pub table: &'static Schema,
    /// The field.
    pub field: &'static Field,
}

/// Part of an element: a field, or the word that decides between its forms.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Field.
    Field(Found),
    /// Word that decides between the forms.
    Form(&'static Variants),
}

impl Part {
    /// Returns the name in a spec.
    pub fn name(self) -> &'static str {
        match self {
            Part::Field(found) => found.field.name,
            Part::Form(variants) => variants.tag,
        }
    }

    /// Returns whether the element must have the part.
    pub fn is_required(self) -> bool {
        match self {
            Part::Field(Found { table, field }) => {
                table.required.iter().any(|at| std::ptr::eq(&table.fields[usize::from(*at)], field))
            }
            Part::Form(variants) => variants.default.is_none(),
        }
    }
}

impl Element {
    /// The outermost element of an object.
    pub fn root(kind: Kind, is_option: bool) -> Self {
        Element { kind, schema: kind.schema(), xml: kind.root(), is_option }
    }

    /// Returns the parts that the element has in the form that its value chooses; if that is unknown, in any form.
    pub fn parts(&self, value: Option<&Value>) -> Vec<Part> {
        let mut parts = Vec::new();
        add_parts(self.schema, value, false, &mut parts);
        parts
    }

    /// Returns the part of that name.
    pub fn part(&self, name: &str, value: Option<&Value>) -> Option<Part> {
        let all = self.parts(value).into_iter();
        let mut named = all.filter(|part| part.name() == name);
        // Of an attribute and a child with one name, the child has parts of its own.
        let first = named.next()?;
        Some(named.find(|part| matches!(part, Part::Field(found) if is_element(found.field))).unwrap_or(first))
    }

    /// Returns the element that a field of this one is.
    pub fn child(&self, field: &'static Field) -> Option<Element> {
        let Type::Element(schema) = field.ty else { return None };
        Some(Element { kind: self.kind, schema: schema(), xml: field.xml, is_option: self.is_option })
    }

    /// Returns whether the values of a field may be declared by name.
    pub fn has_by_name(&self, field: &Field) -> bool {
        self.is_option && self.schema.keyed && field.occurs == Occurs::Many
    }

    /// Returns where the reference documents a field of this element.
    pub fn location(&self, found: Found) -> Location {
        let form = path_to(self.schema, found.table, Reference::get().element(self.schema).clone());
        form.unwrap_or_else(|| Location::root(self.kind)).field(found.table, found.field)
    }
}

/// Returns the location of a form of an element.
fn path_to(from: &'static Schema, table: &'static Schema, location: Location) -> Option<Location> {
    if std::ptr::eq(from, table) {
        return Some(location);
    }
    let variants = (from.forms?.variants)();
    variants.variants.iter().find_map(|variant| path_to(&variant.schema, table, location.form(variants, variant.word)))
}

fn is_element(field: &Field) -> bool {
    matches!(field.ty, Type::Element(_))
}

fn add_parts(table: &'static Schema, value: Option<&Value>, is_form: bool, parts: &mut Vec<Part>) {
    // The first field of a form is the word that decides about it.
    for field in &table.fields[usize::from(is_form)..] {
        // An attribute and a child may have one name.
        let is_known = |known: &Part| match known {
            Part::Form(variants) => variants.tag == field.name,
            Part::Field(Found { field: other, .. }) => {
                is_form && other.name == field.name && is_element(other) == is_element(field)
            }
        };
        if !parts.iter().any(is_known) {
            parts.push(Part::Field(Found { table, field }));
        }
    }
    let Some(forms) = table.forms else { return };
    let variants = (forms.variants)();
    parts.push(Part::Form(variants));
    let given = value.and_then(|value| value.attribute(variants.tag));
    let word = match given {
        Some(given) => given.text(),
        None if value.and_then(Value::set).is_some_and(|set| set.is_open) => None,
        None => variants.default,
    };
    match word.and_then(|word| variants.variant(word)) {
        Some(chosen) => add_parts(chosen, value, true, parts),
        None => variants.variants.iter().for_each(|variant| add_parts(&variant.schema, value, true, parts)),
    }
}

impl Place {
    /// A place where nothing is known yet.
    pub fn empty(slot: Slot) -> Self {
        Place { slot, value: None }
    }

    /// Returns the element whose parts stand in the braces of this place.
    pub fn element(&self) -> Option<Element> {
        match self.slot {
            Slot::Element(element) => Some(element),
            Slot::Object(kind) => Some(Element::root(kind, true)),
            Slot::Field(found, element) => element.child(found.field),
            _ => None,
        }
    }

    /// Returns the place of an attribute in the braces of this one. Without a name, the name is unknown.
    pub fn attribute(&self, name: Option<&str>) -> Option<Place> {
        let known = self.value.as_ref().zip(name).and_then(|(value, name)| value.attribute(name)).cloned();
        let slot = match self.slot {
            Slot::System if name == Some("virtualisation") => Slot::Virtualisation,
            // Such as `config` or `home-manager.users.alice`.
            Slot::System => Slot::System,
            Slot::Virtualisation if name == Some("libvirt") => Slot::Options,
            Slot::Virtualisation => return None,
            Slot::Options if name == Some("connections") => Slot::Connections,
            Slot::Options => setting(catalog::settings(), name?)?,
            Slot::Connections => Slot::Connection,
            Slot::Connection => setting(catalog::settings_of_connection(), name?)?,
            Slot::Objects(kind) => Slot::Object(kind),
            Slot::Object(kind) => {
                let name = name?;
                let element = Element::root(kind, true);
                match setting(catalog::settings_of(kind), name) {
                    Some(_) if name == "definition" => Slot::Element(Element::root(kind, false)),
                    Some(slot) => slot,
                    None => element.slot(name, self.value.as_ref())?,
                }
            }
            Slot::Setting(of) => setting(&of.settings, name?)?,
            Slot::Template(template) => Slot::Argument(template, template.argument(name?)?),
            Slot::ByName(found, element) => Slot::Element(element.child(found.field)?),
            Slot::Element(_) | Slot::Field(..) => self.element()?.slot(name?, self.value.as_ref())?,
            Slot::Argument(_, argument) if argument.is_disk() => match name? {
                "pool" => Slot::Name(Kind::Pool),
                "volume" => Slot::Name(Kind::Volume),
                _ => return None,
            },
            Slot::Kind | Slot::InLibrary(_) | Slot::Item(_) | Slot::Argument(..) | Slot::Name(_) | Slot::Form(..) => {
                return None;
            }
        };
        Some(Place { slot, value: known })
    }

    /// Returns the place of an item of the list at this place.
    pub fn item(&self, value: Option<Value>) -> Place {
        let slot = match self.slot {
            Slot::Objects(kind) => Slot::Object(kind),
            Slot::ByName(found, element) => Slot::Field(found, element),
            Slot::Setting(setting) => Slot::Item(setting),
            other => other,
        };
        Place { slot, value }
    }
}

impl Slot {
    /// Returns what may stand for an attribute of that name, whatever the forms of elements are.
    pub fn in_any_form(self, name: &str) -> Vec<Slot> {
        let place = Place::empty(self);
        let is_setting = matches!(self, Slot::Object(kind) if catalog::setting_of(kind, name).is_some());
        match place.element() {
            // Objects may have any name.
            _ if matches!(self, Slot::Objects(_)) => Vec::new(),
            Some(element) if !is_setting => {
                let mut parts = Vec::new();
                add_named(element.schema, name, &mut parts);
                parts.into_iter().map(|part| element.slot_of(part)).collect()
            }
            _ => place.attribute(Some(name)).into_iter().map(|place| place.slot).collect(),
        }
    }
}

impl Element {
    fn slot(self, name: &str, value: Option<&Value>) -> Option<Slot> {
        Some(self.slot_of(self.part(name, value)?))
    }

    fn slot_of(self, part: Part) -> Slot {
        match part {
            Part::Form(variants) => Slot::Form(variants, self),
            Part::Field(found) if self.has_by_name(found.field) => Slot::ByName(found, self),
            Part::Field(found) => Slot::Field(found, self),
        }
    }
}

/// Adds the parts of that name that an element has in any of its forms.
fn add_named(table: &'static Schema, name: &str, parts: &mut Vec<Part>) {
    let fields = table.fields.iter().filter(|field| field.name == name);
    parts.extend(fields.map(|field| Part::Field(Found { table, field })));
    let Some(forms) = table.forms else { return };
    let variants = (forms.variants)();
    if variants.tag == name {
        return parts.push(Part::Form(variants));
    }
    variants.variants.iter().for_each(|variant| add_named(&variant.schema, name, parts));
}

fn setting(among: &'static [Setting], name: &str) -> Option<Slot> {
    let found = among.iter().find(|setting| setting.name == name)?;
    let objects = found.objects.as_deref().and_then(Kind::named);
    Some(objects.map_or(Slot::Setting(found), Slot::Objects))
}

/// Places of all braces of the files that were looked at.
#[derive(Debug, Default)]
pub struct Places {
    all: HashMap<(FileId, TextSize), Place>,
    /// File that has changed since, and the offset of the first change.
    changed: Cell<Option<(FileId, usize)>>,
}

impl Places {
    /// Adds the places of a value and of all values in it.
    pub fn add(&mut self, place: &Place) {
        let Some(value) = &place.value else { return };
        match &value.data {
            Data::Set(set) => {
                for source in &set.sources {
                    self.all.entry((source.file, source.range.start())).or_insert_with(|| place.clone());
                }
                for entry in &set.entries {
                    if let Some(inner) = place.attribute(entry.name.as_deref()) {
                        self.add(&Place { value: Some(entry.value.clone()), ..inner });
                    }
                }
            }
            Data::List(list) => list.items.iter().for_each(|item| self.add(&place.item(Some(item.clone())))),
            Data::Either(values) => {
                values.iter().for_each(|value| self.add(&Place { value: Some(value.clone()), ..place.clone() }));
            }
            Data::Marked(marked) => self.add(&Place { value: Some(marked.content.clone()), ..place.clone() }),
            _ => {}
        }
    }

    /// Returns the place of the braces that start at an offset.
    pub fn get(&self, file: FileId, start: usize) -> Option<&Place> {
        match self.changed.get() {
            Some((changed, offset)) if changed == file && start >= offset => None,
            _ => self.all.get(&(file, TextSize::new(start as u32))),
        }
    }

    /// Forgets the places of a file behind an offset at which the file has changed.
    pub fn change(&self, file: FileId, offset: usize) {
        let first = self.changed.get().map_or(offset, |(_, first)| first.min(offset));
        self.changed.set(Some((file, first)));
    }
}
