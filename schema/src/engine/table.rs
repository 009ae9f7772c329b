//! Tables: one table per element, which the renderer, the import, the JSON Schema and the reference read.
//!
//! `#[element]` makes a [`Schema`] of a struct, and small methods through which rules read the fields. The type of a
//! field decides the place of the part: a scalar is an attribute, a struct is a child element, `Option` may be absent,
//! `Vec` repeats.

pub mod build;

use crate::engine::outline::{Sketch, Sketched};
use crate::engine::problem::Report;
use crate::engine::release::{Release, described};
use crate::engine::scalar::Scalar;
use crate::engine::shorthand::Shorthand;
use crate::engine::value::Value;
use std::borrow::Cow;

/// Table of an element, or of one form of an element.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Name of the Rust type and of the definition in the JSON Schema.
    pub name: &'static str,
    /// Description of the element for users of the spec.
    pub doc: &'static str,
    /// Fields in the order in which they are written.
    pub fields: &'static [Field],
    /// Indices of the fields by name in a spec.
    pub by_name: &'static [Entry],
    /// Indices of the fields by name in XML.
    pub by_xml: &'static [Entry],
    /// Indices of the required fields.
    pub required: &'static [u16],
    /// Indices of the fields for which something is written if they are absent.
    pub absent: &'static [u16],
    /// Forms of the element, if an attribute decides between several: those of the enum itself, or of the field that is
    /// marked `#[form]`.
    pub forms: Option<Forms>,
    /// Short form: what a single value means in place of the set.
    pub shorthand: Shorthand,
    /// Whether the options of the modules may have repeated children as sets by name.
    pub keyed: bool,
    /// Rules on the element.
    pub rules: Option<fn(Value<'_>, &mut Report<'_>)>,
}

/// Sketch of a name, and the index of the field. Entries are sorted. The sketch alone distinguishes most names, and the
/// sketches lie side by side in memory, so that a search rarely reads the fields.
pub type Entry = (Sketch, u16);

/// Forms of an element, and where their fields are written.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// Number of the element's own fields that are written before those of its form.
    pub at: u16,
    /// Function that returns the forms.
    pub variants: fn() -> &'static Variants,
}

/// Forms of an element. One attribute decides between them.
#[derive(Debug)]
pub struct Variants {
    /// Name of the Rust type.
    pub name: &'static str,
    /// Description of the deciding attribute.
    pub doc: &'static str,
    /// Name of the deciding attribute.
    pub tag: &'static str,
    /// Word that an absent attribute means.
    pub default: Option<&'static str>,
    /// One form for each word of the attribute.
    pub variants: &'static [Variant],
}

/// One form of an element.
#[derive(Debug)]
pub struct Variant {
    /// Word of the deciding attribute.
    pub word: &'static str,
    /// Release of libvirt that introduced the form. `None` if it is older than any that matters.
    pub since: Option<Release>,
    /// Table of the form. The first field is the deciding attribute.
    pub schema: Schema,
}

/// Part of an element.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in a spec.
    pub name: &'static str,
    /// Name in XML, with the prefix of the namespace if there is one.
    pub xml: &'static str,
    /// Whether the name in XML has a prefix.
    pub prefixed: bool,
    /// Description for users of the spec.
    pub doc: &'static str,
    /// Place in XML.
    pub node: NodeKind,
    /// Name of the child element that holds the part in XML although specs do not have that child, as for `os.arch`.
    pub within: Option<&'static str>,
    /// How often the part may occur.
    pub occurs: Occurs,
    /// Whether the part is required: at least once, if it may repeat.
    pub required: bool,
    /// Type of the part.
    pub ty: Type,
    /// Name of the part that holds the unit, if the part is a number with a unit. A text may have both: `"16 MiB"`.
    pub unit: Option<&'static str>,
    /// Whether the part is a secret, which no message shows.
    pub secret: bool,
    /// Whether the text may hold placeholders such as `@token@`, which stand for secrets in files.
    pub placeholders: bool,
    /// Value that libvirt takes if the part is absent, if that is always the same.
    pub default: Option<&'static str>,
    /// Whether libvirt reports the part for a running object, and ignores it in a definition.
    pub output: bool,
    /// Unit of a size that is written without one. `KiB` if there is none.
    pub unitless: Option<&'static str>,
    /// What is written if the part is absent.
    pub absent: Absent,
    /// Release of libvirt that introduced the part. `None` if it is older than any that matters.
    pub since: Option<Release>,
    /// Release of libvirt since which the part may be absent, if earlier ones require it.
    pub optional_since: Option<Release>,
    /// Release of libvirt since which the part may occur several times, if earlier ones accept one.
    pub repeated_since: Option<Release>,
}

impl Field {
    /// Returns the description with the releases of libvirt that have the part.
    pub fn description(&self) -> Cow<'static, str> {
        let mut text = described(self.doc, self.since);
        if let Some(since) = self.optional_since {
            text.to_mut().push_str(&format!(" Required before libvirt {since}."));
        }
        if let Some(since) = self.repeated_since {
            text.to_mut().push_str(&format!(" At most one before libvirt {since}."));
        }
        text
    }

    /// Returns whether the part is an element that occurs once. A list of one item means the item.
    pub fn is_once(&self) -> bool {
        self.occurs != Occurs::Many && self.node == NodeKind::Child && !matches!(self.ty, Type::Xml)
    }
}

