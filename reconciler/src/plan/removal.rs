//! What is done to objects that are not declared.

use super::users::{Used, users, uses};
use super::{Context, Entry, Verdict};
use crate::change::child;
use crate::inventory::Found;
use crate::manifest::Prune;
use crate::marker::owner;
use crate::object::{Id, Type};
use crate::step::{Action, Purge, Shutdown};
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::BTreeSet;

/// Pools and networks are stopped at once; no guest uses them when they are.
const AT_ONCE: Shutdown = Shutdown { timeout: 0, force: false };

/// What is done to all that is not declared, what needs others before them.
pub fn entries(context: &Context<'_>) -> Vec<Entry> {
    let mut ids: BTreeSet<&Id> = context.records.keys().collect();
    ids.extend(context.inventory.objects.keys());
    let undeclared = ids.into_iter().rev().filter(|id| context.is_undeclared(id));
    undeclared.filter_map(|id| entry(context, id)).collect()
}

fn entry(context: &Context<'_>, id: &Id) -> Option<Entry> {
    let is_recorded = context.records.contains_key(id);
    let found = context.inventory.get(id);
    let mut entry = Entry::new(id.clone());
    if matches!(id.kind, Type::Volume | Type::Snapshot) {
        entry.verdict = Verdict::LeftAlone;
        entry.notes.push("it is no longer declared, and stays; `present = false` deletes it".to_owned());
        let is_gone = found.is_none() && context.runs(&id.pool());
        if !is_gone && context.records.get(id).is_some_and(|record| record.is_half_filled) {
            // Who declares it again is not to find half of its content.
            entry.notes.push("its content was begun and not finished".to_owned());
        } else {
            entry.push(Action::Forget);
        }
        return (is_recorded && context.desired.prune != Prune::None).then_some(entry);
    }
    // What was given up keeps its mark, and is not ours.
    let is_marked = || found.is_some_and(|found| is_marked(found, &context.desired.owner));
    let is_ours = is_recorded || (context.records.may_be_lost() && is_marked());
    let goes = match context.desired.prune {
        Prune::Owned => is_ours,
        Prune::All => is_ours || matches!(id.kind, Type::Domain | Type::Network | Type::Pool),
        Prune::None => false,
    };
    // What is not persistent goes by itself when it stops.
    let Some(found) = found.filter(|found| found.is_persistent) else {
        let is_over = goes && is_recorded;
        if is_over {
            entry.verdict = Verdict::Remove;
            entry.notes.push("it is gone already".to_owned());
            entry.push(Action::Forget);
        }
        return is_over.then_some(entry);
    };
    if !goes {
        return None;
    }
    let record = context.records.get(id);
    let purge = record.map(|record| record.purge.clone()).unwrap_or_default();
    let declared = record.and_then(|record| xml::element(&record.xml));
    if found.is_active && declared.is_some_and(|domain| loses_tpm(&domain, &purge)) {
        entry.verdict = Verdict::LeftAlone;
        entry.notes.push("it runs, and its TPM would lose its state if it went now: it goes when it is off".to_owned());
        return Some(entry);
    }
    entry.verdict = Verdict::Remove;
    if found.is_active {
        stop(context, id, found, &mut entry);
    }
    entry.push(Action::Undefine { purge });
    if is_recorded {
        entry.push(Action::Forget);
    }
    Some(entry)
}

/// Whether libvirt deletes the state of a domain's TPM when it stops and is defined no more. Of one that is undefined while
/// it is off it can be told to keep it.
pub fn loses_tpm(domain: &Element, purge: &[Purge]) -> bool {
    let is_lost = |tpm: &Element| {
        child(tpm, "backend").is_some_and(|backend| {
            backend.attribute("type") == Some("emulator") && backend.attribute("persistent_state") != Some("yes")
        })
    };
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    !purge.contains(&Purge::Tpm) && devices.iter().any(|device| device.name == "tpm" && is_lost(device))
}

fn is_marked(found: &Found, by: &str) -> bool {
    let root = found.xml.as_deref().and_then(xml::element);
    root.is_some_and(|root| owner(&root) == Some(by))
}

/// Nothing that a guest needs is stopped, and no guest is: what is undefined while it runs is gone when it stops.
fn stop(context: &Context<'_>, id: &Id, found: &Found, entry: &mut Entry) {
    let definition = found.xml.as_deref().and_then(xml::element).unwrap_or_default();
    let used = match id.kind {
        Type::Network => Used::Network(&id.name),
        Type::Pool => Used::Pool(&id.name, &definition),
        Type::Domain => {
            return entry.notes.push("it runs on, and is gone when it has shut down".to_owned());
        }
        _ => return,
    };
    // A guest may start, or get it while it runs, in the same run.
    let declared = context.desired.objects.iter().filter(|it| it.id.kind == Type::Domain && uses(&it.root, &used));
    let mut users = users(context.inventory, &used);
    users.extend(declared.map(|it| it.id.name.clone()));
    users.sort();
    users.dedup();
    if users.is_empty() {
        entry.push(Action::Stop(AT_ONCE));
    } else {
        entry.notes.push(format!("it is used by {}, and is gone when it is stopped", users.join(", ")));
    }
}
