//! What a spec is made of, wherever it comes from: a Nix value, JSON or XML.
//!
//! A spec is one flat vector of nodes that borrow their text from the source. The children of a set or
//! list lie side by side, so that reading a spec allocates nothing per attribute.

use serde::ser::{Error, Serialize, Serializer};
use std::borrow::Cow;
use std::ops::Range;

/// How deep a spec may nest. libvirt's formats need about a dozen levels; only chains of
/// `backingStore` go deeper. The bound keeps every walk of a spec off the end of the stack.
pub const MAX_DEPTH: usize = 250;

/// How many values a spec may hold: far above any real one, and low enough to refuse a spec that grows
/// without end before it fills the memory.
pub const MAX_VALUES: usize = 1 << 20;

/// How many bytes of text and names a spec may hold: as many as XML that is read. libvirt takes 4 MiB over a connection.
pub const MAX_TEXT: usize = 64 << 20;

/// Where a value came from, in the source's own terms: an index of the evaluator's position table, an
/// offset in a text. Zero is "not known".
pub type Origin = u32;

/// One value of a spec, without what is below it.
#[derive(Clone, Debug, PartialEq)]
pub enum Data<'a> {
    /// Nothing: the same as leaving the attribute out.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// Values in order.
    List(Children),
    /// Values by name.
    Set(Children),
    /// Something that no spec can hold; the text says what, as in "a function".
    Other(&'static str),
}

/// The nodes that belong to a list or set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Children {
    start: u32,
    len: u32,
}

impl Children {
    fn range(self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

#[derive(Clone, Debug)]
struct Node<'a> {
    key: Cow<'a, str>,
    data: Data<'a>,
    origin: Origin,
}

/// A whole spec.
#[derive(Clone, Debug)]
pub struct Spec<'a> {
    nodes: Vec<Node<'a>>,
}

impl Spec<'_> {
    /// The value that the spec is.
    pub fn root(&self) -> Value<'_> {
        Value { nodes: &self.nodes, index: self.nodes.len() as u32 - 1 }
    }

    /// The value at an index that [`Value::index`] gave.
    pub fn value(&self, index: u32) -> Value<'_> {
        Value { nodes: &self.nodes, index }
    }
}

/// As JSON, such as people write it: sets as objects, in their order.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.data() {
            Data::Null => serializer.serialize_unit(),
            Data::Bool(it) => serializer.serialize_bool(*it),
            Data::Int(it) => serializer.serialize_i64(*it),
            Data::Float(it) => serializer.serialize_f64(*it),
            Data::Text(it) => serializer.serialize_str(it),
            Data::Other(what) => Err(S::Error::custom(format!("{what} cannot be converted to JSON"))),
            Data::List(_) => serializer.collect_seq(self.children()),
            Data::Set(_) => serializer.collect_map(self.children().map(|child| (child.key(), child))),
        }
    }
}

/// Builds a [`Spec`] from values in the order in which a walk of the source meets them. Every call
/// takes the attribute's name, which is empty for the root and in a list.
#[derive(Debug, Default)]
pub struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    /// Values whose list or set is not closed yet.
    waiting: Vec<Node<'a>>,
    /// For each open list or set, where its values start in `waiting`.
    open: Vec<u32>,
    /// How many bytes of text and names there are.
    text: usize,
}

impl<'a> Builder<'a> {
    /// A builder with room for a usual domain.
    pub fn new() -> Self {
        Builder {
            nodes: Vec::with_capacity(512),
            waiting: Vec::with_capacity(64),
            open: Vec::with_capacity(16),
            text: 0,
        }
    }

    /// Adds a value that has nothing below it.
    pub fn add(&mut self, key: impl Into<Cow<'a, str>>, data: Data<'a>, origin: Origin) {
        let key = key.into();
        self.text += key.len();
        let data = match data {
            Data::Text(text) if !self.has_room_for_text(text.len()) => Data::Other("too much text"),
            Data::Text(text) => {
                self.text += text.len();
                Data::Text(text)
            }
            other => other,
        };
        self.waiting.push(Node { key, data, origin });
    }

    /// Starts a set; [`Builder::close`] ends it.
    pub fn open_set(&mut self, key: impl Into<Cow<'a, str>>, origin: Origin) {
        self.open(key.into(), Data::Set(Children { start: 0, len: 0 }), origin);
    }

    /// Starts a list; [`Builder::close`] ends it.
    pub fn open_list(&mut self, key: impl Into<Cow<'a, str>>, origin: Origin) {
        self.open(key.into(), Data::List(Children { start: 0, len: 0 }), origin);
    }

    fn open(&mut self, key: Cow<'a, str>, data: Data<'a>, origin: Origin) {
        self.text += key.len();
        self.waiting.push(Node { key, data, origin });
        self.open.push(self.waiting.len() as u32);
    }

