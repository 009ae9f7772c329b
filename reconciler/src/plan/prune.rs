//! Plans for objects that are not declared.

use super::dependents::Used;
use super::{Context, Entry, Prevented, Reason, Verdict};
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
    let record = context.records.get(id);
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
        return None;
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
    let by = dependents(context, id, observed);
    if !by.is_empty() {
        return Some(Entry::only(id.clone(), Verdict::Kept, Reason::StillInUse { by, prevents: Prevented::Remove }));
    }
    let mut entry = Entry { verdict: Verdict::Remove, ..Entry::new(id.clone()) };
    match id.kind {
        Type::Domain if observed.is_active => entry.reasons.push(Reason::RemovedOnceStopped),
        Type::Network | Type::Pool if observed.is_active => entry.push(Operation::Stop(IMMEDIATELY)),
        _ => {}
    }
    entry.push(Operation::Undefine { purge });
    if record.is_some() {
        entry.drop_record(id);
    }
    Some(entry)
}

/// Stops managing a volume or a snapshot, and keeps it.
fn forget(context: &Context<'_>, id: &Id) -> Option<Entry> {
    let record = context.records.get(id)?;
    if context.desired.prune == Prune::None {
        return None;
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

/// The guests because of which a running network or pool is kept: they use it, or the plan may start them with it.
fn dependents(context: &Context<'_>, id: &Id, observed: &Observed) -> Vec<String> {
    match Used::running(id, observed) {
        Some(used) if observed.is_active => {
            let mut names = context.running_guests().of(&used);
            names.extend(context.declared_guests().of(&used));
            names.into_iter().collect()
        }
        _ => Vec::new(),
    }
}
