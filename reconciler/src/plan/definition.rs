//! Plans for objects that have a definition: all but volumes and snapshots.

use super::dependents::UsedObject;
use super::drift;
use super::guest::RunningGuest;
use super::live::{FieldPaths, Live};
use super::open::{RunningObject, open};
use super::preserve::{Found, Preserved, add_macs, preserve, set_uuid};
use super::stored::stored;
use super::{
    Context, Effect, Entry, PlannedChange, Prevented, Reason, Verdict, When, migration, network, rollback, storage,
};
use crate::brief::brief;
use crate::change::{Change, changes, child_text, dropped, missing};
use crate::declared::{Content, Declared};
use crate::inventory::Observed;
use crate::manifest::OnChange;
use crate::object::{Id, Type};
use crate::ownership::set_owner;
use crate::snapshot_archive::DomainArchive;
use crate::state::{Record, Running, fingerprint};
use crate::step::{Operation, RecordUpdate, Redacted};
use nixvirt_schema::engine::secrets::PLACEHOLDER;
use nixvirt_schema::engine::xml::{self, Element};
use std::borrow::Cow;

/// A declared object beside what was applied and what libvirt has.
struct Comparison<'a> {
    context: &'a Context<'a>,
    declared: &'a Declared,
    record: Option<&'a Record>,
    observed: Option<&'a Observed>,
    /// The definition that was applied last.
    applied: Option<Cow<'a, Element>>,
    /// The object under its former name, if the declaration renames it.
    former: Option<&'a Id>,
    /// A network or pool as it is before it gives way; `observed` is as it is then.
    displaced: Option<&'a Observed>,
    /// What libvirt had of the domain when it was undefined, if it is restored.
    archived: Option<&'a DomainArchive>,
}

/// The difference between an object and its declaration.
struct Difference {
    changes: Vec<Change>,
    has_new_secrets: bool,
}

/// Plans a declared object.
pub fn entry(context: &Context<'_>, declared: &Declared) -> Entry {
    if let Some((verdict, reason)) = context.moves.obstacle(&declared.id) {
        return Entry::only(declared.id.clone(), verdict, reason);
    }
    if let Some(entry) = migration::entry(context, declared) {
        return entry;
    }
    let comparison = match Comparison::new(context, declared) {
        Ok(comparison) => comparison,
        Err(reason) => return Entry::only(declared.id.clone(), Verdict::Error, reason),
    };
    let mut entry = Entry::new(declared.id.clone());
    let difference = comparison.difference();
    if difference.is_none() || declared.policy.on_change == OnChange::Never {
        let applied = comparison.applied.as_deref().unwrap_or(&declared.redacted);
        entry.pending = comparison.open(applied);
        entry.pending.extend(comparison.open_secrets(applied));
        comparison.leave_out_drift(&mut entry.pending);
    }
    if difference.is_some() && comparison.observed.is_some_and(|observed| observed.has_managed_save) {
        entry.reasons.push(Reason::HasSavedState);
    }
    match difference {
        Some(difference) if comparison.runs() && declared.policy.on_change == OnChange::Never => {
            entry.verdict = Verdict::Kept;
            entry.set_changes(difference, |_| When::OnceStopped, When::OnceStopped);
            entry.reasons.push(Reason::OnChangeNever);
            comparison.run(&mut entry, false);
        }
        Some(difference) => {
            let planned = comparison.define(&mut entry, difference).and_then(|is_pending| {
                comparison.run(&mut entry, is_pending);
                comparison.protect(&mut entry)
            });
            if let Err(reason) = planned {
                return Entry::only(declared.id.clone(), Verdict::Error, reason);
            }
        }
        None => {
            comparison.keep(&mut entry);
            let is_pending = comparison.is_restart_due(&entry);
            comparison.run(&mut entry, is_pending);
        }
    }
    comparison.add_surplus(&mut entry);
    entry
}

/// Plans the definition of a domain that moves here while it is off, given what the other connection has.
pub fn moved(context: &Context<'_>, declared: &Declared, found: &Observed, record: &Record) -> Result<Entry, Reason> {
    let comparison = Comparison {
        context,
        declared,
        record: Some(record),
        observed: Some(found),
        applied: xml::element(&record.xml).map(Cow::Owned),
        former: None,
        displaced: None,
        archived: None,
    };
    let mut entry = Entry::new(declared.id.clone());
    let same = Difference { changes: Vec::new(), has_new_secrets: false };
    comparison.define(&mut entry, comparison.difference().unwrap_or(same))?;
    entry.verdict = Verdict::Move;
    Ok(entry)
}

