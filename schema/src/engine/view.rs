//! How rules read a spec: a [`View`] of a value has a method for each part that its type has.
//!
//! A part that is absent, or not of its type, is `None`: the types report that themselves.

use crate::engine::shorthand::Shorthand;
use crate::engine::table::{Element, FieldType, Schema, Type};
use crate::engine::value::{Data, Value};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A value that should be a `T`.
pub struct View<'a, T> {
    value: Value<'a>,
    of: PhantomData<T>,
}

impl<T> Clone for View<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for View<'_, T> {}

impl<'a, T> View<'a, T> {
    /// A view of that value.
    pub fn new(value: Value<'a>) -> Self {
        View { value, of: PhantomData }
    }
}

/// What every view can do. A trait, so that a part called `value` or `text` takes precedence.
pub trait Read<'a> {
    /// The value that is viewed, to report it.
    fn value(self) -> Value<'a>;
    /// The text that stands in XML for a word.
    fn text(self) -> Option<Cow<'a, str>>;
    /// The number that a word is.
    fn number(self) -> Option<i64>;
}

impl<'a, T: FieldType> Read<'a> for View<'a, T> {
    fn value(self) -> Value<'a> {
        self.value
    }

    fn text(self) -> Option<Cow<'a, str>> {
        match T::TYPE {
            Type::Scalar(word) => word.print(self.value.data()).ok(),
            _ => None,
        }
    }

    fn number(self) -> Option<i64> {
        match self.value.data() {
            Data::Int(it) => Some(*it),
            _ => self.text()?.parse().ok(),
        }
    }
}

/// An enum whose variants stand for words.
pub trait FromWord: Sized {
    /// The variant that a word stands for.
    fn from_word(word: &str) -> Option<Self>;
}

impl<T: FieldType + FromWord> View<'_, T> {
    /// The word, if it is one of those that are known.
    pub fn get(self) -> Option<T> {
        T::from_word(&self.text()?)
    }
}

/// The part of that name, where it is there once at most.
pub(crate) fn one<'a, T: Element, P: FieldType>(view: View<'a, T>, name: &str) -> Option<View<'a, P>> {
    match view.value.data() {
        Data::Set(_) => in_set(view, name),
        _ if is_short_for(T::schema(), name) => view_of(view.value),
        _ => None,
    }
}

/// The part of that name in a set, where it is there once at most.
pub(crate) fn in_set<'a, T, P: FieldType>(view: View<'a, T>, name: &str) -> Option<View<'a, P>> {
    view_of(view.value.attribute(name)?)
}

/// The value of a part, if it is of its type.
fn view_of<P: FieldType>(value: Value<'_>) -> Option<View<'_, P>> {
    match value.data() {
        // An attribute and a child that share a name may stand in one list.
        Data::List(_) => value.children().find(|item| may_be(P::TYPE, *item)),
        _ => Some(value).filter(|value| may_be(P::TYPE, *value)),
    }
    .map(View::new)
}

/// Whether a value can stand for a part of that type: an attribute and a child may share a name, and the
/// value tells which of them it is. `false` says that an empty element is absent.
fn may_be(ty: Type, value: Value<'_>) -> bool {
    match (ty, value.data()) {
        (_, Data::Null) => false,
        (Type::Scalar(_), data) => !matches!(data, Data::Set(_) | Data::List(_)),
        (Type::Present, data) => *data != Data::Bool(false),
        (Type::Xml, _) | (_, Data::Set(_) | Data::List(_)) => true,
        (Type::Element(schema), data) => match schema().shorthand {
            Shorthand::None => false,
            Shorthand::Presence => *data == Data::Bool(true),
            Shorthand::Switch(_) => matches!(data, Data::Bool(_)),
            Shorthand::Text(_) | Shorthand::Size { .. } | Shorthand::Notation(_) => true,
        },
    }
}

/// The same value, seen as one of its forms.
pub(crate) fn form<T, P>(view: View<'_, T>) -> View<'_, P> {
    View::new(view.value)
}

/// The parts of that name, where there may be several.
pub(crate) fn many<'a, T, P>(view: View<'a, T>, name: &str) -> impl Iterator<Item = View<'a, P>> {
    let found = view.value.attribute(name);
    let (alone, list) = match found.map(Value::data) {
        Some(Data::List(_)) => (None, found),
        _ => (found, None),
    };
    let listed = list.into_iter().flat_map(Value::children).filter(|it| *it.data() != Data::Null);
    alone.into_iter().chain(listed).map(View::new)
}

/// Whether a single value in place of the set is the part of that name.
fn is_short_for(schema: &Schema, name: &str) -> bool {
    match schema.shorthand {
        Shorthand::Text(at) | Shorthand::Switch(at) => schema.fields[usize::from(at)].name == name,
        _ => false,
    }
}
