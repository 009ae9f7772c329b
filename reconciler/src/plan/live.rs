//! What of an object's changes what runs has at once.

use crate::change::Change;
use crate::step::Action;

/// Actions on what runs, and which changes they bring.
#[derive(Default)]
pub struct Live {
    /// The actions.
    pub actions: Vec<Action>,
    /// The paths of what they change, or what has changed already.
    covered: Vec<String>,
}

impl Live {
    /// Notes that everything under a path is changed by an action, or by none if it is so already.
    pub fn cover(&mut self, path: &str, action: Option<Action>) {
        self.covered.push(path.to_owned());
        self.actions.extend(action);
    }

    /// Adds what another has, after what this has.
    pub fn extend(&mut self, other: Live) {
        self.actions.extend(other.actions);
        self.covered.extend(other.covered);
    }

    /// Whether the change is in effect when the actions are done.
    pub fn brings(&self, change: &Change) -> bool {
        self.covered.iter().any(|path| is_under(&change.path, path))
    }
}

/// Whether one path is the other, or leads further.
pub fn is_under(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
