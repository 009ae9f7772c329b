//! What has to be done so that libvirt has what is declared. A plan is a pure function of the declarations, of the state
//! records, and of what libvirt has.

mod definition;
pub mod dependents;
mod device;
mod drift;
mod guest;
mod live;
mod network;
mod open;
mod preserve;
mod prune;
mod reason;
mod snapshot;
mod storage;

use crate::change::Change;
use crate::declared::{Declared, Desired, InvalidDeclaration};
use crate::inventory::{Inventory, Observed};
use crate::manifest::{OnChange, Prune};
use crate::object::{Id, Type};
use crate::state::{Record, Records, fingerprint};
use crate::step::{Operation, RecordUpdate, Step};
pub use drift::drift;
pub use preserve::{complete, preserve};
pub use prune::loses_tpm_state;
pub use reason::{Prevented, Reason};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What has to be done on a connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The declarations that name no object.
    pub invalid: Vec<InvalidDeclaration>,
    /// Each object that is declared, or no longer declared, in the order in which the steps are executed.
    pub entries: Vec<Entry>,
}

/// What has to be done to an object, and why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// What happens to the object.
    pub verdict: Verdict,
    /// What a running guest experiences.
    pub effect: Effect,
    /// The fields of the definition that change.
    pub changes: Vec<PlannedChange>,
    /// When a changed secret takes effect; null if no secret has changed.
    pub secrets: Option<When>,
    /// The fields that changed before, and take effect at the next start.
    pub pending: Vec<Change>,
    /// What others changed in libvirt since the last apply, and the plan undoes: `old` as libvirt has it, `new` as it will
    /// be. Null if the field or device is not there.
    pub undone: Vec<Change>,
    /// Why this happens, or does not happen.
    pub reasons: Vec<Reason>,
    /// The steps, in this order.
    pub steps: Vec<Step>,
}

/// What happens to an object.
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
    /// The object is removed: it is no longer declared, or declared with `present = false`.
    Remove,
    /// Nothing has to be done.
    Unchanged,
    /// What has to be done is known when the object's pool runs.
    Deferred,
    /// The object differs from its declaration, or is no longer declared, and is kept as it is on purpose.
    Kept,
    /// The declaration cannot be applied.
    Error,
}

/// What a running guest experiences, in ascending order of disruption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing.
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
    /// When the change takes effect.
    pub when: When,
}

/// When a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// When the plan is applied.
    Now,
    /// At the next start of the running object.
    NextStart,
    /// When a plan is applied while the object is stopped.
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

    fn save(&mut self, record: Record) {
        self.steps.push(RecordUpdate::SaveRecord { record: Box::new(record) }.into());
    }

    /// Drops the record of an object: of this one, or of the one that it was renamed from.
    fn drop_record(&mut self, object: &Id) {
        self.steps.push(RecordUpdate::DropRecord { object: object.clone() }.into());
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

/// What a plan is made of.
struct Context<'a> {
    desired: &'a Desired,
    records: &'a Records,
    inventory: &'a Inventory,
    declared: BTreeMap<&'a Id, &'a Declared>,
    /// The types and UUIDs that are declared.
    declared_uuids: BTreeSet<(Type, String)>,
    /// The objects that libvirt has, by type and UUID.
    by_uuid: BTreeMap<(Type, String), &'a Id>,
}

impl<'a> Context<'a> {
    fn new(desired: &'a Desired, records: &'a Records, inventory: &'a Inventory) -> Self {
        let by_uuid = |(id, observed): (&'a Id, &'a Observed)| {
            Some(((id.kind, observed.uuid.as_deref()?.to_ascii_lowercase()), id))
        };
        let uuid_of = |declared: &Declared| Some((declared.id.kind, declared.uuid.as_deref()?.to_ascii_lowercase()));
        Context {
            desired,
            records,
            inventory,
            declared: desired.objects.iter().map(|declared| (&declared.id, declared)).collect(),
            declared_uuids: desired.objects.iter().filter_map(uuid_of).collect(),
            by_uuid: inventory.objects.iter().filter_map(by_uuid).collect(),
        }
    }