impl Entry {
    fn set_changes(&mut self, difference: Difference, when: impl Fn(&Change) -> When, secrets: When) {
        self.changes =
            difference.changes.into_iter().map(|change| PlannedChange { when: when(&change), change }).collect();
        self.secrets = if difference.has_new_secrets { Some(secrets) } else { None };
    }

    /// Whether a change takes effect only at the next start.
    fn is_pending(&self) -> bool {
        let is_later = |when: When| when == When::NextStart;
        self.changes.iter().any(|change| is_later(change.when)) || self.secrets.is_some_and(is_later)
    }
}

impl<'a> Comparison<'a> {
    fn new(context: &'a Context<'a>, declared: &'a Declared) -> Result<Self, Reason> {
        let id = &declared.id;
        let found = context.found(declared);
        let former = found.filter(|found| **found != *id);
        let before = found.and_then(|found| context.inventory.get(found));
        if id.kind == Type::Nwfilter {
            if let (Some(uuid), Some(other)) = (&declared.uuid, before.and_then(|before| before.uuid.as_ref())) {
                if !uuid.eq_ignore_ascii_case(other) {
                    return Err(Reason::UuidMismatch { uuid: other.clone() });
                }
            }
            if let Some(former) = former.or_else(|| context.other_name(declared)) {
                return Err(Reason::CannotRename { name: former.name.clone() });
            }
        }
        if found == Some(id) {
            if let Some(reason) = context.replaced(declared) {
                return Err(reason);
            }
        }
        let displaced = found.and_then(|found| context.moves.displaced(found));
        let observed = displaced.or(before);
        let displaced = displaced.and(before);
        let record = context.record_of(declared, found);
        let applied = match record {
            // Most objects are as they were applied, and need not be read again.
            Some(record) if record.xml == declared.shown => Some(Cow::Borrowed(&declared.redacted)),
            record => record.and_then(|record| xml::element(&record.xml)).map(Cow::Owned),
        };
        if applied.is_none() && observed.is_some_and(|observed| observed.definition.is_none()) {
            return Err(Reason::UnreadableDefinition { error: None });
        }
        let archived = context.to_restore(declared);
        if let Some(error) = context.uuid_of(declared).and_then(|uuid| context.archive.unreadable.get(&uuid)) {
            return Err(Reason::UnreadableArchive { file: error.path.clone(), message: error.message.clone() });
        }
        Ok(Comparison { context, declared, record, observed, applied, former, displaced, archived })
    }

    fn runs(&self) -> bool {
        self.observed.is_some_and(|observed| observed.is_active)
    }