    /// Ends the set or list that was opened last.
    ///
    /// # Panics
    /// When none is open: a mistake of the walk, not of the spec.
    pub fn close(&mut self) {
        let mark = self.open.pop().expect("a list or set is open") as usize;
        let closed = Children { start: self.nodes.len() as u32, len: (self.waiting.len() - mark) as u32 };
        self.nodes.extend(self.waiting.drain(mark..));
        match self.waiting.last_mut().map(|node| &mut node.data) {
            Some(Data::Set(children) | Data::List(children)) => *children = closed,
            _ => unreachable!("only sets and lists are opened"),
        }
    }

    /// How many lists and sets are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether one more list or set may be opened, and that many values more be added: the spec may grow so far,
    /// and there is memory for it.
    pub fn has_room(&mut self, values: usize) -> bool {
        self.depth() < MAX_DEPTH
            && self.text <= MAX_TEXT
            && values < MAX_VALUES.saturating_sub(self.nodes.len() + self.waiting.len())
            && self.nodes.try_reserve(self.waiting.len() + values + 1).is_ok()
            && self.waiting.try_reserve(values + 1).is_ok()
    }

    /// Whether text of that many bytes may be added; what is too long is refused.
    pub fn has_room_for_text(&self, bytes: usize) -> bool {
        bytes <= MAX_TEXT.saturating_sub(self.text)
    }

    /// Returns the maximum number of bytes that rendering the spec or reporting its problems may need: each byte may become
    /// six, each value has a line, and a text that grows is in memory twice.
    pub fn cost(&self) -> usize {
        18 * self.text + 1024 * (self.nodes.len() + self.waiting.len())
    }

    /// The spec, whose root is the one value added outside all others.
    pub fn finish(mut self) -> Spec<'a> {
        self.nodes.append(&mut self.waiting);
        Spec { nodes: self.nodes }
    }
}

/// A value of a spec, and what is below it.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    nodes: &'a [Node<'a>],
    index: u32,
}

impl<'a> Value<'a> {
    fn node(self) -> &'a Node<'a> {
        &self.nodes[self.index as usize]
    }

    /// What the value is.
    pub fn data(self) -> &'a Data<'a> {
        &self.node().data
    }

    /// Returns the name of the value in its set; empty in a list.
    pub fn key(self) -> &'a str {
        &self.node().key
    }

    /// Where it comes from.
    pub fn origin(self) -> Origin {
        self.node().origin
    }

    /// A number that tells the value from all others of its spec.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The values of a list or set; of anything else none.
    pub fn children(self) -> impl ExactSizeIterator<Item = Value<'a>> + Clone {
        let range = match self.data() {
            Data::List(children) | Data::Set(children) => children.range(),
            _ => 0..0,
        };
        range.map(move |index| Value { nodes: self.nodes, index: index as u32 })
    }

    /// The value of that name in a set, unless it is null.
    pub fn attribute(self, name: &str) -> Option<Value<'a>> {
        if !matches!(self.data(), Data::Set(_)) {
            return None;
        }
        self.children().find(|child| child.key() == name && *child.data() != Data::Null)
    }

    /// The text, if it is text.
    pub fn text(self) -> Option<&'a str> {
        if let Data::Text(text) = self.data() { Some(text) } else { None }
    }

    /// The whole number that it is, where a text counts in that radix.
    pub fn number<N: TryFrom<u64>>(self, radix: u32) -> Option<N> {
        let number = match self.data() {
            Data::Int(it) => u64::try_from(*it).ok()?,
            Data::Text(it) => u64::from_str_radix(it.strip_prefix("0x").unwrap_or(it), radix).ok()?,
            _ => return None,
        };
        number.try_into().ok()
    }

    /// The values of a part that may be there several times: one alone, or a list.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        let is_list = matches!(self.data(), Data::List(_));
        let listed = self.children().filter(move |_| is_list);
        listed.chain(Some(self).filter(|_| !is_list)).filter(|item| *item.data() != Data::Null)
    }

    /// Returns the value as messages show it: text in quotes, a number, or its kind.
    pub fn shown(self) -> String {
        match self.data() {
            Data::Text(text) => format!("{text:?}"),
            Data::Int(number) => number.to_string(),
            _ => self.kind().to_owned(),
        }
    }

    /// Returns what messages call this kind of value.
    pub fn kind(self) -> &'static str {
        match self.data() {
            Data::Null => "null",
            Data::Bool(true) => "true",
            Data::Bool(false) => "false",
            Data::Int(_) => "a number",
            Data::Float(_) => "a number with a fraction",
            Data::Text(_) => "a string",
            Data::List(_) => "a list",
            Data::Set(_) => "a set",
            Data::Other(what) => what,
        }
    }
}