    /// The object that libvirt has of a type and UUID.
    fn of_uuid(&self, kind: Type, uuid: &str) -> Option<&'a Id> {
        self.by_uuid.get(&(kind, uuid.to_ascii_lowercase())).copied()
    }

    /// The object that libvirt has under a declared object's UUID and another name.
    fn other_name(&self, declared: &Declared) -> Option<&'a Id> {
        let other = self.of_uuid(declared.id.kind, declared.uuid.as_deref()?)?;
        if *other == declared.id { None } else { Some(other) }
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
            uuid.is_some_and(|uuid| self.declared_uuids.contains(&(id.kind, uuid.to_ascii_lowercase())));
        self.desired.types.contains(&id.kind)
            && !self.declared.contains_key(id)
            && !self.desired.absent.contains(id)
            && !self.desired.errors.contains_key(id)
            && !has_other_name
    }

    /// Whether the definition of a declared object has to be compared: what was applied differs from the declaration, or
    /// may not have taken effect.
    fn must_compare(&self, declared: &Declared) -> bool {
        let observed = self.inventory.get(&declared.id);
        let Some(record) = self.records.get(&declared.id) else {
            return observed.is_some() || self.other_name(declared).is_some();
        };
        let has_changed =
            record.xml != declared.shown || record.secrets != fingerprint(&declared.id, &declared.secrets);
        // A guest that was started since may have been resumed with its old definition.
        let may_be_pending = record.running.is_some() && observed.is_some_and(|observed| observed.is_active);
        let is_reset = self.desired.reset.contains(&declared.id);
        is_reset || has_changed || may_be_pending || observed.is_none_or(|observed| !observed.is_persistent)
    }

    /// Whether the plan may stop or delete a running object that guests use.
    fn may_disrupt_guests(&self, id: &Id) -> bool {
        let is_pruned = || match self.desired.prune {
            Prune::None => false,
            Prune::Owned => self.records.contains_key(id),
            Prune::All => true,
        };
        self.runs(id)
            && match id.kind {
                Type::Volume => self.desired.absent.contains(id),
                Type::Network | Type::Pool => match self.declared.get(id) {
                    Some(declared) => self.may_stop(declared),
                    None => self.is_undeclared(id) && is_pruned(),
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
    let context = Context::new(desired, records, inventory);
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
    // Without any record, the owner that is noted in the objects tells which ones are managed.
    if records.may_be_lost() && desired.prune == Prune::Owned {
        let noting = inventory.objects.keys().filter(|id| matches!(id.kind, Type::Domain | Type::Network));
        ids.extend(noting.filter(|id| context.is_undeclared(id)).cloned());
    }
    ids.retain(|id| inventory.get(id).is_some());
    ids
}

/// Plans what has to be done. `inventory` has the definitions of the objects that `to_read` names.
pub fn plan(desired: &Desired, records: &Records, inventory: &Inventory) -> Plan {
    let context = Context::new(desired, records, inventory);
    let mut entries = Vec::new();
    for (id, error) in &desired.errors {
        let reason = Reason::InvalidDeclaration { error: error.clone() };
        entries.push(Entry::only(id.clone(), Verdict::Error, reason));
    }
    for declared in &desired.objects {
        entries.push(match declared.id.kind {
            Type::Volume => storage::entry(&context, declared),
            Type::Snapshot => snapshot::entry(&context, declared),
            _ => definition::entry(&context, declared),
        });
    }
    for id in &desired.absent {
        entries.push(match id.kind {
            Type::Volume => storage::absent(&context, id),
            _ => snapshot::absent(&context, id),
        });
    }
    entries.extend(prune::entries(&context));
    Plan { invalid: desired.invalid.clone(), entries }
}
