//! What has to be done so that libvirt has what is declared. A plan is a pure function of the declarations, the state
//! records, the inventory and the archived snapshots.

mod definition;
pub mod dependents;
mod device;
mod drift;
mod guest;
mod live;
mod migration;
mod moves;
mod network;
mod open;
pub mod preserve;
mod prune;
mod reason;
mod rollback;
mod snapshot;
mod storage;
mod stored;
mod yielding;

use crate::change::Change;
use crate::declared::{Declared, Desired, InvalidDeclaration};
use crate::error::Error;
use crate::file::hanging;
use crate::inventory::{Inventory, Observed};
use crate::manifest::{OnChange, Prune};
use crate::object::{Id, Type, canonical_uuid};
use crate::snapshot_archive::{ArchivedDomain, DomainArchive, SnapshotArchive};
use crate::state::{Record, Records};
use crate::step::{Operation, RecordUpdate, Step};
use dependents::Dependents;
pub use drift::{drift, drift_of};
use moves::Moves;
use nixvirt_schema::engine::identity;
use nixvirt_schema::engine::xml::Element;
pub use open::lacks_of_definition;
pub use preserve::complete;
pub use reason::{Obstacle, Prevented, Reason, SnapshotObstacle, UncreatedVolumes};
use schemars::JsonSchema;
use serde::Serialize;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
pub use stored::stored;

/// The plan for a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The declarations that name no object.
    pub invalid: Vec<InvalidDeclaration>,
    /// Each object that is declared, or no longer declared, in the order in which the steps are executed.
    pub entries: Vec<Entry>,
}

/// The plan for an object, with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// Kind of change to the object.
    pub verdict: Verdict,
    /// Effect on a running guest.
    pub effect: Effect,
    /// The fields of the definition that change.
    pub changes: Vec<PlannedChange>,
    /// Time at which a changed secret takes effect; null if no secret has changed.
    pub secrets: Option<When>,
    /// The fields that changed before, and take effect at the next start.
    pub pending: Vec<Change>,
    /// Drift that the plan undoes: `old` is the value in libvirt, `new` the value after the plan. Null if there is no such field
    /// or device.
    pub undone: Vec<Change>,
    /// Reasons for the verdict.
    pub reasons: Vec<Reason>,
    /// The steps, in this order.
    pub steps: Vec<Step>,
}

/// Kind of change to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The object is created.
    Create,
    /// The object's definition changes.
    Change,
    /// The object exists as declared, and is managed from now on.
    Adopt,
    /// The definition is as declared; the object starts or stops, or its autostart changes.
    StateChange,
    /// The domain moves here from another connection, where it is managed.
    Move,
    /// The object is removed: it is no longer declared, or declared with `present = false`.
    Remove,
    /// The object is as declared.
    Unchanged,
    /// The changes are unknown until the object's pool runs, or wait until another object is free.
    Deferred,
    /// The object differs from its declaration, or is no longer declared, and is kept as it is on purpose.
    Kept,
    /// The declaration cannot be applied.
    Error,
}

/// Effect on a running guest, in ascending order of disruption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The guest is not affected.
    #[default]
    None,
    /// A device, the memory or the like changes while the guest runs.
    Live,
    /// The guest starts.
    Start,
    /// The guest shuts down and starts again.
    Restart,
    /// The guest shuts down.
    Stop,
}

/// A field that changes, and when the change takes effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedChange {
    /// The field.
    #[serde(flatten)]
    pub change: Change,
    /// Time at which the change takes effect.
    pub when: When,
}

/// Time at which a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Immediately, in the run that applies the plan.
    Now,
    /// At the next start of the running object.
    NextStart,
    /// In a run that finds the object stopped.
    OnceStopped,
}

