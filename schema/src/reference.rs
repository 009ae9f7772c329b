//! Where the reference of all fields documents each field: the page and the anchor.
//!
//! A field is at its path, as in `devices.disk.driver.cache`. Parts that only one form of an element has are below that form,
//! as in `devices.disk.type-file.source`. An element that several places share is documented in one of them.

pub mod facts;
mod live;
pub mod types;

use crate::engine::problem::Findings;
use crate::engine::table::{Field, Schema, Type, Variants};
use crate::engine::value::Value;
use crate::kind::Kind;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::OnceLock;

/// Location of a field or element in the specs of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// Kind of object.
    pub kind: Kind,
    /// Steps that lead to it from the object. Empty for the object itself.
    pub steps: Vec<Step>,
}

/// Step from an element to one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Field of that name.
    Field(&'static str),
    /// Element of that name, where an attribute has the same name.
    Twin(&'static str),
    /// Form of the element that an attribute chooses.
    Form {
        /// Name of the attribute.
        tag: &'static str,
        /// Value of the attribute.
        word: &'static str,
    },
}

impl Location {
    /// Location of an object of that kind.
    pub fn root(kind: Kind) -> Self {
        Location { kind, steps: Vec::new() }
    }

    /// Location one step below this one.
    pub fn join(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Location { steps, ..*self }
    }

    /// Location of a field of an element, given the element's table at this location.
    pub fn field(&self, table: &Schema, field: &'static Field) -> Self {
        let is_twin = table.field(field.name).is_some_and(|(_, first)| !std::ptr::eq(first, field));
        self.join(if is_twin { Step::Twin(field.name) } else { Step::Field(field.name) })
    }

    /// Location of a form of an element.
    pub fn form(&self, variants: &Variants, word: &'static str) -> Self {
        self.join(Step::Form { tag: variants.tag, word })
    }

    /// Names of the fields that lead here, as a spec has them.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.steps.iter().filter_map(|step| match step {
            Step::Field(name) | Step::Twin(name) => Some(*name),
            Step::Form { .. } => None,
        })
    }

    /// Path in a spec, such as `devices.disk.source`. Empty for the object itself.
    pub fn path(&self) -> String {
        self.names().collect::<Vec<_>>().join(".")
    }

    /// Whether the parts of this element have pages of their own.
    fn has_pages_of_parts(&self) -> bool {
        self.kind == Kind::Domain && matches!(self.steps[..], [] | [Step::Field("devices")])
    }

    /// Anchor on the page, such as `devices.disk.type-file.source`.
    pub fn anchor(&self) -> String {
        let step = |step: &Step| match step {
            Step::Field(name) => (*name).to_owned(),
            Step::Twin(name) => format!("{name}-element"),
            Step::Form { tag, word } => format!("{tag}-{word}"),
        };
        let steps: Vec<_> = self.steps.iter().map(step).collect();
        if steps.is_empty() { self.kind.name().to_owned() } else { steps.join(".") }
    }
}

/// Where each element is documented.
#[derive(Debug)]
pub struct Reference {
    /// Location of the fields of each element, by the address of its table.
    elements: HashMap<usize, Location>,
    /// The locations that have fields.
    documented: HashSet<Location>,
}

impl Reference {
    /// The reference of all kinds. The first call takes a few milliseconds.
    pub fn get() -> &'static Reference {
        static REFERENCE: OnceLock<Reference> = OnceLock::new();
        REFERENCE.get_or_init(Reference::of_all_kinds)
    }

    fn of_all_kinds() -> Self {
        let mut reference = Reference { elements: HashMap::new(), documented: HashSet::new() };
        for kind in Kind::ALL {
            reference.add(*kind);
        }
        reference
    }

    /// Adds the elements of a kind that no earlier one has. Of the locations of a shared element, the one with the
    /// shortest path documents it, and a device before anything else.
    fn add(&mut self, kind: Kind) {
        let mut queue = VecDeque::from([(kind.schema(), Location::root(kind))]);
        while let Some((schema, location)) = queue.pop_front() {
            if let Entry::Vacant(entry) = self.elements.entry(address(schema)) {
                let mut inner = Vec::new();
                elements(schema, &location, &mut inner);
                inner.sort_by_key(|(_, location)| !location.names().eq(["devices"]));
                queue.extend(inner);
                self.documented.insert(location.clone());
                entry.insert(location);
            }
        }
    }

    /// Location of the documentation of an element's fields.
    ///
    /// # Panics
    /// No kind has the element.
    pub fn element(&self, schema: &'static Schema) -> &Location {
        &self.elements[&address(schema)]
    }

    /// Page of the reference, relative to its folder and without an extension, such as `domain/devices/disk`. A domain has
    /// a page for each of its elements and devices, any other kind has one page.
    pub fn page(&self, location: &Location) -> String {
        let mut page = location.kind.name().to_owned();
        let mut element = Location::root(location.kind);
        for name in location.names() {
            let part = element.join(Step::Field(name));
            if !element.has_pages_of_parts() || !self.documented.contains(&part) {
                break;
            }
            page = format!("{page}/{name}");
            element = part;
        }
        page
    }

    /// Page and anchor of the book that document what is at a path of a spec, such as
    /// `domain/devices/disk.html#devices.disk.driver.cache`. Of a path that no spec can have, those of its longest part
    /// that a spec can have.
    pub fn link(&self, kind: Kind, spec: Value<'_>, path: &str) -> String {
        let location = self.locate(kind, spec, path);
        format!("{}.html#{}", self.page(&location), location.anchor())
    }

    /// Adds to each problem of a spec the page that documents the value.
    pub fn refer(kind: Kind, spec: Value<'_>, findings: &mut Findings) {
        findings.refer(|path| Reference::get().link(kind, spec, path));
    }

    fn locate(&self, kind: Kind, spec: Value<'_>, path: &str) -> Location {
        let mut location = Location::root(kind);
        let mut schema = kind.schema();
        let mut value = Some(spec);
        for segment in path.split('.') {
            let (name, index) = segment.split_once('[').unwrap_or((segment, ""));
            let element = self.element(schema);
            // The field has a heading where the element is first mentioned, its parts where the element is documented.
            let word = |tag: &str| value.and_then(|value| value.attribute(tag)).and_then(Value::text);
            let Some((found, field)) = part(schema, word, name, element) else { break };
            location = found;
            let Type::Element(inner) = field.ty else { break };
            schema = inner();
            let index = index.trim_end_matches(']').parse().unwrap_or(0);
            value = value.and_then(|value| value.attribute(name)).and_then(|value| value.items().nth(index));
        }
        location
    }
}