    /// The persistent definition that libvirt has.
    fn persistent(&self) -> Option<&'a Element> {
        self.observed?.definition.as_ref()
    }

    /// The definition of the running object.
    fn live(&self) -> Option<&'a Element> {
        self.observed?.live.as_ref()
    }

    /// The difference from the declaration; None if the object need not be defined.
    fn difference(&self) -> Option<Difference> {
        let declared = &self.declared.redacted;
        let Some(observed) = self.observed else {
            return Some(Difference { changes: Vec::new(), has_new_secrets: false });
        };
        let mut changes = match self.changes_since_applied() {
            Some(changes) => changes,
            None => missing(self.persistent()?, self.with_macs(declared)),
        };
        if self.only_leaves_out_defaults(&changes) {
            changes.clear();
        }
        let has_new_secrets = self.applied.is_some() && self.has_new_secrets();
        let is_reset = self.is_reset() && self.is_changed_by_others();
        if changes.is_empty()
            && !has_new_secrets
            && !is_reset
            && observed.is_persistent
            && self.former.is_none()
            && self.displaced.is_none()
        {
            return None;
        }
        // An adopted object keeps what is not declared, until it has to be defined.
        if let (None, Some(found)) = (&self.applied, self.persistent()) {
            changes.extend(dropped(found, self.with_macs(declared)));
        }
        Some(Difference { changes, has_new_secrets })
    }

    /// What differs from the definition that was applied last, if one was.
    fn changes_since_applied(&self) -> Option<Vec<Change>> {
        Some(match self.applied.as_ref()? {
            Cow::Borrowed(_) => Vec::new(),
            Cow::Owned(applied) => changes(self.with_macs(applied), self.with_macs(&self.declared.redacted)),
        })
    }

    /// Whether the declaration has less than the one that was applied last, and libvirt fills all of that in again: the object
    /// stays as it is.
    fn only_leaves_out_defaults(&self, differences: &[Change]) -> bool {
        let Some(applied) = self.applied.as_deref().filter(|_| !differences.is_empty()) else { return false };
        let is_left_out = |change: &Change| change.new.is_none();
        differences.iter().all(is_left_out) && changes(brief(applied), brief(&self.declared.redacted)).is_empty()
    }

    /// Whether the declared secrets differ from those that were applied last.
    fn has_new_secrets(&self) -> bool {
        self.record.is_some_and(|record| !self.declared.has_secrets_of(record))
    }

    /// A definition with the MAC addresses that libvirt's has, to be compared with it.
    fn with_macs(&self, definition: &Element) -> Element {
        let mut definition = stored(definition.clone());
        add_macs(&mut definition, self.persistent());
        definition
    }

    /// The definition of a new object, with a UUID and MAC addresses derived from its name: an object that is declared again
    /// finds what it left, such as its snapshots and the state of its TPM.
    fn with_identity(&self, definition: &Element) -> Element {
        let mut definition = self.with_macs(definition);
        if let (Some(uuid), true) = (self.context.uuid_of(self.declared), self.declared.id.kind != Type::Secret) {
            set_uuid(&mut definition, &uuid);
        }
        definition
    }

    /// The definition that the running object was started from, if that is not the one that was applied last.
    fn running(&self) -> Option<&Running> {
        let observed = self.observed.filter(|observed| observed.is_active)?;
        self.record?.running.as_ref().filter(|running| running.run == observed.run)
    }

    /// The fields of a definition that the running object does not have.
    fn open(&self, wanted: &Element) -> Vec<Change> {
        let Some(live) = self.live().filter(|_| self.runs()) else { return Vec::new() };
        let started_from = match self.record.filter(|_| self.applied.is_some()) {
            Some(record) => match &record.running {
                Some(running) if running.run == self.observed.and_then(|observed| observed.run) => {
                    running.xml.as_deref()
                }
                _ => Some(record.xml.as_str()),
            }
            .and_then(xml::element),
            // For an adopted object, it is unknown which definition it was started from.
            None => Some(wanted.clone()),
        };
        open(self.declared.id.kind, &RunningObject { live, started_from: started_from.as_ref() }, wanted)
    }

    /// Leaves out what others changed in the definition too: the next start brings their values.
    fn leave_out_drift(&self, pending: &mut Vec<Change>) {
        if !pending.is_empty() {
            let drifted = FieldPaths::of(&self.drift());
            pending.retain(|change| !drifted.overlap(&change.path));
        }
    }

    /// Whether a restart brings what is pending into effect. What is adopted is not restarted for what it lacks.
    fn is_restart_due(&self, entry: &Entry) -> bool {
        self.applied.is_some() && entry.pending.iter().any(is_had_by_a_restart)
    }

    /// Adds what others gave the running guest alone, which the guest loses at its next start. It is no reason to restart the
    /// guest.
    fn add_surplus(&self, entry: &mut Entry) {
        let (Some(live), Some(found), Some(_)) = (self.live(), self.persistent(), &self.applied) else { return };
        if self.declared.id.kind != Type::Domain || !self.runs() || entry.effect >= Effect::Restart {
            return;
        }
        let beyond_definition = FieldPaths::of(&drift::additions(found, live));
        let changes = entry.changes.iter().map(|planned| &planned.change);
        let told = FieldPaths::of(changes.chain(&entry.pending).chain(&entry.undone));
        let surplus = self.given_by_others(live).into_iter();
        let surplus = surplus.filter(|it| beyond_definition.overlap(&it.path) && !told.overlap(&it.path));
        entry.pending.extend(surplus.map(|it| Change { old: it.new, new: it.old, ..it }));
    }

    /// What others gave the running guest.
    fn given_by_others(&self, live: &Element) -> Vec<Change> {
        drift::additions(self.with_macs(&self.declared.redacted), live)
    }

    /// Drift of the definition that a new definition undoes.
    fn undone(&self) -> Vec<Change> {
        let (Some(applied), Some(observed), Some(found)) = (&self.applied, self.observed, self.persistent()) else {
            return Vec::new();
        };
        let drift = self.drift();
        if drift.is_empty() {
            return Vec::new();
        }
        // What libvirt keeps secret is not shown.
        let shown = Observed { with_secrets: None, ..observed.clone() };
        let path_of = |source: &Element| self.context.path_of(source);
        let wanted =
            Found::of(&shown).map(|shown| preserve(&self.declared.redacted, Some(applied), shown.with_paths(&path_of)));
        match wanted {
            Some(Ok(wanted)) => drift::undone(&drift, found, &wanted.definition),
            _ => Vec::new(),
        }
    }

    /// Whether the drift of the object is undone although its declaration has not changed.
    fn is_reset(&self) -> bool {
        self.context.desired.reset.contains(&self.declared.id)
    }

    /// Whether others changed the definition, or the running object.
    fn is_changed_by_others(&self) -> bool {
        let Some(applied) = &self.applied else { return false };
        let is_domain = self.declared.id.kind == Type::Domain;
        let is_changed = |live: &Element| {
            !missing(live, self.with_macs(applied)).is_empty() || !self.given_by_others(live).is_empty()
        };
        !self.drift().is_empty() || self.live().is_some_and(|live| is_domain && is_changed(live))
    }

    /// What others changed in the definition.
    fn drift(&self) -> Vec<Change> {
        self.record.zip(self.observed).map(|(record, observed)| drift(record, observed)).unwrap_or_default()
    }

    /// The secrets of a definition that was applied, and that the running guest does not have.
    fn open_secrets(&self, applied: &Element) -> Vec<Change> {
        let live = self.observed.and_then(|observed| observed.live_with_secrets.as_ref());
        let (Some(live), Some(record)) = (live, self.record) else { return Vec::new() };
        let others = drift::other_secrets(record, applied, &live.0).into_iter();
        others.map(|change| Change { old: change.new, new: change.old, ..change }).collect()
    }

    /// Plans an object whose definition is as declared: it may have to be adopted, or its record updated.
    fn keep(&self, entry: &mut Entry) {
        self.restore_snapshots(entry);
        if self.applied.is_none() {
            entry.verdict = Verdict::Adopt;
            self.set_value(entry);
            entry.save(self.record_of(None));
        } else if self.record.is_some_and(|record| record.purge != self.declared.policy.purge)
            || self.changes_since_applied().is_some_and(|changes| !changes.is_empty())
        {
            entry.save(self.record_of(self.running().cloned()));
        }
    }

    /// Plans the definition. Returns whether the running object differs from the declaration afterwards.
    fn define(&self, entry: &mut Entry, difference: Difference) -> Result<bool, Reason> {
        let id = &self.declared.id;
        entry.verdict = if self.observed.is_some() { Verdict::Change } else { Verdict::Create };
        if self.observed.is_some() && self.record.is_none() {
            entry.reasons.push(Reason::AdoptsExisting);
        }
        let full = self.declared.definition();
        let Preserved { definition: mut wanted, reasons } = self.wanted(full)?;
        entry.reasons.extend(reasons);
        let live = self.live_changes(&wanted);
        entry.undone = self.undone();
        set_owner(&mut wanted, &self.context.desired.owner);
        self.context.moves.make_room(self.context, self.declared, entry);
        if let (Some(former), Type::Domain) = (self.former, id.kind) {
            entry.push(Operation::Rename { from: self.context.moves.name_before(former).to_owned() });
        }
        let uuid = self.archived.and_then(|_| self.context.uuid_of(self.declared));
        if let Some(uuid) = &uuid {
            // From now on, libvirt has the domain, which would make the archive invalid.
            if self.context.archived(uuid).is_some_and(|archived| archived.unconfirmed.is_some()) {
                entry.update(RecordUpdate::ConfirmArchive { uuid: uuid.clone() });
            }
        }
        entry.push(Operation::Define { definition: Redacted(wanted) });
        self.restore_snapshots(entry);
        self.set_value(entry);
        let open = self.open(&self.declared.redacted);
        let lacks = FieldPaths::of(&open);
        // Of what a running domain has, libvirt tells all but secrets.
        let tells = self.applied.is_some() && id.kind == Type::Domain;
        let runs_already = |change: &Change| tells && !lacks.overlap(&change.path) && !is_secret(change);
        let when = |is_covered: bool| if is_covered { When::Now } else { When::NextStart };
        entry.set_changes(
            difference,
            |change| when(live.as_ref().is_none_or(|live| live.covers(change) || runs_already(change))),
            when(live.as_ref().is_none_or(|live| live.covers_secrets)),
        );
        let told = FieldPaths::of(entry.changes.iter().map(|planned| &planned.change));
        let is_told = |change: &Change| {
            told.overlap(&change.path)
                || (entry.secrets.is_some() && is_secret(change))
                || live.as_ref().is_none_or(|live| live.covers(change))
        };
        entry.pending = open.into_iter().filter(|change| !is_told(change)).collect();
        if let Some(mut live) = live {
            let undone = FieldPaths::of(&entry.undone);
            live.undone.retain(|change| !undone.overlap(&change.path));
            entry.undone.append(&mut live.undone);
            let is_felt = |operation: &Operation| !matches!(operation, Operation::SetMetadata { .. });
            if id.kind == Type::Domain && live.operations.iter().any(is_felt) {
                entry.raise(Effect::Live);
            }
            live.operations.into_iter().for_each(|operation| entry.push(operation));
        }
        if id.kind == Type::Nwfilter && self.observed.is_some() {
            entry.raise(Effect::Live);
        }
        entry.save(self.record_of(self.started_from()));
        // A record under a name that is declared is replaced by the one of that object.
        let is_stale = |id: &Id| self.context.records.contains_key(id) && !self.context.declared.contains_key(id);
        if let Some(former) = self.former.filter(|former| is_stale(former)) {
            entry.drop_record(former);
        }
        Ok(entry.is_pending() || self.is_restart_due(entry))
    }

    /// Plans the snapshot that is taken before the domain changes.
    fn protect(&self, entry: &mut Entry) -> Result<(), Reason> {
        match self.context.found(self.declared).zip(self.observed) {
            Some(found) => rollback::protect(entry, self.declared, found, self.record),
            None => Ok(()),
        }
    }

    /// The declared definition with what libvirt recorded.
    fn wanted(&self, declared: &Element) -> Result<Preserved, Reason> {
        let path_of = |source: &Element| self.context.path_of(source);
        if let Some(found) = self.observed.and_then(Found::of) {
            return preserve(declared, self.applied.as_deref(), found.with_paths(&path_of));
        }
        let declared = self.with_identity(declared);
        match self.archived {
            Some(archived) => preserve(&declared, None, Found::archived(archived).with_paths(&path_of)),
            None => Ok(Preserved { definition: declared, reasons: Vec::new() }),
        }
    }

    /// Restores the archived snapshots of a domain that is defined.
    fn restore_snapshots(&self, entry: &mut Entry) {
        let (Some(archived), Some(uuid)) = (self.archived, self.context.uuid_of(self.declared)) else { return };
        for snapshot in &archived.snapshots {
            entry.push(Operation::RestoreSnapshot {
                name: child_text(&snapshot.xml, "name").unwrap_or_default().to_owned(),
                is_current: snapshot.is_current,
                definition: snapshot.xml.clone(),
            });
        }
        entry.update(RecordUpdate::DropArchive { uuid });
    }

    fn set_value(&self, entry: &mut Entry) {
        if let Some(Content::Value { file, base64 }) = &self.declared.content {
            entry.push(Operation::SetValue { file: file.clone(), base64: *base64 });
        }
    }

    /// The changes that reach the running object; None if the object does not run.
    fn live_changes(&self, full: &Element) -> Option<Live> {
        if !self.runs() || matches!(self.declared.id.kind, Type::Secret | Type::Nwfilter) {
            return None;
        }
        let (Some(old), Some(live), OnChange::Live) = (&self.applied, self.live(), self.declared.policy.on_change)
        else {
            return Some(Live::default());
        };
        let new = &self.declared.redacted;
        Some(match self.declared.id.kind {
            Type::Network => network::live_changes(old, new, live),
            Type::Domain => {
                let (old, new) = (&self.with_macs(old), &self.with_macs(new));
                let started_from = self.running().and_then(|running| xml::element(running.xml.as_deref()?));
                RunningGuest {
                    old,
                    new,
                    full,
                    live,
                    path_of: &|source| self.context.path_of(source),
                    started_from: started_from.as_ref(),
                    resets: self.is_reset(),
                    secrets: changes(&self.declared.redacted, self.declared.definition()),
                    has_new_secrets: self.has_new_secrets(),
                }
                .changes()
            }
            _ => Live::default(),
        })
    }

    /// The definition that the running object was started from, which is recorded with a new definition.
    fn started_from(&self) -> Option<Running> {
        let observed = self.observed.filter(|observed| observed.is_active)?;
        if self.declared.id.kind == Type::Nwfilter {
            return None;
        }
        let applied = self.record.filter(|_| self.applied.is_some()).map(|record| record.xml.clone());
        Some(self.running().cloned().unwrap_or(Running { run: observed.run, xml: applied }))
    }

    fn record_of(&self, running: Option<Running>) -> Record {
        let declared = self.declared;
        Record {
            uuid: self.context.uuid_of(declared),
            xml: declared.shown.clone(),
            secrets: fingerprint(&declared.id, &declared.secrets),
            filled: declared.filled_fingerprint(),
            purge: declared.policy.purge.clone(),
            running,
            rollbacks: self.record.map(|record| record.rollbacks.clone()).unwrap_or_default(),
            ..Record::new(declared.id.clone())
        }
    }

    /// Plans to start or stop the object, and its autostart.
    fn run(&self, entry: &mut Entry, is_pending: bool) {
        let policy = &self.declared.policy;
        // An object that gave way is defined again as it was, unless its declaration differs.
        let autostart = policy.autostart.or(self.displaced.map(|before| before.autostart));
        let was_active = self.displaced.is_some_and(|before| before.is_active);
        let active = if was_active { policy.active.or(Some(true)) } else { policy.active };
        if let Some(on) = autostart {
            if self.observed.map_or(on, |observed| observed.autostart != on) {
                entry.push(Operation::Autostart { on });
            }
        }
        let wants_restart = policy.always_restart || (is_pending && policy.on_change == OnChange::Restart);
        match active {
            Some(false) if self.runs() => self.stop(entry),
            Some(true) if !self.runs() => {
                entry.raise(Effect::Start);
                self.start(entry);
            }
            _ if self.runs() && wants_restart => self.restart(entry),
            _ => {}
        }
        if entry.verdict == Verdict::Unchanged && !entry.steps.is_empty() {
            entry.verdict = Verdict::StateChange;
        }
    }

    /// Starts the object. The folder of a pool at a new place is created first, and gets its declared permissions.
    fn start(&self, entry: &mut Entry) {
        if self.declared.id.kind == Type::Pool
            && storage::must_build(self.context, &self.declared.redacted, self.observed, self.applied.as_deref())
        {
            entry.push(Operation::Build);
        }
        entry.push(Operation::Start);
    }

    fn stop(&self, entry: &mut Entry) {
        let by = self.dependents();
        if !by.is_empty() {
            return entry.reasons.push(Reason::StillInUse { by, prevents: Prevented::Stop });
        }
        entry.raise(Effect::Stop);
        entry.push(Operation::Stop(self.declared.policy.shutdown));
    }

    fn restart(&self, entry: &mut Entry) {
        let by = self.dependents();
        if !by.is_empty() {
            return entry.reasons.push(Reason::StillInUse { by, prevents: Prevented::Restart });
        }
        entry.raise(Effect::Restart);
        entry.push(Operation::Stop(self.declared.policy.shutdown));
        self.start(entry);
        // Of a kept object, the declaration was not applied.
        if entry.verdict == Verdict::Kept {
            return;
        }
        entry.save(self.record_of(None));
        // The guest is restarted for its pending changes.
        let pending = std::mem::take(&mut entry.pending).into_iter();
        entry.changes.extend(pending.map(|change| PlannedChange { change, when: When::Now }));
        entry.changes.iter_mut().for_each(|change| change.when = When::Now);
        entry.secrets = entry.secrets.map(|_| When::Now);
    }

    /// The running guests that use the object.
    fn dependents(&self) -> Vec<String> {
        let used = self.observed.and_then(|observed| UsedObject::running(&self.declared.id, observed));
        used.map(|used| self.context.running_guests().of(&used).into_iter().collect()).unwrap_or_default()
    }
}

/// Whether a guest has a change once it is restarted. How much memory it leaves to the host is its own choice.
fn is_had_by_a_restart(change: &Change) -> bool {
    change.path != "currentMemory"
}

/// Whether a change is that of a secret, which no definition shows that is read from libvirt.
fn is_secret(change: &Change) -> bool {
    [&change.old, &change.new].into_iter().flatten().any(|value| value.contains(PLACEHOLDER))
}