impl Entry {
    fn new(id: Id) -> Self {
        Entry {
            id,
            verdict: Verdict::Unchanged,
            effect: Effect::None,
            changes: Vec::new(),
            secrets: None,
            pending: Vec::new(),
            undone: Vec::new(),
            reasons: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// An entry in which nothing is done, for a reason.
    pub(crate) fn only(id: Id, verdict: Verdict, reason: Reason) -> Self {
        Entry { verdict, reasons: vec![reason], ..Entry::new(id) }
    }

    fn push(&mut self, operation: Operation) {
        self.steps.push(operation.into());
    }

    fn update(&mut self, update: RecordUpdate) {
        self.steps.push(update.into());
    }

    fn save(&mut self, record: Record) {
        self.update(RecordUpdate::SaveRecord { record: Box::new(record) });
    }

    /// Drops the record of an object: of this one, or of the one that it was renamed from.
    fn drop_record(&mut self, object: &Id) {
        self.update(RecordUpdate::DropRecord { object: object.clone() });
    }

    /// Raises the effect on guests, if the object is a guest or filters the packets of guests.
    fn raise(&mut self, effect: Effect) {
        if matches!(self.id.kind, Type::Domain | Type::Nwfilter) {
            self.effect = self.effect.max(effect);
        }
    }
}

impl Plan {
    /// Whether nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.steps.is_empty())
    }
}

/// The input of a plan.
struct Context<'a> {
    desired: &'a Desired,
    records: &'a Records,
    inventory: &'a Inventory,
    archive: &'a SnapshotArchive,
    declared: BTreeMap<&'a Id, &'a Declared>,
    /// The declared objects, by type and UUID.
    declared_by_uuid: BTreeMap<(Type, String), &'a Declared>,
    /// The objects that libvirt has, by type and UUID.
    by_uuid: BTreeMap<(Type, String), &'a Id>,
    /// What has to give way before declared objects are defined.
    moves: Moves,
    /// The pools that this plan starts with other volumes than they have now.
    moved_pools: BTreeSet<Id>,
    pools_with_volumes: OnceCell<BTreeSet<Id>>,
    running_guests: OnceCell<Dependents>,
    declared_guests: OnceCell<Dependents>,
}

impl<'a> Context<'a> {
    fn new(desired: &'a Desired, records: &'a Records, inventory: &'a Inventory, archive: &'a SnapshotArchive) -> Self {
        let by_uuid =
            |(id, observed): (&'a Id, &'a Observed)| Some(((id.kind, canonical_uuid(observed.uuid.as_deref()?)), id));
        let declared_by_uuid =
            |declared: &'a Declared| Some(((declared.id.kind, canonical_uuid(declared.uuid.as_deref()?)), declared));
        Context {
            desired,
            records,
            inventory,
            archive,
            declared: desired.objects.iter().map(|declared| (&declared.id, declared)).collect(),
            declared_by_uuid: desired.objects.iter().filter_map(declared_by_uuid).collect(),
            by_uuid: inventory.objects.iter().filter_map(by_uuid).collect(),
            moves: Moves::default(),
            moved_pools: BTreeSet::new(),
            pools_with_volumes: OnceCell::new(),
            running_guests: OnceCell::new(),
            declared_guests: OnceCell::new(),
        }
    }

    /// The path without links of the image that a `<source>` names; None if it names no file, device or volume of a known folder.
    fn path_of(&self, source: &Element) -> Option<String> {
        let attribute = |name: &str| source.attribute(name);
        let path = match (attribute("pool"), attribute("volume")) {
            (Some(pool), Some(volume)) => {
                let pool = Id::new(Type::Pool, pool);
                let of_libvirt =
                    || dependents::folder(self.inventory.get(&pool)?.definition.as_ref()?).map(str::to_owned);
                format!("{}/{volume}", storage::folder_of(self, &pool).or_else(of_libvirt)?)
            }
            _ => attribute("file").or(attribute("dev"))?.to_owned(),
        };
        Some(self.inventory.paths.resolve(&path).path)
    }

