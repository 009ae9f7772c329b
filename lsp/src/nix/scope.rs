//! Scopes: what a name in an expression means.

use super::value::Value;
use crate::files::FileId;
use rnix::{SyntaxNode, ast};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The scope of an expression. `None` is that of a whole file.
pub type Env = Option<Rc<Scope>>;

/// Names with what they mean, in front of those of the scope around.
#[derive(Debug)]
pub struct Scope {
    /// The names.
    pub names: Names,
    /// The scope around.
    pub parent: Env,
}

/// Names of a scope.
#[derive(Debug)]
pub enum Names {
    /// Names that are written: of a `let`, a `rec` set, or the arguments of a function.
    Bound(HashMap<String, Binding>),
    /// All attributes of a value, for names that no other scope has.
    Attributes(Value),
}

/// Meaning of a name.
#[derive(Debug)]
pub struct Binding {
    /// The file of the expression.
    pub file: FileId,
    /// What tells the value.
    pub source: Source,
    /// The value, once it was asked for.
    pub state: RefCell<State>,
}

/// What tells the value of a name.
#[derive(Debug)]
pub enum Source {
    /// Expressions, each with the rest of the path that it is assigned to.
    Assigned(Vec<Piece>),
    /// The name in the scope around.
    Outer,
    /// An attribute of an expression.
    From(ast::Expr),
    /// The value is known.
    Given,
}

/// Value that is assigned to a path.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Names that lead to the value.
    pub path: Vec<ast::Attr>,
    /// The expression. `None` if it is not written yet.
    pub value: Option<ast::Expr>,
    /// The whole path, or the argument whose default the value is.
    pub whole: SyntaxNode,
}

/// State of the value of a name.
#[derive(Clone, Debug)]
pub enum State {
    /// Nobody has asked for the value.
    Unasked,
    /// The value is being found out. A value that needs itself is unknown.
    Asked,
    /// The value.
    Known(Value),
}

impl Scope {
    /// Forgets the values of all names that are written.
    pub fn forget_values(&self) {
        if let Names::Bound(names) = &self.names {
            names.values().for_each(|binding| drop(binding.state.replace(State::Unasked)));
        }
    }
}

impl Binding {
    /// A name that has a value.
    pub fn given(file: FileId, value: Value) -> Self {
        Binding { file, source: Source::Given, state: RefCell::new(State::Known(value)) }
    }

    /// A name whose value is found out when it is asked for.
    pub fn of(file: FileId, source: Source) -> Self {
        Binding { file, source, state: RefCell::new(State::Unasked) }
    }
}
