//! Views: how rules read a spec. The [`View`] of a value has one method for each part of its type.
//!
//! The methods return `None` for a part that is absent or has the wrong type: the renderer reports such parts.

use crate::engine::shorthand::Shorthand;
use crate::engine::table::{Element, FieldType, Schema, Type};
use crate::engine::value::{Data, Value};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Value that should be a `T`.
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
    /// Returns the view of a value.
    pub fn new(value: Value<'a>) -> Self {
        View { value, of: PhantomData }
    }
}

/// Methods of all views. This is a trait so that the methods for parts called `value` or `text` take precedence.
pub trait Read<'a> {
    /// Returns the value itself, for a report.
    fn value(self) -> Value<'a>;
    /// Returns the text of a scalar in XML.
    fn text(self) -> Option<Cow<'a, str>>;
    /// Returns the number that a scalar denotes.
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

/// Enum whose variants stand for words.
pub trait FromWord: Sized {
    /// Returns the variant of a word.
    fn from_word(word: &str) -> Option<Self>;
}

impl<T: FieldType + FromWord> View<'_, T> {
    /// Returns the variant of the word, if the word is known.
    pub fn get(self) -> Option<T> {
        match self.value.data() {
            Data::Text(word) => T::from_word(word),
            _ => T::from_word(&self.text()?),
        }
    }
}

/// Returns the part with that name, if the part occurs at most once.
#[inline]
pub(crate) fn one<'a, T: Element, P: FieldType>(view: View<'a, T>, name: &str) -> Option<View<'a, P>> {
    match view.value.data() {
        Data::Set(_) => in_set(view, name),
        _ if is_short_for(T::schema(), name) => view_of(view.value),
        _ => None,
    }
}

/// Returns the part with that name in a set, if the part occurs at most once.
#[inline]
pub(crate) fn in_set<'a, T, P: FieldType>(view: View<'a, T>, name: &str) -> Option<View<'a, P>> {
    view_of(view.value.attribute(name)?)
}

/// Returns the view of a part, if the value is of its type.
fn view_of<P: FieldType>(value: Value<'_>) -> Option<View<'_, P>> {
    match value.data() {
        // An attribute and a child with the same name may stand in one list.
        Data::List(_) => value.children().find(|item| may_be(P::TYPE, *item)),
        _ => Some(value).filter(|value| may_be(P::TYPE, *value)),
    }
    .map(View::new)
}

/// Returns whether a value can be of that type. This distinguishes an attribute and a child with the same name. `false`
/// means that an empty element is absent.
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

/// Returns a view of the same value as one of its forms.
pub(crate) fn form<T, P>(view: View<'_, T>) -> View<'_, P> {
    View::new(view.value)
}

/// Returns all parts with that name, whose values are of their type.
pub(crate) fn many<'a, T, P: FieldType>(view: View<'a, T>, name: &str) -> impl Iterator<Item = View<'a, P>> {
    let found = view.value.attribute(name);
    let (alone, list) = match found.map(Value::data) {
        Some(Data::List(_)) => (None, found),
        _ => (found, None),
    };
    let all = alone.into_iter().chain(list.into_iter().flat_map(Value::children));
    all.filter(|it| may_be(P::TYPE, *it)).map(View::new)
}

/// Returns whether a single value in place of the set is the part with that name.
fn is_short_for(schema: &Schema, name: &str) -> bool {
    match schema.shorthand {
        Shorthand::Text(at) | Shorthand::Switch(at) => schema.fields[usize::from(at)].name == name,
        _ => false,
    }
}
