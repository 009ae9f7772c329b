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
    let former = former(context, &declared.id);
    let record = context.records.get(&declared.id).or_else(|| context.records.get(former.as_ref()?));
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
    if let (Some(former), Some(record)) = (former.filter(|former| context.records.contains_key(former)), record) {
        entry.save(Record { id: declared.id.clone(), ..record.clone() });
        entry.drop_record(&former);
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
    for id in [Some(id.clone()), former(context, id)].iter().flatten().filter(|id| context.records.contains_key(id)) {
        entry.verdict = Verdict::Remove;
        entry.drop_record(id);
    }
    entry
}

/// The id of a snapshot whose domain is renamed, under the present name of the domain.
fn former(context: &Context<'_>, id: &Id) -> Option<Id> {
    let declared = context.declared.get(&Id::new(Type::Domain, id.parent.as_deref()?))?;
    let other = context.other_name(declared)?;
    if context.inventory.get(&declared.id).is_some() {
        return None;
    }
    Some(Id::within(Type::Snapshot, &other.name, &id.name))
}

/// Whether a snapshot exists once the steps of its domain are executed: libvirt has it, or it is restored.
fn exists(context: &Context<'_>, id: &Id) -> bool {
    let domain = Id::new(Type::Domain, id.parent.clone().unwrap_or_default());
    let archived = context.declared.get(&domain).and_then(|domain| context.to_restore(domain));
    let is_it = |snapshot: &ArchivedSnapshot| child_text(&snapshot.xml, "name") == Some(&id.name);
    let former = || former(context, id).is_some_and(|former| context.inventory.get(&former).is_some());
    context.inventory.get(id).is_some()
        || former()
        || archived.is_some_and(|archived| archived.snapshots.iter().any(is_it))
}
