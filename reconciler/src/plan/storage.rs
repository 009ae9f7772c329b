//! Plans for volumes, whose content is never at risk.

use super::dependents::{Used, dependents};
use super::{Context, Entry, PlannedChange, Prevented, Reason, Verdict, When};
use crate::change::{Change, changes, child, child_text, missing, size_of};
use crate::declared::{Content, Declared};
use crate::inventory::Observed;
use crate::object::Id;
use crate::state::{Record, fingerprint};
use crate::step::{Operation, Redacted};
use nixvirt_schema::engine::xml::{self, Element};

/// Plans a declared volume.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    if let Some((verdict, reason)) = obstacle(context, &declared.id.pool()) {
        return Entry::only(declared.id.clone(), verdict, reason);
    }
    let record = context.records.get(&declared.id);
    match context.inventory.get(&declared.id) {
        None => create(declared),
        Some(_) if record.is_some_and(|record| record.is_incomplete) => rewrite(declared),
        Some(observed) => keep(declared, record, observed),
    }
}

/// The reason why the volumes of a pool cannot be planned: libvirt lists them only while the pool runs.
fn obstacle(context: &Context<'_>, pool: &Id) -> Option<(Verdict, Reason)> {
    let observed = context.inventory.get(pool);
    if observed.is_some_and(|observed| observed.is_active) {
        return None;
    }
    let pool = pool.clone();
    Some(match context.declared.get(&pool) {
        Some(declared) if declared.policy.active == Some(false) => {
            (Verdict::Kept, Reason::PoolDeclaredInactive { pool })
        }
        Some(_) => (Verdict::Deferred, Reason::WaitsForPool { pool }),
        None if observed.is_some() => (Verdict::Error, Reason::PoolNotRunning { pool }),
        None => (Verdict::Error, Reason::PoolMissing { pool }),
    })
}

fn record_of(declared: &Declared) -> Record {
    Record {
        xml: declared.shown.clone(),
        secrets: fingerprint(&declared.id, &declared.secrets),
        ..Record::new(declared.id.clone())
    }
}

fn create(declared: &Declared) -> Entry {
    let mut entry = Entry { verdict: Verdict::Create, ..Entry::new(declared.id.clone()) };
    // Saved first: a run that finds the volume after this one was killed must know that its content is incomplete.
    if declared.content.is_some() {
        entry.save(Record { is_incomplete: true, ..record_of(declared) });
    }
    fill(&mut entry, declared);
    entry
}

fn rewrite(declared: &Declared) -> Entry {
    let reason = match declared.content {
        Some(_) => Reason::RewritesContent,
        None => Reason::ContentIncomplete,
    };
    let mut entry = Entry::only(declared.id.clone(), Verdict::Change, reason);
    fill(&mut entry, declared);
    entry
}

/// Creates the volume unless it exists, and writes its content.
fn fill(entry: &mut Entry, declared: &Declared) {
    let definition = Redacted(declared.definition().clone());
    match &declared.content {
        Some(Content::Volume { pool, name }) => {
            entry.push(Operation::CloneVolume { definition, pool: pool.clone(), volume: name.clone() });
        }
        Some(Content::File(file)) => {
            entry.push(Operation::CreateVolume { definition });
            entry.push(Operation::Fill { file: file.clone() });
        }
        _ => entry.push(Operation::CreateVolume { definition }),
    }
    entry.save(record_of(declared));
}

/// Grows an existing volume. Its other fields stay as they are, whatever is declared.
fn keep(declared: &Declared, record: Option<&Record>, observed: &Observed) -> Entry {
    let mut entry = Entry::new(declared.id.clone());
    let definition = observed.definition.as_ref();
    let before = record.and_then(|record| xml::element(&record.xml));
    let differences = match (&before, definition) {
        (Some(before), _) => changes(before, &declared.redacted),
        (None, Some(definition)) => missing(definition, &declared.redacted),
        (None, None) => return Entry::only(declared.id.clone(), Verdict::Error, Reason::UnreadableDefinition),
    };
    let capacity = |element: &Element| size_of(element, "capacity");
    let present = definition.and_then(capacity);
    let declares_other = differences.iter().any(|change| change.path == "capacity");
    let growth = match (capacity(&declared.redacted), present) {
        (Some(wanted), Some(present)) if wanted > present && !differences.is_empty() => Some(wanted),
        _ => None,
    };
    let would_shrink = growth.is_none() && declares_other && capacity(&declared.redacted) < present;
    let is_fixed = |change: &Change| !matches!(change.path.as_str(), "capacity" | "allocation");
    let differs = would_shrink || differences.iter().any(is_fixed);
    if let Some(capacity) = growth {
        entry.push(Operation::Grow { capacity });
    }
    entry.verdict = match record {
        None => Verdict::Adopt,
        Some(_) if growth.is_some() => Verdict::Change,
        // No record is saved, so that every plan tells it.
        Some(_) if differs => Verdict::Kept,
        Some(_) => Verdict::Unchanged,
    };
    if entry.verdict != Verdict::Kept && (record.is_none() || !differences.is_empty()) {
        entry.save(record_of(declared));
    }
    for change in differences {
        match change.path.as_str() {
            "capacity" if growth.is_some() => entry.changes.push(PlannedChange { change, when: When::Now }),
            "capacity" if would_shrink => entry.reasons.push(Reason::NeverShrinks { capacity: present }),
            "capacity" | "allocation" => {}
            _ => entry.reasons.push(Reason::FixedAtCreation {
                path: change.path,
                value: change.old,
                declared: change.new,
            }),
        }
    }
    entry
}

/// Plans the deletion of a volume that is declared with `present = false`.
pub fn absent(context: &Context<'_>, id: &Id) -> Entry {
    let pool = id.pool();
    let is_recorded = context.records.contains_key(id);
    let Some(observed) = context.inventory.get(id) else {
        if !context.runs(&pool) {
            let is_started = context.declared.get(&pool).is_some_and(|pool| pool.policy.active != Some(false));
            let reason = if is_started { Reason::WaitsForPool { pool } } else { Reason::UnknownUntilPoolRuns { pool } };
            return Entry::only(id.clone(), Verdict::Deferred, reason);
        }
        if !is_recorded {
            return Entry::new(id.clone());
        }
        let mut entry = Entry::only(id.clone(), Verdict::Remove, Reason::AlreadyGone);
        entry.drop_record(id);
        return entry;
    };
    let target = observed.definition.as_ref().and_then(|definition| child(definition, "target"));
    let path = target.and_then(|target| child_text(target, "path"));
    let by = dependents(context.inventory, &Used::Volume(&pool.name, &id.name, path));
    if !by.is_empty() {
        return Entry::only(id.clone(), Verdict::Error, Reason::StillInUse { by, prevents: Prevented::Delete });
    }
    let mut entry = Entry { verdict: Verdict::Remove, ..Entry::new(id.clone()) };
    entry.push(Operation::DeleteVolume);
    if is_recorded {
        entry.drop_record(id);
    }
    entry
}