/// Place of a part in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Attribute: `name='word'`.
    Attribute,
    /// Text of the element.
    Text,
    /// Child element.
    Child,
}

/// How often a part may occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Exactly once.
    One,
    /// Once or not at all.
    Option,
    /// Any number of times.
    Many,
}

/// What is written for a part that a spec omits. `false` as its value suppresses this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nothing.
    Nothing,
    /// Empty element, which libvirt's schema requires.
    Empty,
    /// UUID, derived from the name of the object.
    Uuid,
    /// MAC address, derived from the name of the domain and the index of the network card.
    Mac,
}

impl Absent {
    /// Returns the name in the JSON Schema. `None` if nothing is written.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Absent::Nothing => None,
            Absent::Empty => Some("empty"),
            Absent::Uuid => Some("uuid"),
            Absent::Mac => Some("mac"),
        }
    }

    /// Returns whether anything is written.
    pub const fn is_written(self) -> bool {
        !matches!(self, Absent::Nothing)
    }
}

/// Type of a part.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Scalar: a word or a number.
    Scalar(&'static Scalar),
    /// Element with parts of its own.
    Element(fn() -> &'static Schema),
    /// Empty element, which is `true` in a spec.
    Present,
    /// XML of any kind.
    Xml,
}

impl Type {
    /// Returns the scalar of a scalar type.
    ///
    /// # Panics
    /// At compile time, if a field's type combines anything but scalars.
    pub const fn scalar(self) -> &'static Scalar {
        match self {
            Type::Scalar(scalar) => scalar,
            _ => panic!("only words can be combined"),
        }
    }

    /// Returns the place of a part of this type, given the place of a scalar.
    pub const fn node(self, scalar: NodeKind) -> NodeKind {
        match self {
            Type::Scalar(_) => scalar,
            _ => NodeKind::Child,
        }
    }
}

/// Rust type that a field may have.
pub trait FieldType {
    /// Type of the part.
    const TYPE: Type;
}

/// Rust type of an element.
pub trait Element: FieldType {
    /// Returns the table of the element.
    fn schema() -> &'static Schema;
}

/// Rust type whose fields are parts that several elements share.
pub trait Parts {
    /// Rows of the fields.
    const FIELDS: &'static [Field];
}

/// Rust enum whose variants are forms of an element.
pub trait Choice {
    /// Returns the forms.
    fn variants() -> &'static Variants;
}

impl Schema {
    /// Returns the field with that name. If an attribute and a child have the name, returns the attribute, which is
    /// first.
    pub fn field(&self, name: &str) -> Option<(u16, &'static Field)> {
        self.named(name).next()
    }

    /// Returns the child with the same name as the attribute at that index.
    pub fn twin(&self, at: u16) -> Option<(u16, &'static Field)> {
        self.named(self.fields[usize::from(at)].name).find(|(other, _)| *other > at)
    }

    /// Returns the fields with that name in a spec.
    fn named(&self, name: &str) -> impl Iterator<Item = (u16, &'static Field)> {
        among(self.fields, self.by_name, Sketched::of(name), |field| field.name)
    }

    /// Returns the fields with that name in XML.
    fn named_in_xml(&self, name: &str) -> impl Iterator<Item = (u16, &'static Field)> {
        among(self.fields, self.by_xml, Sketched::of(name), |field| field.xml)
    }
}

/// Returns the fields with a name, in the order of the table, given the entries of such names.
fn among<'n>(
    fields: &'static [Field],
    sorted: &'static [Entry],
    name: Sketched<'n>,
    name_of: fn(&Field) -> &'static str,
) -> impl Iterator<Item = (u16, &'static Field)> + use<'n> {
    let first = sorted.partition_point(|(sketch, _)| *sketch < name.sketch);
    let alike = sorted[first..].iter().take_while(move |(sketch, _)| *sketch == name.sketch);
    alike.map(|(_, at)| (*at, &fields[usize::from(*at)])).filter(move |(_, field)| name.is_spelled(name_of(field)))
}

impl Variants {
    /// Returns the form that a word selects.
    pub fn variant(&self, word: &str) -> Option<&'static Schema> {
        self.variants.iter().find(|variant| variant.word == word).map(|variant| &variant.schema)
    }

    /// Returns the name of the child whose text is the deciding word in XML, unless the word is an attribute there too.
    pub fn within(&self) -> Option<&'static str> {
        self.variants.first()?.schema.fields[0].within
    }

    /// Returns the words of the deciding attribute.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &'static str> + use<> {
        self.variants.iter().map(|variant| variant.word)
    }
}

