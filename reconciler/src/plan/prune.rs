//! Plans for objects that are not declared.

use super::dependents::UsedObject;
use super::{Context, Entry, Prevented, Reason, Verdict};
use crate::change::{child, children_of};
use crate::declared::Destination;
use crate::inventory::Observed;
use crate::manifest::{Move, Prune};
use crate::object::{Id, Type, canonical_uuid};
use crate::ownership::owner;
use crate::step::{Operation, Purge, RecordUpdate, Shutdown};
use nixvirt_schema::engine::xml::Element;
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
        if context.desired.moved.away.get(id).is_some_and(|away| away.moves != Move::Never) {
            return None;
        }
        let mut entry = Entry::only(id.clone(), Verdict::Remove, Reason::AlreadyGone);
        // A run may have been killed after it undefined the domain.
        if let Some(uuid) = record?.uuid.as_deref().map(canonical_uuid) {
            if context.archived(&uuid).is_some_and(|archived| archived.unconfirmed.is_some()) {
                entry.update(RecordUpdate::ConfirmArchive { uuid });
            }
        }
        entry.drop_record(id);
        return Some(entry);
    };
    match context.desired.moved.away.get(id) {
        Some(Destination { uri, moves: Move::Never, .. }) if observed.is_active => {
            return Some(Entry::only(id.clone(), Verdict::Kept, Reason::DeclaredElsewhere { uri: uri.clone() }));
        }
        // The plan of the other connection moves the domain.
        Some(Destination { moves: Move::Offline | Move::Live, .. }) => return None,
        _ => {}
    }
    let removal = Removal::new(context, id, observed);
    if let Some(reason) = removal.objection() {
        return Some(Entry::only(id.clone(), Verdict::Kept, reason));
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
    removal.undefine(context, &mut entry);
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

/// Why a domain cannot be undefined now.
pub fn objection(context: &Context<'_>, id: &Id) -> Option<Reason> {
    Removal::new(context, id, context.inventory.get(id)?).objection()
}

/// Undefines the domain that has the name of a declared one, with all that follows.
pub fn undefine(context: &Context<'_>, entry: &mut Entry) {
    if let Some(observed) = context.inventory.get(&entry.id) {
        Removal::new(context, &entry.id.clone(), observed).undefine(context, entry);
    }
}

/// The removal of an object that libvirt has.
struct Removal<'a> {
    observed: &'a Observed,
    /// State of a domain that is deleted with it.
    purge: Vec<Purge>,
}

impl<'a> Removal<'a> {
    fn new(context: &Context<'_>, id: &Id, observed: &'a Observed) -> Self {
        Removal { observed, purge: context.records.get(id).map(|record| record.purge.clone()).unwrap_or_default() }
    }

    /// Why a domain has to stay: libvirt would delete state that is not purged.
    fn objection(&self) -> Option<Reason> {
        if self.observed.is_active && self.loses_tpm_state_while_running() {
            return Some(Reason::WouldLoseTpmState);
        }
        if self.observed.has_managed_save && !self.purges(Purge::ManagedSave) {
            return Some(Reason::WouldLoseSavedState);
        }
        None
    }

    /// Archives the snapshots of a domain, and undefines the object.
    fn undefine(&self, context: &Context<'_>, entry: &mut Entry) {
        let keeps_snapshots = self.observed.has_snapshots && !self.purges(Purge::Snapshots);
        let uuid = self.observed.uuid.clone().filter(|_| entry.id.kind == Type::Domain);
        if let (Some(uuid), true) = (&uuid, keeps_snapshots) {
            entry.update(RecordUpdate::ArchiveSnapshots { uuid: uuid.clone() });
        }
        let must_be_off = self.loses_tpm_state_while_running();
        entry.push(Operation::Undefine { purge: self.purge.clone(), keep: self.kept(), must_be_off });
        match uuid {
            Some(uuid) if keeps_snapshots => entry.update(RecordUpdate::ConfirmArchive { uuid }),
            Some(uuid) if context.archived(&uuid).is_some() => entry.update(RecordUpdate::DropArchive { uuid }),
            _ => {}
        }
    }

    fn purges(&self, part: Purge) -> bool {
        self.purge.contains(&part)
    }

    /// The state that the domain has and that is not purged.
    fn kept(&self) -> Vec<Purge> {
        kept_state(self.observed).into_iter().filter(|part| !self.purges(*part)).collect()
    }

    /// Whether libvirt deletes the state of the domain's TPM when the guest stops, if the domain is undefined while it runs.
    /// Of a domain that is off, libvirt can keep that state.
    fn loses_tpm_state_while_running(&self) -> bool {
        let is_lost = |backend: &Element| backend.attribute("persistent_state") != Some("yes");
        let definition = self.observed.definition.as_ref();
        !self.purges(Purge::Tpm) && definition.is_some_and(|domain| emulated_tpms(domain).any(is_lost))
    }
}

/// The state that a domain has outside its definition.
pub fn kept_state(observed: &Observed) -> Vec<Purge> {
    let definition = observed.definition.as_ref();
    let is_kept = |part: &Purge| match part {
        Purge::Nvram => definition.is_some_and(has_nvram),
        Purge::Tpm => definition.is_some_and(|domain| emulated_tpms(domain).next().is_some()),
        Purge::ManagedSave => observed.has_managed_save,
        Purge::Snapshots => observed.has_snapshots,
    };
    [Purge::Nvram, Purge::Tpm, Purge::ManagedSave, Purge::Snapshots].into_iter().filter(is_kept).collect()
}

/// Whether the firmware of a domain keeps variables in a file.
pub fn has_nvram(domain: &Element) -> bool {
    child(domain, "os").is_some_and(|os| os.attribute("firmware") == Some("efi") || child(os, "nvram").is_some())
}

/// The backends of TPMs whose state libvirt keeps in a folder.
pub fn emulated_tpms(domain: &Element) -> impl Iterator<Item = &Element> {
    let backends = children_of(domain, "devices")
        .iter()
        .filter(|device| device.name == "tpm")
        .filter_map(|tpm| child(tpm, "backend"));
    backends.filter(|backend| backend.attribute("type") == Some("emulator"))
}

fn notes_owner(observed: &Observed, expected: &str) -> bool {
    observed.definition.as_ref().is_some_and(|definition| owner(definition) == Some(expected))
}

/// The guests because of which a running network or pool is kept: they use it, or the plan may start them with it.
fn dependents(context: &Context<'_>, id: &Id, observed: &Observed) -> Vec<String> {
    match UsedObject::running(id, observed) {
        Some(used) if observed.is_active => {
            let mut names = context.running_guests().of(&used);
            names.extend(context.declared_guests().of(&used));
            names.into_iter().collect()
        }
        _ => Vec::new(),
    }
}
