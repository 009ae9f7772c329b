//! Spec: values from Nix, JSON or XML.
//!
//! A spec is one flat vector of nodes that borrow their text from the source. The children of a set or list lie side by
//! side, so that reading a spec allocates nothing per attribute.

use crate::engine::message;
use crate::engine::outline::{Outline, Sketch, Sketched};
use serde::ser::{Error, Serialize, Serializer};
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// Maximum depth of a spec. libvirt's formats need about a dozen levels; only chains of `backingStore` are deeper. The
/// limit protects the stack from overflow.
pub const MAX_DEPTH: usize = 250;

/// Maximum number of values in a spec: far above any real spec, and low enough to reject an infinite spec before it
/// fills the memory.
pub const MAX_VALUES: usize = 1 << 20;

/// Maximum number of bytes of all texts and names of a spec: the same as for XML. libvirt accepts 4 MiB over a
/// connection.
pub const MAX_TEXT: usize = 64 << 20;

/// Origin of a value in the terms of the source: an index into the evaluator's position table or an offset in a text.
/// Zero means unknown.
pub type Origin = u32;

/// Value without the values below it.
#[derive(Clone, Debug, PartialEq)]
pub enum Data<'a> {
    /// Null, which is the same as omitting the attribute.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Number with a fraction.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// List.
    List(Children),
    /// Set: values by name.
    Set(Children),
    /// Value that no spec can hold. The text describes the value, such as "a function".
    Other(&'static str),
    /// Value that the source does not tell, such as the argument of a function that an editor shows. Without a name in a
    /// set, or in a list, it is any number of values. Every type accepts it, and no rule reports what depends on it.
    Unknown,
}

/// Nodes of a list or set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Children {
    start: u32,
    len: u32,
    /// Their names; all names if one of them is [`Data::Unknown`].
    names: Outline,
}

impl Children {
    fn range(self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

#[derive(Clone, Debug)]
struct Node<'a> {
    key: Cow<'a, str>,
    /// Sketch of the key.
    sketch: Sketch,
    data: Data<'a>,
    origin: Origin,
    /// Whether a value of the list or set is [`Data::Unknown`].
    has_unknown: bool,
}

impl<'a> Node<'a> {
    fn new(key: Cow<'a, str>, data: Data<'a>, origin: Origin) -> Self {
        Node { sketch: Sketch::of(&key), key, data, origin, has_unknown: false }
    }

    /// Returns the same node with borrowed texts.
    fn borrowed(&self) -> Node<'_> {
        let data = match &self.data {
            Data::Text(text) => Data::Text(Cow::Borrowed(text)),
            other => other.clone(),
        };
        Node { key: Cow::Borrowed(&self.key), sketch: self.sketch, data, ..*self }
    }

    fn name(&self) -> Sketched<'_> {
        Sketched { word: &self.key, sketch: self.sketch }
    }
}

/// Whole spec.
#[derive(Clone, Debug)]
pub struct Spec<'a> {
    nodes: Vec<Node<'a>>,
    /// Whether a reader came across an unknown value since [`Spec::forget_unknown`].
    met_unknown: Cell<bool>,
}

impl Spec<'_> {
    /// Returns the root value of the spec.
    pub fn root(&self) -> Value<'_> {
        self.value(self.nodes.len() as u32 - 1)
    }

    /// Returns the value at an index from [`Value::index`].
    pub fn value(&self, index: u32) -> Value<'_> {
        Value { spec: self, indices: Indices::of(index, index) }
    }

    /// Returns the spec with unknown values in place of those at these indices, of which some get another key.
    pub(crate) fn with_unknown(&self, places: &[(u32, Option<&str>)]) -> Spec<'_> {
        let mut nodes: Vec<_> = self.nodes.iter().map(Node::borrowed).collect();
        for (at, key) in places {
            let node = &mut nodes[*at as usize];
            let key = key.map_or_else(|| node.key.clone(), |key| key.to_owned().into());
            *node = Node::new(key, Data::Unknown, node.origin);
        }
        for at in 0..nodes.len() {
            let (Data::Set(children) | Data::List(children)) = &nodes[at].data else { continue };
            let children = *children;
            if nodes[children.range()].iter().any(|node| node.data == Data::Unknown) {
                let children = Children { names: Outline::ALL, ..children };
                let node = &mut nodes[at];
                node.has_unknown = true;
                node.data = if matches!(node.data, Data::List(_)) { Data::List(children) } else { Data::Set(children) };
            }
        }
        Spec { nodes, met_unknown: Cell::new(false) }
    }

    /// Starts to note again whether a reader comes across an unknown value.
    pub(crate) fn forget_unknown(&self) {
        self.met_unknown.set(false);
    }

    /// Returns whether a reader came across an unknown value: what the reader concludes may be wrong.
    pub(crate) fn has_met_unknown(&self) -> bool {
        self.met_unknown.get()
    }
}