/// Fields with a certain name in a spec, each with its position in the order of writing.
pub enum Named {
    /// One field.
    One(u32, &'static Field),
    /// Attribute and child with the same name.
    Twins((u32, &'static Field), (u32, &'static Field)),
}

/// Tables whose fields an element has: the element's own, that of its form, and that of the form's form, each with the
/// position of its first field.
#[derive(Clone, Copy, Default)]
pub struct Tables([Option<(&'static Schema, u32)>; Tables::DEPTH]);

impl Tables {
    /// Number of tables that an element may have.
    const DEPTH: usize = 3;

    /// Finds the tables of an element. `word` returns the value of a deciding attribute.
    ///
    /// # Errors
    /// The forms, if the attribute chooses none of them.
    pub fn of<'w>(
        schema: &'static Schema,
        word: impl Fn(&'static Variants) -> Option<&'w str>,
    ) -> Result<Self, &'static Variants> {
        let mut tables = Tables::default();
        let (mut schema, mut order) = (schema, 0);
        for depth in 0..Tables::DEPTH {
            tables.0[depth] = Some((schema, order));
            let Some(forms) = &schema.forms else { break };
            order = Tables::start_of_form(depth, order, forms.at);
            let variants = (forms.variants)();
            schema = word(variants).or(variants.default).and_then(|word| variants.variant(word)).ok_or(variants)?;
        }
        Ok(tables)
    }

    /// Returns the table of the element alone, without its forms.
    pub fn outermost(schema: &'static Schema) -> Self {
        Tables([Some((schema, 0)), None, None])
    }

    /// Returns the tables up to the first of which an unknown attribute chooses the form.
    pub fn until(mut self, is_unknown: impl Fn(&'static Variants) -> bool) -> Self {
        let is_last = |schema: &Schema| schema.forms.is_some_and(|forms| is_unknown((forms.variants)()));
        let last = self.iter().position(|(schema, _)| is_last(schema));
        if let Some(last) = last {
            self.0[last + 1..].fill(None);
        }
        self
    }

    /// The tables, outermost first.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Schema, u32)> + '_ {
        self.0.iter().map_while(|table| *table)
    }

    /// Distance between the positions of two fields of the table at a depth, which leaves room for those of a form.
    const fn spread(depth: usize) -> u32 {
        1 << (10 * (Tables::DEPTH - 1 - depth))
    }

    /// Returns the position at which the table of a form starts, given the one at which the table around it starts, and the number of the
    /// fields before the form's.
    pub(crate) const fn start_of_form(depth: usize, start: u32, before: u16) -> u32 {
        start + before as u32 * Tables::spread(depth)
    }

    /// Returns the position of the field at an index, given the position at which its table starts.
    pub(crate) const fn order(depth: usize, start: u32, at: u16) -> u32 {
        match (depth, at) {
            // The deciding attribute comes first, as libvirt writes it.
            (1.., 0) => depth as u32,
            _ => start + (at as u32 + 1) * Tables::spread(depth),
        }
    }

    /// Returns the fields for which something is written if they are absent, with their positions.
    pub fn absent(&self) -> impl Iterator<Item = (u32, &'static Field)> + '_ {
        self.iter().enumerate().flat_map(|(depth, (schema, start))| {
            schema.absent.iter().map(move |at| (Tables::order(depth, start, *at), &schema.fields[usize::from(*at)]))
        })
    }

    /// Returns the fields with that name in a spec.
    pub fn in_spec(&self, name: Sketched<'_>) -> Option<Named> {
        for (depth, (schema, start)) in self.iter().enumerate() {
            let mut named = among(schema.fields, schema.by_name, name, |field| field.name);
            let Some((at, field)) = named.next() else { continue };
            let placed = |at, field| (Tables::order(depth, start, at), field);
            let (order, field) = placed(at, field);
            return Some(match named.next() {
                None => Named::One(order, field),
                Some((at, twin)) => Named::Twins((order, field), placed(at, twin)),
            });
        }
        None
    }

    /// Returns the attribute or child with that name in XML, with its position.
    pub fn in_xml(&self, name: &str, within: Option<&str>, node: NodeKind) -> Option<(u32, &'static Field)> {
        self.iter().enumerate().find_map(|(depth, (schema, start))| {
            let mut named = schema.named_in_xml(name);
            let (at, field) = named.find(|(_, field)| field.node == node && field.within == within)?;
            Some((Tables::order(depth, start, at), field))
        })
    }

    /// Returns the field that is the text of the element, or of the child that holds it, with its position.
    pub fn text(&self, within: Option<&str>) -> Option<(u32, &'static Field)> {
        self.iter().enumerate().find_map(|(depth, (schema, start))| {
            let at = schema.fields.iter().position(|field| field.node == NodeKind::Text && field.within == within)?;
            Some((Tables::order(depth, start, at as u16), &schema.fields[at]))
        })
    }

    /// Returns all fields with their positions.
    pub fn fields(&self) -> impl Iterator<Item = (u32, &'static Field)> + '_ {
        self.iter().enumerate().flat_map(|(depth, (schema, start))| {
            (0..).zip(schema.fields).map(move |(at, field)| (Tables::order(depth, start, at), field))
        })
    }

    /// Returns the names of all fields in a spec.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.fields().map(|(_, field)| field.name)
    }
}