/// The field of that name that an element has in the form that its attributes choose, and where the field is documented.
/// `given` returns the text of an attribute.
fn part<'v>(
    mut table: &'static Schema,
    given: impl Fn(&str) -> Option<&'v str>,
    name: &str,
    element: &Location,
) -> Option<(Location, &'static Field)> {
    let mut location = element.clone();
    loop {
        if let Some((_, field)) = table.field(name) {
            return Some((location.field(table, field), field));
        }
        let variants = (table.forms?.variants)();
        if name == variants.tag {
            let (_, tag) = variants.variants.first()?.schema.field(name)?;
            return Some((location.join(Step::Field(variants.tag)), tag));
        }
        let word = given(variants.tag).or(variants.default)?;
        let variant = variants.variants.iter().find(|variant| variant.word == word)?;
        location = location.form(variants, variant.word);
        table = &variant.schema;
    }
}

/// The elements that are parts of an element, in any of its forms.
fn elements(schema: &'static Schema, location: &Location, found: &mut Vec<(&'static Schema, Location)>) {
    for field in schema.fields {
        if let Type::Element(inner) = field.ty {
            found.push((inner(), location.field(schema, field)));
        }
    }
    if let Some(forms) = schema.forms {
        let variants = (forms.variants)();
        for variant in variants.variants {
            elements(&variant.schema, &location.form(variants, variant.word), found);
        }
    }
}

/// The address of a table, which tells it from all others.
fn address(schema: &'static Schema) -> usize {
    std::ptr::from_ref(schema) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::json;

    fn link(spec: &str, path: &str) -> String {
        let spec = json::parse(spec).expect("it is JSON");
        Reference::get().link(Kind::Domain, spec.root(), path)
    }

    #[test]
    fn a_path_leads_to_its_own_section() {
        let disk = r#"{ "devices": { "disk": [{}, { "type": "block", "source": {} }] } }"#;
        assert_eq!(link(disk, ""), "domain.html#domain");
        assert_eq!(link(disk, "name"), "domain.html#name");
        assert_eq!(link(disk, "os.type"), "domain/os.html#os.type");
        assert_eq!(link(disk, "devices.disk[1].driver.cache"), "domain/devices/disk.html#devices.disk.driver.cache");
        assert_eq!(link(disk, "devices.disk[0].source"), "domain/devices/disk.html#devices.disk.type-file.source");
        assert_eq!(
            link(disk, "devices.disk[1].source.dev"),
            "domain/devices/disk.html#devices.disk.type-block.source.dev"
        );
    }

    #[test]
    fn a_shared_element_is_documented_in_one_place() {
        assert_eq!(link("{}", "currentMemory.unit"), "domain/currentMemory.html#currentMemory.unit");
        assert_eq!(link("{}", "memtune.hard_limit"), "domain/memtune.html#memtune.hard_limit");
        assert_eq!(link("{}", "memtune.hard_limit.unit"), "domain/currentMemory.html#currentMemory.unit");
    }

    #[test]
    fn an_unknown_path_leads_to_its_longest_known_part() {
        assert_eq!(link("{}", "devices.disk[0].driver.cahce"), "domain/devices/disk.html#devices.disk.driver");
        assert_eq!(link("{}", "nmae"), "domain.html#domain");
    }
}