/// Serializes a spec as people write JSON: sets as objects, in their order.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.data() {
            Data::Null => serializer.serialize_unit(),
            Data::Bool(it) => serializer.serialize_bool(*it),
            Data::Int(it) => serializer.serialize_i64(*it),
            Data::Float(it) => serializer.serialize_f64(*it),
            Data::Text(it) => serializer.serialize_str(it),
            Data::Other(_) | Data::Unknown => {
                Err(S::Error::custom(format!("{} cannot be converted to JSON", self.kind())))
            }
            Data::List(_) => serializer.collect_seq(self.children()),
            Data::Set(_) => serializer.collect_map(self.children().map(|child| (child.key(), child))),
        }
    }
}

/// Builds a [`Spec`] from values in the order in which a walk of the source meets them. The key of a value is empty for
/// the root and in a list.
#[derive(Debug, Default)]
pub struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    /// Values whose list or set is still open.
    waiting: Vec<Node<'a>>,
    /// For each open list or set, the index in `waiting` at which its values start, and whether one is unknown.
    open: Vec<(u32, bool)>,
    /// Number of bytes of all texts and names.
    text: usize,
}

impl<'a> Builder<'a> {
    /// Creates a builder with capacity for a usual domain.
    pub fn new() -> Self {
        Builder {
            nodes: Vec::with_capacity(512),
            waiting: Vec::with_capacity(64),
            open: Vec::with_capacity(16),
            text: 0,
        }
    }

    /// Adds a value without values below it.
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
        self.waiting.push(Node::new(key, data, origin));
    }

    /// Adds a value that the source does not tell.
    pub fn add_unknown(&mut self, key: impl Into<Cow<'a, str>>, origin: Origin) {
        self.add(key, Data::Unknown, origin);
        if let Some((_, has_unknown)) = self.open.last_mut() {
            *has_unknown = true;
        }
    }

    /// Opens a set, which [`Builder::close`] ends.
    pub fn open_set(&mut self, key: impl Into<Cow<'a, str>>, origin: Origin) {
        self.open(key.into(), Data::Set(Children::default()), origin);
    }

    /// Opens a list, which [`Builder::close`] ends.
    pub fn open_list(&mut self, key: impl Into<Cow<'a, str>>, origin: Origin) {
        self.open(key.into(), Data::List(Children::default()), origin);
    }

    fn open(&mut self, key: Cow<'a, str>, data: Data<'a>, origin: Origin) {
        self.text += key.len();
        self.waiting.push(Node::new(key, data, origin));
        self.open.push((self.waiting.len() as u32, false));
    }

    /// Ends the innermost open set or list.
    ///
    /// # Panics
    /// If no set or list is open, which is an error of the walk.
    pub fn close(&mut self) {
        let (mark, has_unknown) = self.open.pop().expect("a list or set is open");
        let mark = mark as usize;
        let names = self.waiting[mark..].iter().map(|node| Outline::of_sketch(node.sketch));
        let names = names.fold(if has_unknown { Outline::ALL } else { Outline::EMPTY }, Outline::with);
        let (start, len) = (self.nodes.len() as u32, (self.waiting.len() - mark) as u32);
        self.nodes.extend(self.waiting.drain(mark..));
        match self.waiting.last_mut() {
            Some(Node { data: Data::Set(children) | Data::List(children), has_unknown: is_unsure, .. }) => {
                *children = Children { start, len, names };
                *is_unsure = has_unknown;
            }
            _ => unreachable!("only sets and lists are opened"),
        }
    }

    /// Returns the number of open lists and sets.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Returns whether one more list or set may be opened and that many values be added, within the limits of a spec
    /// and of the memory.
    pub fn has_room(&mut self, values: usize) -> bool {
        self.depth() < MAX_DEPTH
            && self.text <= MAX_TEXT
            && values < MAX_VALUES.saturating_sub(self.nodes.len() + self.waiting.len())
            && self.nodes.try_reserve(self.waiting.len() + values + 1).is_ok()
            && self.waiting.try_reserve(values + 1).is_ok()
    }

    /// Returns whether a text of that many bytes may be added.
    pub fn has_room_for_text(&self, bytes: usize) -> bool {
        bytes <= MAX_TEXT.saturating_sub(self.text)
    }

    /// Returns the maximum number of bytes of memory that rendering the spec or reporting its problems takes: each byte
    /// may become six, each value has a line of its own, and a growing text is there twice.
    pub fn cost(&self) -> usize {
        18 * self.text + 1024 * (self.nodes.len() + self.waiting.len())
    }

    /// Returns the spec. Its root is the one value that was added outside all others.
    pub fn finish(mut self) -> Spec<'a> {
        self.nodes.append(&mut self.waiting);
        Spec { nodes: self.nodes, met_unknown: Cell::new(false) }
    }
}