    /// The record of what was applied to an object. A record of another object of the same name tells nothing about it.
    fn record(&self, id: &Id) -> Option<&'a Record> {
        let record = self.records.get(id)?;
        if self.other_uuids(id).is_some() { None } else { Some(record) }
    }

    /// The UUID of the object that libvirt has, and of the one that was applied under the same name, if they differ. A
    /// secret is identified by its usage.
    fn other_uuids(&self, id: &Id) -> Option<(&'a str, &'a str)> {
        let found = self.inventory.get(id)?.uuid.as_deref()?;
        let applied = self.records.get(id)?.uuid.as_deref()?;
        let differs = id.kind != Type::Secret && !found.eq_ignore_ascii_case(applied);
        if differs { Some((found, applied)) } else { None }
    }

    /// Why a declaration does not concern the object that libvirt has under its name: another one was applied, and the
    /// declaration does not name the UUID of this one.
    fn replaced(&self, declared: &Declared) -> Option<Reason> {
        let (found, applied) = self.other_uuids(&declared.id)?;
        let is_meant = declared.uuid.as_deref().is_some_and(|uuid| uuid.eq_ignore_ascii_case(found));
        if is_meant { None } else { Some(Reason::OtherObject { uuid: found.to_owned(), applied: applied.to_owned() }) }
    }

    /// Why an object, or what it is part of, could not be read.
    fn unreadable(&self, id: &Id) -> Option<Reason> {
        if let Some(error) = self.inventory.get(id).and_then(|observed| observed.error.clone()) {
            return Some(Reason::UnreadableDefinition { error: Some(error) });
        }
        let parent = id.whole()?;
        let error = self.inventory.get(&parent)?.parts_error.clone()?;
        Some(Reason::UnlistedParent { parent, error })
    }

    /// The object that libvirt has of a type and UUID.
    fn of_uuid(&self, kind: Type, uuid: &str) -> Option<&'a Id> {
        self.by_uuid.get(&(kind, canonical_uuid(uuid))).copied()
    }

    /// The object that libvirt has under a declared object's UUID and another name.
    fn other_name(&self, declared: &Declared) -> Option<&'a Id> {
        let other = self.of_uuid(declared.id.kind, declared.uuid.as_deref()?)?;
        if *other == declared.id { None } else { Some(other) }
    }

    /// The pools of which libvirt has a volume that an earlier run created.
    fn pools_with_volumes(&self) -> &BTreeSet<Id> {
        self.pools_with_volumes.get_or_init(|| {
            let volumes = self.records.keys().filter(|id| id.kind == Type::Volume);
            volumes.filter(|id| self.inventory.get(id).is_some()).map(Id::pool).collect()
        })
    }

    /// What the running guests use.
    fn running_guests(&self) -> &Dependents {
        self.running_guests.get_or_init(|| Dependents::running(self.inventory))
    }

    /// What the declared domains use.
    fn declared_guests(&self) -> &Dependents {
        self.declared_guests.get_or_init(|| Dependents::declared(self.desired, &self.inventory.paths))
    }

    /// The archives of the domain of a UUID.
    fn archived(&self, uuid: &str) -> Option<&'a ArchivedDomain> {
        self.archive.domains.get(&canonical_uuid(uuid))
    }

    /// The UUID that a declared object has or gets. None if libvirt chooses it.
    fn uuid_of(&self, declared: &Declared) -> Option<String> {
        let Id { kind, name, .. } = &declared.id;
        let observed = || self.inventory.get(self.found(declared)?)?.uuid.clone();
        let derived = || {
            let uuid = identity::uuid(kind.name(), name);
            let is_free = self.of_uuid(*kind, &uuid).is_none();
            let has_uuid = matches!(kind, Type::Domain | Type::Network | Type::Pool | Type::Nwfilter);
            if is_free && has_uuid { Some(uuid) } else { None }
        };
        declared.uuid.clone().or_else(observed).or_else(derived)
    }

    /// The archive that a declared domain is restored from.
    fn to_restore(&self, declared: &Declared) -> Option<&'a DomainArchive> {
        if declared.id.kind != Type::Domain {
            return None;
        }
        let observed = self.found(declared).and_then(|found| self.inventory.get(found));
        let is_defined = observed.is_some_and(|observed| observed.is_persistent);
        self.archived(&self.uuid_of(declared)?)?.to_restore(is_defined)
    }

    /// Whether an object exists and runs.
    fn runs(&self, id: &Id) -> bool {
        self.inventory.get(id).is_some_and(|observed| observed.is_active)
    }

    /// Whether an object is not declared, and of a type of which all objects are. An object that is declared under another
    /// name, or whose declaration is invalid, is declared.
    fn is_undeclared(&self, id: &Id) -> bool {
        let uuid = self.inventory.get(id).and_then(|observed| observed.uuid.as_deref());
        let has_other_name =
            uuid.is_some_and(|uuid| self.declared_by_uuid.contains_key(&(id.kind, canonical_uuid(uuid))));
        self.desired.types.contains(&id.kind)
            && !self.declared.contains_key(id)
            && !self.desired.absent.contains(id)
            && !self.desired.errors.contains_key(id)
            && !has_other_name
            && !self.renamed(id).is_some_and(|id| self.declared.contains_key(&id) || self.desired.absent.contains(&id))
    }

    /// The id of a snapshot once its domain is renamed as declared.
    fn renamed(&self, snapshot: &Id) -> Option<Id> {
        let domain = Id::new(Type::Domain, snapshot.parent.as_deref()?);
        let uuid = self.inventory.get(&domain)?.uuid.as_deref()?;
        let declared = &self.declared_by_uuid.get(&(Type::Domain, canonical_uuid(uuid)))?.id;
        let is_renamed = snapshot.kind == Type::Snapshot && *declared != domain;
        if is_renamed { Some(Id::within(Type::Snapshot, &declared.name, &snapshot.name)) } else { None }
    }

    /// Whether the definition of a declared object has to be compared: what was applied differs from the declaration, or
    /// may not have taken effect.
    fn must_compare(&self, declared: &Declared) -> bool {
        let observed = self.inventory.get(&declared.id);
        let Some(record) = self.record(&declared.id) else {
            return observed.is_some() || self.other_name(declared).is_some();
        };
        let has_changed = record.xml != declared.shown || !declared.has_secrets_of(record);
        // A guest that was started since may have been resumed with its old definition.
        let may_be_pending = record.running.is_some() && observed.is_some_and(|observed| observed.is_active);
        let is_reset = self.desired.reset.contains(&declared.id);
        is_reset || has_changed || may_be_pending || observed.is_none_or(|observed| !observed.is_persistent)
    }

    /// Whether a declared object may have to be defined.
    fn may_define(&self, declared: &Declared) -> bool {
        self.inventory.get(&declared.id).is_none() || self.must_compare(declared)
    }

    /// Whether an undeclared object is removed, as far as the state records tell.
    fn is_pruned(&self, id: &Id) -> bool {
        match self.desired.prune {
            Prune::None => false,
            Prune::Owned => self.records.contains_key(id),
            Prune::All => true,
        }
    }

    /// Whether the plan may stop or delete a running object that guests use.
    fn may_disrupt_guests(&self, id: &Id) -> bool {
        self.runs(id)
            && match id.kind {
                Type::Volume => self.desired.absent.contains(id),
                Type::Network | Type::Pool => match self.declared.get(id) {
                    Some(declared) => self.may_stop(declared),
                    None => self.is_undeclared(id) && self.is_pruned(id),
                },
                _ => false,
            }
    }

    fn may_stop(&self, declared: &Declared) -> bool {
        let policy = &declared.policy;
        policy.active == Some(false)
            || policy.always_restart
            || (policy.on_change == OnChange::Restart && self.must_compare(declared))
    }
}

