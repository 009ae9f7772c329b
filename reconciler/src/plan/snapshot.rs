//! Plans for snapshots: a snapshot is created once, and deleted only by `present = false`.

use super::{Context, Entry, Reason, Verdict};
use crate::declared::Declared;
use crate::object::Id;
use crate::state::Record;
use crate::step::{Operation, Redacted};

/// Plans a declared snapshot.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    let record = context.records.get(&declared.id);
    let exists = context.inventory.get(&declared.id).is_some();
    if !exists {
        entry.verdict = Verdict::Create;
        entry.push(Operation::CreateSnapshot { definition: Redacted(declared.definition().clone()) });
    } else if record.is_some_and(|record| record.xml != declared.shown) {
        return Entry::only(declared.id.clone(), Verdict::Kept, Reason::SnapshotImmutable);
    } else if record.is_none() {
        entry.verdict = Verdict::Adopt;
    }
    if !exists || record.is_none() {
        entry.save(Record { xml: declared.shown.clone(), ..Record::new(declared.id.clone()) });
    }
    entry
}

/// Plans the deletion of a snapshot that is declared with `present = false`.
pub fn absent(context: &Context<'_>, id: &Id) -> Entry {
    let mut entry = Entry::new(id.clone());
    if context.inventory.get(id).is_some() {
        entry.verdict = Verdict::Remove;
        entry.push(Operation::DeleteSnapshot);
    }
    if context.records.contains_key(id) {
        entry.verdict = Verdict::Remove;
        entry.drop_record(id);
    }
    entry
}