/// Value of a spec, with the values below it.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    spec: &'a Spec<'a>,
    indices: Indices,
}

/// Two indices of nodes: of the value, and, in the upper half, of the node that has its key, which is the value itself, or the
/// list that has it as its only item. As one number, a value is passed in two registers.
#[derive(Clone, Copy)]
struct Indices(u64);

impl Indices {
    #[inline]
    fn of(index: u32, key: u32) -> Self {
        Indices((u64::from(key) << 32) | u64::from(index))
    }

    #[inline]
    fn index(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

impl<'a> Value<'a> {
    fn node(self) -> &'a Node<'a> {
        &self.spec.nodes[self.indices.index() as usize]
    }

    /// Returns the data of the value.
    pub fn data(self) -> &'a Data<'a> {
        &self.node().data
    }

    /// Returns the key of the value in its set; empty in a list, except for the only item if [`Value::attribute`] returned it.
    pub fn key(self) -> &'a str {
        &self.spec.nodes[self.indices.key() as usize].key
    }

    /// Returns the key with its sketch.
    pub fn name(self) -> Sketched<'a> {
        self.spec.nodes[self.indices.key() as usize].name()
    }

    /// Returns the origin of the value.
    pub fn origin(self) -> Origin {
        self.node().origin
    }

    /// Returns the index of the value, which is unique in its spec.
    pub fn index(self) -> u32 {
        self.indices.index()
    }

