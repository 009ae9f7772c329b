//! Plans for snapshots: a snapshot is created once, and deleted only by `present = false`.

use super::{Context, Entry, Reason, Verdict};
use crate::change::child_text;
use crate::declared::Declared;
use crate::object::{Id, Type};
use crate::snapshot_archive::ArchivedSnapshot;
use crate::state::Record;
use crate::step::{Operation, Redacted};

/// Plans a declared snapshot.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    let record = context.records.get(&declared.id);
    let exists = exists(context, &declared.id);
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
    if exists(context, id) {
        entry.verdict = Verdict::Remove;
        entry.push(Operation::DeleteSnapshot);
    }
    if context.records.contains_key(id) {
        entry.verdict = Verdict::Remove;
        entry.drop_record(id);
    }
    entry
}

/// Whether a snapshot exists once the steps of its domain are executed: libvirt has it, or it is restored.
fn exists(context: &Context<'_>, id: &Id) -> bool {
    let domain = Id::new(Type::Domain, id.parent.clone().unwrap_or_default());
    let archived = context.declared.get(&domain).and_then(|domain| context.to_restore(domain));
    let is_it = |snapshot: &ArchivedSnapshot| child_text(&snapshot.xml, "name") == Some(&id.name);
    context.inventory.get(id).is_some() || archived.is_some_and(|archived| archived.snapshots.iter().any(is_it))
}
