//! What the types of this crate become: one table an element, read by the renderer, the JSON Schema
//! and the documentation alike.
//!
//! `#[element]` turns a plain struct into a [`Schema`]; no code is made per type but small accessors
//! for the rules. A field finds its place by its type: a word or number is an attribute, a struct is a
//! child element, `Option` may be absent, `Vec` repeats.

pub mod build;

use crate::engine::problem::Report;
use crate::engine::scalar::Scalar;
use crate::engine::shorthand::Shorthand;
use crate::engine::value::Value;

/// An element of libvirt's XML, or one of the forms that an element may have.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// The name of the Rust type, which is its name in the JSON Schema.
    pub name: &'static str,
    /// What the element is, for a user of the spec.
    pub doc: &'static str,
    /// The parts in the order in which they are written.
    pub fields: &'static [Field],
    /// `fields` by name.
    pub by_name: &'static [Entry],
    /// `fields` by their names in XML.
    pub by_xml: &'static [Entry],
    /// The fields that must be there, as indices.
    pub required: &'static [u16],
    /// The fields for which something is written where they are absent, as indices.
    pub absent: &'static [u16],
    /// The forms of the element, where an attribute decides which it has: an enum's own, or those of the
    /// one field that is marked `#[form]`.
    pub forms: Option<Forms>,
    /// What a single value in place of the set means.
    pub shorthand: Shorthand,
    /// Whether the options of the modules may have its repeated children as sets by name.
    pub keyed: bool,
    /// What the types cannot say.
    pub rules: Option<fn(Value<'_>, &mut Report<'_>)>,
}

/// The first eight bytes of a name as a number, and the index of its field: most names are told apart by the former,
/// and side by side they are read faster than the fields themselves.
pub type Entry = (u64, u16);

/// Where an element's forms are, and where their parts are written.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    /// How many of the element's own fields are written before those of its form.
    pub at: u16,
    /// The forms.
    pub variants: fn() -> &'static Variants,
}

/// Forms of an element, told apart by one of its attributes.
#[derive(Debug)]
pub struct Variants {
    /// The name of the Rust type.
    pub name: &'static str,
    /// What the attribute decides.
    pub doc: &'static str,
    /// The attribute that decides.
    pub tag: &'static str,
    /// The word that is meant where the attribute is absent.
    pub default: Option<&'static str>,
    /// One form for each word that the attribute may hold.
    pub variants: &'static [Variant],
}

/// One form of an element.
#[derive(Debug)]
pub struct Variant {
    /// The word that stands for it.
    pub word: &'static str,
    /// Its parts; the first is the deciding attribute itself.
    pub schema: Schema,
}

/// One part of an element.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in a spec.
    pub name: &'static str,
    /// Its name in XML, with the prefix of its namespace if it has one.
    pub xml: &'static str,
    /// What it is, for a user of the spec.
    pub doc: &'static str,
    /// Where it stands in XML.
    pub node: NodeKind,
    /// The child element that holds it, where the spec lifts it out of one (`os.arch`).
    pub within: Option<&'static str>,
    /// How often it may be there.
    pub occurs: Occurs,
    /// Whether it must be there: at least once, if it may repeat.
    pub required: bool,
    /// What it holds.
    pub ty: Type,
    /// Whether what it holds must not be shown in a message.
    pub secret: bool,
    /// What is written where it is absent.
    pub absent: Absent,
}

/// Where a field stands in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `name="word"`.
    Attribute,
    /// The element's own text.
    Text,
    /// An element of its own.
    Child,
}

/// How often a field may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Exactly once.
    One,
    /// Once or not at all.
    Option,
    /// Any number of times.
    Many,
}

/// What is written for a field that a spec leaves out. `false` in its place says that nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nothing.
    Nothing,
    /// An empty element, for which libvirt's schema asks.
    Empty,
    /// An id of the object, made of its name.
    Uuid,
    /// A hardware address, made of the domain's name and the network card's place in it.
    Mac,
}