    /// Returns the values of a list or set, and none for any other value.
    pub fn children(self) -> impl ExactSizeIterator<Item = Value<'a>> + Clone {
        let range = match self.data() {
            Data::List(children) | Data::Set(children) => {
                if self.has_unknown() {
                    self.meet_unknown();
                }
                children.range()
            }
            _ => 0..0,
        };
        range.map(move |index| self.spec.value(index as u32))
    }

    /// Returns whether the value is null, which is the same as omitting the attribute.
    pub fn is_null(self) -> bool {
        matches!(self.data(), Data::Null)
    }

    /// Returns the names of the values of a set; all names if the source does not tell them.
    pub fn names(self) -> Outline {
        match self.data() {
            Data::Set(children) => children.names,
            Data::Unknown => Outline::ALL,
            _ => Outline::EMPTY,
        }
    }

    /// Returns the value of that name in a set, unless the value is null or unknown. A list of one item is that item, and a
    /// list without items nothing, as where an element may be given as such a list.
    #[inline(always)] // Most names are literals, whose sketch is a constant then.
    pub fn attribute(self, name: &str) -> Option<Value<'a>> {
        self.look_for::<true>(name)
    }

    /// Returns the values of a set that [`Value::attribute`] returns, by their keys, and those that are unknown.
    pub fn parts(self) -> impl Iterator<Item = Value<'a>> {
        self.children().filter(|child| !child.is_null()).filter_map(Value::in_place)
    }

    /// Returns the value itself, or what a list means where one value may stand in its place.
    #[inline]
    fn in_place(self) -> Option<Value<'a>> {
        if matches!(self.data(), Data::List(_)) { self.in_place_of_list() } else { Some(self) }
    }

    /// Returns the item of a list of one item, with the key of the list; the list itself if it has more or unknown items, or
    /// lists for items; and none if it has no items.
    #[inline(never)]
    fn in_place_of_list(self) -> Option<Value<'a>> {
        if self.has_unknown() {
            return Some(self);
        }
        let mut items = self.children().filter(|item| !item.is_null());
        let first = items.next()?;
        let is_only = items.next().is_none() && !matches!(first.data(), Data::List(_));
        Some(if is_only { Value { indices: Indices::of(first.index(), self.indices.key()), ..first } } else { self })
    }

    /// Returns the value of that name in a set as it is written, unless the value is null or unknown.
    pub fn written(self, name: &str) -> Option<Value<'a>> {
        self.look_for::<false>(name)
    }

    #[inline(always)]
    fn look_for<const IN_PLACE: bool>(self, name: &str) -> Option<Value<'a>> {
        let sketch = Sketch::of(name);
        match self.data() {
            Data::Set(children) if children.names.may_have(Outline::of_sketch(sketch)) => {
                self.find::<IN_PLACE>(children, sketch, name)
            }
            Data::Unknown => {
                self.meet_unknown();
                None
            }
            _ => None,
        }
    }

    /// Returns the value of that name in a set that may have it.
    #[inline(never)]
    fn find<const IN_PLACE: bool>(self, children: &'a Children, sketch: Sketch, name: &str) -> Option<Value<'a>> {
        let found = if sketch.is_of_long() || self.has_unknown() {
            self.sure(*children, Sketched { word: name, sketch })?
        } else {
            let mut nodes = self.spec.nodes[children.range()].iter();
            let at = nodes.position(|node| node.sketch == sketch && !matches!(node.data, Data::Null))?;
            self.spec.value(children.start + at as u32)
        };
        if IN_PLACE { found.in_place() } else { Some(found) }
    }

    /// Returns the value of that name in a set, and notes if an unknown value may have the name.
    #[inline(never)]
    fn sure(self, children: Children, name: Sketched<'_>) -> Option<Value<'a>> {
        let (found, is_sure) = self.look_up(children, name);
        if !is_sure {
            self.meet_unknown();
        }
        found
    }

    /// Returns whether a set may have a value of that name that the source does not tell.
    pub fn may_have(self, name: &str) -> bool {
        match self.data() {
            Data::Set(children) => self.has_unknown() && !self.look_up(*children, Sketched::of(name)).1,
            Data::Unknown => true,
            _ => false,
        }
    }

    /// Returns the known value of that name in a set, and whether that is sure.
    fn look_up(self, children: Children, name: Sketched<'_>) -> (Option<Value<'a>>, bool) {
        let mut named = self.named(children, name);
        let has_more = || self.named(children, Sketched::of("")).any(|child| *child.data() == Data::Unknown);
        match named.find(|child| *child.data() != Data::Null) {
            Some(child) if *child.data() == Data::Unknown => (None, false),
            Some(child) => (Some(child), true),
            None => (None, !has_more()),
        }
    }

    fn named(self, children: Children, name: Sketched<'_>) -> impl Iterator<Item = Value<'a>> {
        let nodes = (children.start..).zip(&self.spec.nodes[children.range()]);
        let named = nodes.filter(move |(_, node)| node.name() == name);
        named.map(move |(index, _)| self.spec.value(index))
    }

    /// Returns whether a value of this list or set is unknown.
    pub fn has_unknown(self) -> bool {
        self.node().has_unknown
    }

    /// Returns whether a reader of the spec came across an unknown value: what the reader concludes may be wrong.
    pub(crate) fn has_met_unknown(self) -> bool {
        self.spec.has_met_unknown()
    }

    fn meet_unknown(self) {
        self.spec.met_unknown.set(true);
    }

    /// Returns the text, if the value is text.
    pub fn text(self) -> Option<&'a str> {
        match self.data() {
            Data::Text(text) => Some(text),
            Data::Unknown => {
                self.meet_unknown();
                None
            }
            _ => None,
        }
    }

    /// Returns the value as a whole number; a text is read in that radix.
    pub fn number<N: TryFrom<u64>>(self, radix: u32) -> Option<N> {
        let number = match self.data() {
            Data::Int(it) => u64::try_from(*it).ok()?,
            Data::Text(it) => u64::from_str_radix(it.strip_prefix("0x").unwrap_or(it), radix).ok()?,
            _ => return None,
        };
        number.try_into().ok()
    }

    /// Returns the values of a part that may repeat: the items of a list, or a single value.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        let is_list = matches!(self.data(), Data::List(_));
        let listed = self.children().filter(move |_| is_list);
        listed.chain((!is_list).then_some(self)).filter(|item| !item.is_null())
    }

    /// Calls a function with each value at a path; of a part that repeats, with each item.
    pub fn each_at(self, path: &[&str], call: &mut impl FnMut(Value<'a>)) {
        let Some((name, rest)) = path.split_first() else { return call(self) };
        let Some(part) = self.attribute(name) else { return };
        match part.data() {
            Data::List(_) => {
                part.children().filter(|item| !item.is_null()).for_each(|item| item.each_at(rest, call));
            }
            _ => part.each_at(rest, call),
        }
    }

    /// Returns the value as messages show it: text in quotes, a number, or its kind.
    pub fn shown(self) -> String {
        match self.data() {
            Data::Text(text) => format!("{text:?}"),
            Data::Int(number) => number.to_string(),
            _ => self.kind().to_owned(),
        }
    }

    /// Returns the text that a text or a number has in XML.
    pub fn xml_text(self) -> Option<Cow<'a, str>> {
        match self.data() {
            Data::Int(number) => Some(Cow::Owned(number.to_string())),
            Data::Float(number) => Some(Cow::Owned(number.to_string())),
            _ => self.text().map(Cow::Borrowed),
        }
    }

    /// Returns what messages call this kind of value.
    pub fn kind(self) -> &'static str {
        match self.data() {
            Data::Null => "null",
            Data::Bool(true) => "true",
            Data::Bool(false) => "false",
            Data::Int(_) => message::number(),
            Data::Float(_) => message::fraction(),
            Data::Text(_) => message::string(),
            Data::List(_) => message::list(),
            Data::Set(_) => message::set(),
            Data::Other(what) => what,
            Data::Unknown => "an unknown value",
        }
    }
}
