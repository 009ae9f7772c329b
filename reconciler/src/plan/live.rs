//! Which changes of a definition can reach the running object.

use crate::change::Change;
use crate::step::Operation;
use std::collections::HashSet;

/// Operations on a running object, and the changes that they bring into effect.
#[derive(Default)]
pub struct Live {
    /// The operations.
    pub operations: Vec<Operation>,
    /// Whether changed secrets are in effect after them.
    pub covers_secrets: bool,
    /// What others gave the running object, and the operations take from it: `old` as it has it.
    pub undone: Vec<Change>,
    /// The paths below which every change is in effect after them.
    covered: FieldPaths,
}

impl Live {
    /// Covers every change below a path: by an operation, or by none if the running object has the change already.
    pub fn cover(&mut self, path: &str, operation: Option<Operation>) {
        self.covered.add(path);
        self.operations.extend(operation);
    }

    /// Adds the operations of another, after these.
    pub fn extend(&mut self, other: Live) {
        self.operations.extend(other.operations);
        self.undone.extend(other.undone);
        self.covered.extend(other.covered);
    }

    /// Whether a change is in effect after the operations.
    pub fn covers(&self, change: &Change) -> bool {
        self.covered.are_above(&change.path)
    }
}

/// Paths of fields. A path is looked up in a time that its own length decides.
#[derive(Default)]
pub struct FieldPaths {
    paths: HashSet<String>,
    /// Everything above the paths.
    above: HashSet<String>,
}

impl FieldPaths {
    /// The paths of changes.
    pub fn of<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Self {
        let mut paths = FieldPaths::default();
        changes.into_iter().for_each(|change| paths.add(&change.path));
        paths
    }

    fn add(&mut self, path: &str) {
        self.above.extend(starts(path).map(str::to_owned));
        self.paths.insert(path.to_owned());
    }

    fn extend(&mut self, other: FieldPaths) {
        self.paths.extend(other.paths);
        self.above.extend(other.above);
    }

    /// Whether a path is one of these, or below one of them.
    pub fn are_above(&self, path: &str) -> bool {
        self.paths.contains(path) || starts(path).any(|start| self.paths.contains(start))
    }

    /// Whether a path is one of these, or below or above one of them.
    pub fn overlap(&self, path: &str) -> bool {
        self.are_above(path) || self.above.contains(path)
    }
}

/// The paths above a path. Some of them are no paths, because a key may hold a dot, and none of these is looked up.
fn starts(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('.').map(|(end, _)| &path[..end])
}

/// Whether a path is another one, or below it.
pub fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
