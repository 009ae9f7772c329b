//! Plans for objects that are not declared.

use super::dependents::{Used, dependents, uses};
use super::{Context, Entry, Reason, Verdict};
use crate::change::child;
use crate::inventory::Observed;
use crate::manifest::Prune;
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
        // A run may have been killed after it undefined the domain.
        if let Some(uuid) = record?.uuid.as_deref().map(canonical_uuid) {
            if context.archived(&uuid).is_some_and(|archived| archived.unconfirmed.is_some()) {
                entry.update(RecordUpdate::ConfirmArchive { uuid });
            }
        }
        entry.drop_record(id);
        return Some(entry);
    };
    let purge = record.map(|record| record.purge.clone()).unwrap_or_default();
    let removal = Removal { observed, purge };
    if let Some(reason) = removal.objection() {
        return Some(Entry::only(id.clone(), Verdict::Kept, reason));
    }
    let mut entry = Entry { verdict: Verdict::Remove, ..Entry::new(id.clone()) };
    if observed.is_active {
        stop(context, id, observed, &mut entry);
    }
    removal.undefine(context, &mut entry);
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

/// The removal of an object that libvirt has.
struct Removal<'a> {
    observed: &'a Observed,
    /// State of a domain that is deleted with it.
    purge: Vec<Purge>,
}

impl Removal<'_> {
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
        let definition = self.observed.definition.as_ref();
        let has = |part: &Purge| match part {
            Purge::Nvram => definition.is_some_and(has_nvram),
            Purge::Tpm => definition.is_some_and(|domain| emulated_tpms(domain).next().is_some()),
            Purge::ManagedSave => self.observed.has_managed_save,
            Purge::Snapshots => self.observed.has_snapshots,
        };
        let parts = [Purge::Nvram, Purge::Tpm, Purge::ManagedSave, Purge::Snapshots];
        parts.into_iter().filter(|part| has(part) && !self.purges(*part)).collect()
    }

    /// Whether libvirt deletes the state of the domain's TPM when the guest stops, if the domain is undefined while it runs.
    /// Of a domain that is off, libvirt can keep that state.
    fn loses_tpm_state_while_running(&self) -> bool {
        let is_lost = |backend: &Element| backend.attribute("persistent_state") != Some("yes");
        let definition = self.observed.definition.as_ref();
        !self.purges(Purge::Tpm) && definition.is_some_and(|domain| emulated_tpms(domain).any(is_lost))
    }
}

/// Whether the firmware of a domain keeps variables in a file.
fn has_nvram(domain: &Element) -> bool {
    child(domain, "os").is_some_and(|os| os.attribute("firmware") == Some("efi") || child(os, "nvram").is_some())
}

/// The backends of TPMs whose state libvirt keeps in a folder.
fn emulated_tpms(domain: &Element) -> impl Iterator<Item = &Element> {
    let devices = child(domain, "devices").map(|devices| devices.children.as_slice()).unwrap_or_default();
    let backends = devices.iter().filter(|device| device.name == "tpm").filter_map(|tpm| child(tpm, "backend"));
    backends.filter(|backend| backend.attribute("type") == Some("emulator"))
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