/// The objects whose definitions a plan compares. An object that is as it was applied needs none.
pub fn to_read(desired: &Desired, records: &Records, inventory: &Inventory) -> BTreeSet<Id> {
    let archive = SnapshotArchive::default();
    let desired = &*yielding::without_yielding(desired, records, inventory);
    let context = Context::new(desired, records, inventory, &archive);
    let mut ids = BTreeSet::new();
    for declared in &desired.objects {
        if context.must_compare(declared) {
            ids.insert(declared.id.clone());
        }
        ids.extend(context.other_name(declared).cloned());
    }
    let disruptive: Vec<_> = inventory.objects.keys().filter(|id| context.may_disrupt_guests(id)).cloned().collect();
    if !disruptive.is_empty() {
        ids.extend(disruptive);
        ids.extend(dependents::running_guests(inventory).map(|(id, _)| id.clone()));
    }
    // Networks and pools may be in each other's way, and guests in theirs.
    for kind in [Type::Network, Type::Pool] {
        let is_of_kind = |id: &&Id| id.kind == kind;
        let is_changed = |declared: &Declared| declared.id.kind == kind && context.may_define(declared);
        if desired.objects.iter().any(is_changed) {
            let found: Vec<_> = inventory.objects.keys().filter(is_of_kind).cloned().collect();
            if found.iter().any(|id| context.runs(id)) {
                ids.extend(dependents::running_guests(inventory).map(|(id, _)| id.clone()));
            }
            ids.extend(found);
        }
    }
    // How volumes are created depends on the type of their pool.
    let new_volumes = desired.objects.iter().filter(|it| it.id.kind == Type::Volume && inventory.get(&it.id).is_none());
    ids.extend(new_volumes.map(|volume| volume.id.pool()).filter(|pool| !context.declared.contains_key(pool)));
    // Without any record, the owner in the metadata of the objects says which ones are managed.
    if records.may_be_lost() && desired.prune == Prune::Owned {
        let noting = inventory.objects.keys().filter(|id| matches!(id.kind, Type::Domain | Type::Network));
        ids.extend(noting.filter(|id| context.is_undeclared(id)).cloned());
    }
    // What a domain has beside its definition follows from the definition.
    let domains = inventory.objects.keys().filter(|id| id.kind == Type::Domain);
    ids.extend(domains.filter(|id| context.is_undeclared(id) && context.is_pruned(id)).cloned());
    ids.retain(|id| inventory.get(id).is_some());
    ids
}