impl Absent {
    /// Whether anything is written.
    pub const fn is_written(self) -> bool {
        !matches!(self, Absent::Nothing)
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A word or number.
    Scalar(&'static Scalar),
    /// The parts of an element.
    Element(fn() -> &'static Schema),
    /// Nothing: that it is there says all.
    Present,
    /// XML of any kind.
    Xml,
}

impl Type {
    /// The words of a type that is words.
    ///
    /// # Panics
    /// At compile time, where a field's type combines something else.
    pub const fn scalar(self) -> &'static Scalar {
        match self {
            Type::Scalar(scalar) => scalar,
            _ => panic!("only words can be combined"),
        }
    }

    /// Where a field of this type stands, given where a word would.
    pub const fn node(self, scalar: NodeKind) -> NodeKind {
        match self {
            Type::Scalar(_) => scalar,
            _ => NodeKind::Child,
        }
    }
}

/// A Rust type that a field may have.
pub trait FieldType {
    /// What it holds.
    const TYPE: Type;
}

/// A Rust type that is an element.
pub trait Element: FieldType {
    /// Its table.
    fn schema() -> &'static Schema;
}

/// A Rust type whose fields are parts that several elements share.
pub trait Parts {
    /// The rows of the fields.
    const FIELDS: &'static [Field];
}

/// A Rust enum whose variants are forms of an element.
pub trait Choice {
    /// The forms.
    fn variants() -> &'static Variants;
}

impl Schema {
    /// The field of that name; where an attribute and a child share the name, the attribute, which is the first.
    pub fn field(&self, name: &str) -> Option<(u16, &'static Field)> {
        self.named(name).next()
    }

    /// The field of that name that takes a set or list, where an attribute has the same name.
    pub fn twin(&self, at: u16) -> Option<(u16, &'static Field)> {
        self.named(self.fields[usize::from(at)].name).find(|(other, _)| *other > at)
    }

    /// The fields of that name.
    fn named(&self, name: &str) -> impl Iterator<Item = (u16, &'static Field)> {
        among(self.fields, self.by_name, name, |field| field.name)
    }

    /// The fields of that name in XML.
    fn named_in_xml(&self, name: &str) -> impl Iterator<Item = (u16, &'static Field)> {
        among(self.fields, self.by_xml, name, |field| field.xml)
    }
}

/// The fields of that name in the order of the table, given them sorted by that kind of name.
fn among<'n>(
    fields: &'static [Field],
    sorted: &'static [Entry],
    name: &'n str,
    of: fn(&Field) -> &'static str,
) -> impl Iterator<Item = (u16, &'static Field)> + use<'n> {
    let field = move |at: u16| &fields[usize::from(at)];
    let start = build::start_of(name);
    let first = sorted.partition_point(|(own, at)| *own < start || (*own == start && of(field(*at)) < name));
    let same = sorted[first..].iter().take_while(move |(own, at)| *own == start && of(field(*at)) == name);
    same.map(move |(_, at)| (*at, field(*at)))
}

impl Variants {
    /// The form that a word stands for.
    pub fn variant(&self, word: &str) -> Option<&'static Schema> {
        self.variants.iter().find(|variant| variant.word == word).map(|variant| &variant.schema)
    }

    /// The child of which the deciding word is the text in XML, where it is no attribute.
    pub fn within(&self) -> Option<&'static str> {
        self.variants.first()?.schema.fields[0].within
    }

    /// The words that the attribute may hold.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &'static str> + use<> {
        self.variants.iter().map(|variant| variant.word)
    }
}

