//! What is done to snapshots: they are made once, and deleted only when they are declared to be gone.

use super::{Context, Entry, Verdict};
use crate::declared::Declared;
use crate::object::Id;
use crate::state::Record;
use crate::step::{Action, Hidden};

/// What is done to a snapshot.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    let record = context.records.get(&declared.id);
    let is_there = context.inventory.get(&declared.id).is_some();
    let is_other = record.is_some_and(|record| record.xml != declared.shown);
    if !is_there {
        entry.verdict = Verdict::Create;
        entry.push(Action::CreateSnapshot { xml: Hidden(declared.xml.clone()) });
    } else if is_other {
        entry.verdict = Verdict::LeftAlone;
        entry.notes.push("it is there, and what it holds cannot change: declare it under another name".to_owned());
        return entry;
    } else if record.is_none() {
        entry.verdict = Verdict::TakeOver;
    }
    if !is_there || record.is_none() {
        entry.push(Action::Remember(Box::new(Record {
            id: declared.id.clone(),
            uuid: None,
            xml: declared.shown.clone(),
            secrets: None,
            is_half_filled: false,
            purge: Vec::new(),
            running: None,
        })));
    }
    entry
}

/// Deletes a snapshot that is declared to be gone.
pub fn absent(context: &Context<'_>, id: &Id) -> Entry {
    let mut entry = Entry::new(id.clone());
    if context.inventory.get(id).is_some() {
        entry.verdict = Verdict::Remove;
        entry.push(Action::DeleteSnapshot);
    }
    if context.records.contains_key(id) {
        entry.verdict = Verdict::Remove;
        entry.push(Action::Forget);
    }
    entry
}