/// The paths that a plan may compare: those of declared pools, and all others if definitions have been read.
pub fn paths<'a>(desired: &'a Desired, inventory: &'a Inventory) -> BTreeSet<&'a str> {
    let definitions = inventory.objects.values().flat_map(|observed| observed.definition.iter().chain(&observed.live));
    let mut paths: BTreeSet<&str> = definitions.flat_map(dependents::named_paths).collect();
    let has_read = !paths.is_empty();
    let declared = desired.objects.iter().filter(|declared| has_read || declared.id.kind == Type::Pool);
    paths.extend(declared.flat_map(|declared| dependents::named_paths(&declared.redacted)));
    paths
}

/// Marks the objects with a path on a file system that does not answer: what is done to them could concern any file.
pub fn mark_silent(desired: &Desired, inventory: &mut Inventory) {
    let silent = inventory.paths.silent().clone();
    if silent.is_empty() {
        return;
    }
    let declared: BTreeMap<_, _> = desired.objects.iter().map(|declared| (&declared.id, &declared.redacted)).collect();
    for (id, observed) in &mut inventory.objects {
        let mut definitions = observed.definition.iter().chain(&observed.live).chain(declared.get(id).copied());
        let named = definitions.find_map(|it| dependents::named_paths(it).find(|path| silent.contains(*path)));
        if let Some(path) = named {
            let error = Error::file("look at", Path::new(path), hanging::silence());
            observed.error = Some(error.with_hint("check the server of the file system").into());
        }
    }
}

/// Plans what has to be done. `inventory` has the definitions of the objects that `to_read` names.
pub fn plan(desired: &Desired, records: &Records, inventory: &Inventory, archive: &SnapshotArchive) -> Plan {
    let desired = &*yielding::without_yielding(desired, records, inventory);
    let mut context = Context::new(desired, records, inventory, archive);
    context.moves = Moves::new(&context);
    let mut entries = Vec::new();
    for (id, error) in &desired.errors {
        let reason = Reason::InvalidDeclaration { error: error.clone() };
        entries.push(Entry::only(id.clone(), Verdict::Error, reason));
    }
    // An undeclared network or pool may have what a new one needs.
    let (first, last): (Vec<_>, Vec<_>) = prune::entries(&context)
        .into_iter()
        .partition(|entry| matches!(entry.id.kind, Type::Network | Type::Pool) && entry.verdict == Verdict::Remove);
    let mut declared: Vec<_> = desired.objects.iter().collect();
    declared.sort_by_key(|declared| (declared.id.kind, context.moves.turn(&declared.id)));
    for kind in Type::ALL {
        entries.extend(first.iter().filter(|entry| entry.id.kind == kind).cloned());
        for declared in declared.iter().filter(|declared| declared.id.kind == kind) {
            let unreadable = context.unreadable(&declared.id).or_else(|| context.unreadable(context.found(declared)?));
            if let Some(reason) = unreadable {
                entries.push(Entry::only(declared.id.clone(), Verdict::Error, reason));
                continue;
            }
            entries.push(match kind {
                Type::Volume => storage::entry(&context, declared),
                Type::Snapshot => snapshot::entry(&context, declared),
                _ => definition::entry(&context, declared),
            });
        }
        if kind == Type::Network {
            network::note_overlaps(desired, &mut entries);
        }
        if kind == Type::Pool {
            context.moved_pools =
                entries.iter().filter(|entry| storage::is_moved(entry)).map(|it| it.id.clone()).collect();
        }
    }
    for id in &desired.absent {
        if let Some(reason) = context.unreadable(id) {
            entries.push(Entry::only(id.clone(), Verdict::Error, reason));
            continue;
        }
        entries.push(match id.kind {
            Type::Volume => storage::absent(&context, id),
            _ => snapshot::absent(&context, id),
        });
    }
    entries.extend(last);
    moves::displace_once(&mut entries);
    Plan { invalid: desired.invalid.clone(), entries }
}
