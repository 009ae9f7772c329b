//! Which changes of a definition can reach the running object.

use crate::change::Change;
use crate::step::Operation;

/// Operations on a running object, and the changes that they bring into effect.
#[derive(Default)]
pub struct Live {
    /// The operations.
    pub operations: Vec<Operation>,
    /// Whether changed secrets are in effect after them.
    pub covers_secrets: bool,
    /// The paths below which every change is in effect after them.
    covered: Vec<String>,
}

impl Live {
    /// Covers every change below a path: by an operation, or by none if the running object has the change already.
    pub fn cover(&mut self, path: &str, operation: Option<Operation>) {
        self.covered.push(path.to_owned());
        self.operations.extend(operation);
    }

    /// Adds the operations of another, after these.
    pub fn extend(&mut self, other: Live) {
        self.operations.extend(other.operations);
        self.covered.extend(other.covered);
    }

    /// Whether a change is in effect after the operations.
    pub fn covers(&self, change: &Change) -> bool {
        self.covered.iter().any(|path| is_under(&change.path, path))
    }
}

/// Whether one of two paths is the other one, or below it.
pub fn overlaps(one: &str, other: &str) -> bool {
    is_under(one, other) || is_under(other, one)
}

/// Whether a path is the other one, or below it.
pub fn is_under(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
