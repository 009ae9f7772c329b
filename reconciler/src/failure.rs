//! What the last apply could not do, kept beside the state records of a connection until it is done.

use crate::error::Error;
use crate::object::Id;
use crate::reconcile::{ApplyError, Outcome};
use crate::state::{Lock, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;

/// The name of the file in the folder of a connection.
const FILE: &str = "failures.json";

/// What the last apply could not do, by object.
pub type Failures = BTreeMap<Id, Vec<ApplyError>>;

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Failure {
    #[serde(flatten)]
    id: Id,
    errors: Vec<ApplyError>,
}

/// Reads what the last apply could not do. A file that cannot be read tells nothing, and the next apply replaces it.
pub fn read(store: &Store) -> Failures {
    let text = fs::read(store.folder().join(FILE)).unwrap_or_default();
    let failures: Vec<Failure> = serde_json::from_slice(&text).unwrap_or_default();
    failures.into_iter().map(|failure| (failure.id, failure.errors)).collect()
}

/// Writes what an apply could not do, if that differs from what an earlier one could not.
pub fn write(lock: &Lock<'_>, before: &Failures, outcomes: &[Outcome]) -> Result<(), Error> {
    let failures = after(before, outcomes);
    if failures == *before {
        return Ok(());
    }
    let failures: Vec<_> = failures.into_iter().map(|(id, errors)| Failure { id, errors }).collect();
    lock.replace(&lock.store().folder().join(FILE), &(serde_json::to_string_pretty(&failures)? + "\n"))
}

/// What is not done after an apply. What a guest refused stays open as long as it is pending and nobody tries it again.
fn after(before: &Failures, outcomes: &[Outcome]) -> Failures {
    let mut failures = Failures::new();
    for Outcome { entry, error, warnings } in outcomes {
        let errors: Vec<_> = error.iter().chain(warnings).cloned().collect();
        let is_open = entry.steps.is_empty() && !entry.pending.is_empty();
        match before.get(&entry.id) {
            _ if !errors.is_empty() => drop(failures.insert(entry.id.clone(), errors)),
            Some(errors) if is_open => drop(failures.insert(entry.id.clone(), errors.clone())),
            _ => {}
        }
    }
    failures
}