/// What has a name in a spec: each field with the order in which it is written.
pub enum Named {
    /// One field.
    One(u32, &'static Field),
    /// An attribute and a child that share the name.
    Twins((u32, &'static Field), (u32, &'static Field)),
}

/// The tables whose fields an element has: its own, that of its form, and that of the form's form, each with
/// the order of its first field.
#[derive(Clone, Copy, Default)]
pub struct Tables([Option<(&'static Schema, u32)>; Tables::DEPTH]);

impl Tables {
    /// How many tables an element may have.
    const DEPTH: usize = 3;

    /// The tables that the element's own attributes choose, which `word` gives. An error is the forms of
    /// which none is chosen.
    pub fn of<'w>(
        schema: &'static Schema,
        word: impl Fn(&'static Variants) -> Option<&'w str>,
    ) -> Result<Self, &'static Variants> {
        let mut tables = Tables::default();
        let (mut schema, mut order) = (schema, 0);
        for depth in 0..Tables::DEPTH {
            tables.0[depth] = Some((schema, order));
            let Some(forms) = &schema.forms else { break };
            // A form's fields follow the field before it and precede the one after it.
            order += u32::from(forms.at) * Tables::spread(depth);
            let variants = (forms.variants)();
            schema = word(variants).or(variants.default).and_then(|word| variants.variant(word)).ok_or(variants)?;
        }
        Ok(tables)
    }

    /// The tables, outermost first.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Schema, u32)> + '_ {
        self.0.iter().flatten().copied()
    }

    /// How far apart the fields of the table at that depth are, so that a form's fit between.
    const fn spread(depth: usize) -> u32 {
        [1 << 20, 1 << 10, 1][depth]
    }

    /// Where the field at that index of a table is written, given where the table's fields start.
    const fn order(depth: usize, start: u32, at: u16) -> u32 {
        match (depth, at) {
            // What decides about a form comes first, as libvirt writes it.
            (1.., 0) => depth as u32,
            _ => start + (at as u32 + 1) * Tables::spread(depth),
        }
    }

    /// The fields for which something is written where they are absent, and where.
    pub fn absent(&self) -> impl Iterator<Item = (u32, &'static Field)> + '_ {
        self.iter().enumerate().flat_map(|(depth, (schema, start))| {
            schema.absent.iter().map(move |at| (Tables::order(depth, start, *at), &schema.fields[usize::from(*at)]))
        })
    }

    /// What has that name in a spec.
    pub fn in_spec(&self, name: &str) -> Option<Named> {
        self.iter().enumerate().find_map(|(depth, (schema, start))| {
            let mut named = schema.named(name).map(|(at, field)| (Tables::order(depth, start, at), field));
            let first = named.next()?;
            Some(named.next().map_or(Named::One(first.0, first.1), |twin| Named::Twins(first, twin)))
        })
    }

    /// The attribute or child that has that name in XML, and where it is written.
    pub fn in_xml(&self, name: &str, within: Option<&str>, node: NodeKind) -> Option<(u32, &'static Field)> {
        self.iter().enumerate().find_map(|(depth, (schema, start))| {
            let mut named = schema.named_in_xml(name);
            let (at, field) = named.find(|(_, field)| field.node == node && field.within == within)?;
            Some((Tables::order(depth, start, at), field))
        })
    }

    /// The field that is the text of the element, or of the child that holds it, and where it is written.
    pub fn text(&self, within: Option<&str>) -> Option<(u32, &'static Field)> {
        self.iter().enumerate().find_map(|(depth, (schema, start))| {
            let at = schema.fields.iter().position(|field| field.node == NodeKind::Text && field.within == within)?;
            Some((Tables::order(depth, start, at as u16), &schema.fields[at]))
        })
    }

    /// All fields, each with where it is written.
    pub fn fields(&self) -> impl Iterator<Item = (u32, &'static Field)> + '_ {
        self.iter().enumerate().flat_map(|(depth, (schema, start))| {
            (0..).zip(schema.fields).map(move |(at, field)| (Tables::order(depth, start, at), field))
        })
    }

    /// The names of all fields in a spec.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.fields().map(|(_, field)| field.name)
    }
}
