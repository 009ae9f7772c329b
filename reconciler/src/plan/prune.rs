//! Plans for objects that are not declared.

use super::dependents::{Used, dependents, uses};
use super::{Context, Entry, Reason, Verdict};
use crate::change::child;
use crate::inventory::Observed;
use crate::manifest::Prune;
use crate::object::{Id, Type};
use crate::ownership::owner;
use crate::step::{Operation, Purge, Shutdown};
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::BTreeSet;

/// Pools and networks stop immediately; they are stopped only if no guest uses them.
const IMMEDIATELY: Shutdown = Shutdown { timeout: 0, force: false };

/// Plans all undeclared objects, dependents first.
pub fn entries(context: &Context<'_>) -> Vec<Entry> {
    let mut ids: BTreeSet<&Id> = context.records.keys().collect();
    ids.extend(context.inventory.objects.keys());
    let undeclared = ids.into_iter().rev().filter(|id| context.is_undeclared(id));
    undeclared.filter_map(|id| entry(context, id)).collect()
}

fn entry(context: &Context<'_>, id: &Id) -> Option<Entry> {
    if matches!(id.kind, Type::Volume | Type::Snapshot) {
        return forget(context, id);
    }
    let record = context.record(id);
    let observed = context.inventory.get(id);
    // An object that was forgotten still notes its owner, but is not managed.
    let notes_owner = || observed.is_some_and(|observed| notes_owner(observed, &context.desired.owner));
    let is_managed = record.is_some() || (context.records.may_be_lost() && notes_owner());
    let is_pruned = match context.desired.prune {
        Prune::Owned => is_managed,
        Prune::All => is_managed || matches!(id.kind, Type::Domain | Type::Network | Type::Pool),
        Prune::None => false,
    };
    if !is_pruned {
        return other_object(context, id);
    }
    if let Some(reason) = context.unreadable(id) {
        return Some(Entry::only(id.clone(), Verdict::Error, reason));
    }
    // A transient object vanishes when it stops.
    let Some(observed) = observed.filter(|observed| observed.is_persistent) else {
        record?;
        let mut entry = Entry::only(id.clone(), Verdict::Remove, Reason::AlreadyGone);
        entry.drop_record(id);
        return Some(entry);
    };
    let purge = record.map(|record| record.purge.clone()).unwrap_or_default();
    let applied = record.and_then(|record| xml::element(&record.xml));
    if observed.is_active && applied.is_some_and(|domain| loses_tpm_state(&domain, &purge)) {
        return Some(Entry::only(id.clone(), Verdict::Kept, Reason::WouldLoseTpmState));
    }
    let mut entry = Entry { verdict: Verdict::Remove, ..Entry::new(id.clone()) };
    if observed.is_active {
        stop(context, id, observed, &mut entry);
    }
    entry.push(Operation::Undefine { purge });
    if context.records.contains_key(id) {
        entry.drop_record(id);
    }
    Some(entry)
}

/// Drops the record of an object in whose place libvirt has another one, which is kept.
fn other_object(context: &Context<'_>, id: &Id) -> Option<Entry> {
    let (found, applied) = context.other_uuids(id)?;
    if context.desired.prune == Prune::None {
        return None;
    }
    let reason = Reason::OtherObject { uuid: found.to_owned(), applied: applied.to_owned() };
    let mut entry = Entry::only(id.clone(), Verdict::Kept, reason);
    entry.drop_record(id);
    Some(entry)
}

/// Stops managing a volume or a snapshot, and keeps it.
fn forget(context: &Context<'_>, id: &Id) -> Option<Entry> {
    let record = context.records.get(id)?;
    if context.desired.prune == Prune::None {
        return None;
    }
    if let Some(reason) = context.unreadable(id) {
        return Some(Entry::only(id.clone(), Verdict::Error, reason));
    }
    let mut entry = Entry::only(id.clone(), Verdict::Kept, Reason::NoLongerDeclared);
    let is_gone = context.inventory.get(id).is_none() && context.runs(&id.pool());
    if record.is_incomplete && !is_gone {
        // The record stays: if the volume is declared again, its content must not be taken for complete.
        entry.reasons.push(Reason::ContentIncomplete);
    } else {
        entry.drop_record(id);
    }
    Some(entry)
}

/// Whether libvirt deletes the state of the domain's TPM if it is undefined while it runs. libvirt can be told to keep the
/// state of a domain that is off.
pub fn loses_tpm_state(domain: &Element, purge: &[Purge]) -> bool {
    let is_lost = |tpm: &Element| {
        child(tpm, "backend").is_some_and(|backend| {
            backend.attribute("type") == Some("emulator") && backend.attribute("persistent_state") != Some("yes")
        })
    };
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    !purge.contains(&Purge::Tpm) && devices.iter().any(|device| device.name == "tpm" && is_lost(device))
}

fn notes_owner(observed: &Observed, expected: &str) -> bool {
    observed.definition.as_ref().is_some_and(|definition| owner(definition) == Some(expected))
}

/// Plans to stop an object that is removed. A guest, and whatever guests use, keeps running, and is removed when it stops.
fn stop(context: &Context<'_>, id: &Id, observed: &Observed, entry: &mut Entry) {
    let nothing = Element::default();
    let used = match id.kind {
        Type::Network => Used::Network(&id.name),
        Type::Pool => Used::Pool(&id.name, observed.definition.as_ref().unwrap_or(&nothing)),
        Type::Domain => return entry.reasons.push(Reason::RemovedOnceStopped { used_by: Vec::new() }),
        _ => return,
    };
    let mut used_by: BTreeSet<String> = dependents(context.inventory, &used).into_iter().collect();
    // The plan may start a declared guest, or attach the object to it.
    let declared = context.desired.objects.iter().filter(|it| it.id.kind == Type::Domain && uses(&it.redacted, &used));
    used_by.extend(declared.map(|it| it.id.name.clone()));
    if used_by.is_empty() {
        entry.push(Operation::Stop(IMMEDIATELY));
    } else {
        entry.reasons.push(Reason::RemovedOnceStopped { used_by: used_by.into_iter().collect() });
    }
}
