//! What is known of the value of a Nix expression without evaluating Nix.

use super::scope::Env;
use crate::files::FileId;
use rnix::TextRange;
use rnix::ast;
use std::path::Path;
use std::rc::Rc;

/// Place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The range in it.
    pub range: TextRange,
}

/// Value with the place that tells it.
#[derive(Clone, Debug)]
pub struct Value {
    /// What is known.
    pub data: Data,
    /// The expression.
    pub at: Span,
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub enum Data {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Number with a fraction.
    Float(f64),
    /// String.
    Text(Rc<str>),
    /// Path.
    Path(Rc<Path>),
    /// List.
    List(Rc<List>),
    /// Set.
    Set(Rc<Set>),
    /// Function that is written in a file.
    Function(Rc<Closure>),
    /// Named function with some of its arguments.
    Partial(Rc<Partial>),
    /// One of several values. `null` among them means that the value may be absent.
    Either(Rc<[Value]>),
    /// What a function of the module system such as `mkIf` makes of a value.
    Marked(Rc<Marked>),
    /// Value that is known by its name alone, such as `lib.domain.writeXML`. Nothing is known of one without a name.
    Named(Rc<[String]>),
}

/// List.
#[derive(Debug, Default)]
pub struct List {
    /// The items that are known.
    pub items: Vec<Value>,
    /// Whether there may be others.
    pub is_open: bool,
}

/// Set.
#[derive(Clone, Debug, Default)]
pub struct Set {
    /// The attributes that are known.
    pub entries: Vec<Entry>,
    /// Whether there may be others.
    pub is_open: bool,
    /// The braces that tell the attributes.
    pub sources: Vec<Span>,
}

/// Attribute of a set.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name. `None` if only evaluation tells the name.
    pub name: Option<Rc<str>>,
    /// Place of the name.
    pub key: Span,
    /// Place of the path that starts with the name or leads to it, which Nix takes for the place of the attribute.
    pub path: Span,
    /// Place of the expression that is assigned to the name; of the name, if there is none.
    pub expression: Span,
    /// Value.
    pub value: Value,
}

/// Function with what its names mean.
#[derive(Debug)]
pub struct Closure {
    /// The file that it is written in.
    pub file: FileId,
    /// The function.
    pub lambda: ast::Lambda,
    /// The scope around it.
    pub env: Env,
}

/// Function that is known by its name, with some of its arguments.
#[derive(Debug)]
pub struct Partial {
    /// Path of the function.
    pub name: Rc<[String]>,
    /// Arguments.
    pub arguments: Vec<Value>,
}

/// Value of the module system.
#[derive(Debug)]
pub struct Marked {
    /// Value of `_type`.
    pub tag: &'static str,
    /// The value itself.
    pub content: Value,
    /// Whether the value certainly counts.
    pub is_certain: bool,
}

impl Data {
    /// A value of which nothing is known.
    pub fn unknown() -> Data {
        Data::Named(Rc::from([]))
    }
}

impl Value {
    /// A value of which nothing is known.
    pub fn unknown(at: Span) -> Value {
        Value { data: Data::unknown(), at }
    }

    /// Returns the set, if it is one.
    pub fn set(&self) -> Option<&Rc<Set>> {
        if let Data::Set(set) = &self.data { Some(set) } else { None }
    }

    /// Returns the text of a string.
    pub fn text(&self) -> Option<&str> {
        if let Data::Text(text) = &self.data { Some(text) } else { None }
    }

    /// Returns the value that an attribute has, if that is known.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.set()?.get(name).map(|entry| &entry.value)
    }
}

impl Set {
    /// Returns the attribute of that name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.as_deref() == Some(name))
    }

    /// Sets an attribute, in place of that of the same name.
    pub fn put(&mut self, entry: Entry) {
        let known = self.entries.iter_mut().find(|known| entry.name.is_some() && known.name == entry.name);
        match known {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }
}
