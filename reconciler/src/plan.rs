//! What has to be done so that libvirt has what is declared: a pure function of what is wanted, what was applied before,
//! and what libvirt has.

mod carry;
mod definition;
mod drift;
mod guest;
mod live;
mod network;
mod removal;
mod snapshot;
mod storage;
pub mod users;

pub use carry::carry;
pub use removal::loses_tpm;

use crate::change::Change;
use crate::declared::{Declared, Desired};
use crate::inventory::{Found, Inventory};
use crate::manifest::Prune;
use crate::object::{Id, Type};
use crate::state::{Records, fingerprint};
use crate::step::{Action, Step};
pub use carry::filled;
pub use drift::drift;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What has to be done to the objects of a connection, in this order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// Each object that is declared, or no longer.
    pub entries: Vec<Entry>,
}

/// What has to be done to an object, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// In a word.
    pub verdict: Verdict,
    /// What a guest notices of it.
    pub effect: Effect,
    /// The fields of its definition that change with this.
    pub changes: Vec<PlannedChange>,
    /// What was changed before, and waits for the next start of what runs.
    pub pending: Vec<Change>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// What is done, in this order.
    pub steps: Vec<Step>,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is made.
    Create,
    /// Its definition changes.
    Change,
    /// It was there and is as declared: from now on it is ours.
    TakeOver,
    /// It is as declared, and starts, stops, or starts with the host or not.
    Run,
    /// It is no longer declared, or declared to be gone, and goes.
    Remove,
    /// Nothing is to be done.
    Unchanged,
    /// What can be done will be known when its pool runs, which this plan starts.
    Deferred,
    /// It is not as declared, and stays so for now: the notes tell why.
    LeftAlone,
    /// It cannot be made as declared: the notes tell why.
    Impossible,
}

/// What a guest notices, from the least to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// A device, its memory or the like changes while it runs.
    Live,
    /// It starts.
    Start,
    /// It is shut down and started again.
    Restart,
    /// It is shut down.
    Stop,
}

/// A field that changes, and when what runs has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedChange {
    /// The field.
    #[serde(flatten)]
    pub change: Change,
    /// When.
    pub when: When,
}

/// When a change is in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// At once.
    Now,
    /// When what runs has been stopped and started.
    NextStart,
}

impl Entry {
    fn new(id: Id) -> Self {
        Entry {
            id,
            verdict: Verdict::Unchanged,
            effect: Effect::None,
            changes: Vec::new(),
            pending: Vec::new(),
            notes: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn impossible(mut self, why: String) -> Self {
        self.verdict = Verdict::Impossible;
        self.notes.push(why);
        self
    }

    fn push(&mut self, action: Action) {
        self.steps.push(Step { id: self.id.clone(), action });
    }

    /// A guest notices this much, if the object is one or its packets pass through it.
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
    /// What libvirt has, by type and UUID.
    by_uuid: BTreeMap<(Type, String), &'a Id>,
}

impl<'a> Context<'a> {
    fn new(desired: &'a Desired, records: &'a Records, inventory: &'a Inventory) -> Self {
        let by_uuid =
            |(id, found): (&'a Id, &'a Found)| Some(((id.kind, found.uuid.as_deref()?.to_ascii_lowercase()), id));
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

    /// The object of that type and UUID.
    fn of_uuid(&self, kind: Type, uuid: &str) -> Option<&'a Id> {
        self.by_uuid.get(&(kind, uuid.to_ascii_lowercase())).copied()
    }

    /// Whether an object is there and runs.
    fn runs(&self, id: &Id) -> bool {
        self.inventory.get(id).is_some_and(|found| found.is_active)
    }

    /// Whether an object is of a type of which all are declared, and is not. One that is declared under another name, or
    /// whose declaration could not be read, is not meant.
    fn is_undeclared(&self, id: &Id) -> bool {
        let uuid = self.inventory.get(id).and_then(|found| found.uuid.as_deref());
        let is_other_name =
            uuid.is_some_and(|uuid| self.declared_uuids.contains(&(id.kind, uuid.to_ascii_lowercase())));
        self.desired.types.contains(&id.kind)
            && !self.declared.contains_key(id)
            && !self.desired.absent.contains(id)
            && !self.desired.failed.iter().any(|(failed, _)| failed == id)
            && !is_other_name
    }

    /// Whether the XML of a declared object has to be seen: what was applied is not what is declared, or may not be in effect.
    fn is_open(&self, declared: &Declared) -> bool {
        let found = self.inventory.get(&declared.id);
        let other = declared.uuid.as_deref().and_then(|uuid| self.of_uuid(declared.id.kind, uuid));
        let Some(record) = self.records.get(&declared.id) else { return found.is_some() || other.is_some() };
        let is_other = record.xml != declared.shown || record.secrets != fingerprint(&declared.id, &declared.secrets);
        let may_wait = record
            .running
            .as_ref()
            .is_some_and(|running| found.is_some_and(|found| found.is_active && found.run == running.run));
        is_other || may_wait || found.is_none_or(|found| !found.is_persistent)
    }

    /// Whether an entry may stop or delete what running guests use.
    fn may_hurt_guests(&self, id: &Id) -> bool {
        let is_removed = || match self.desired.prune {
            Prune::None => false,
            Prune::Owned => self.records.contains_key(id),
            Prune::All => true,
        };
        self.runs(id)
            && match id.kind {
                Type::Volume => self.desired.absent.contains(id),
                Type::Network | Type::Pool => match self.declared.get(id) {
                    Some(declared) => self.may_stop(declared),
                    None => self.is_undeclared(id) && is_removed(),
                },
                _ => false,
            }
    }

    fn may_stop(&self, declared: &Declared) -> bool {
        let policy = &declared.policy;
        let restarts = policy.on_change == crate::manifest::OnChange::Restart && self.is_open(declared);
        policy.active == Some(false) || policy.always_restart || restarts
    }
}

/// The objects whose XML a plan has to see. What is as it was applied costs no look.
pub fn to_read(desired: &Desired, records: &Records, inventory: &Inventory) -> BTreeSet<Id> {
    let context = Context::new(desired, records, inventory);
    let is_there = |id: &&Id| inventory.get(id).is_some();
    let open = desired.objects.iter().filter(|declared| context.is_open(declared));
    let mut ids: BTreeSet<Id> = open.map(|declared| declared.id.clone()).collect();
    ids.extend(desired.objects.iter().filter_map(|declared| {
        let other = context.of_uuid(declared.id.kind, declared.uuid.as_deref()?)?;
        (*other != declared.id).then(|| other.clone())
    }));
    let hurting: Vec<_> = inventory.objects.keys().filter(|id| context.may_hurt_guests(id)).cloned().collect();
    if !hurting.is_empty() {
        ids.extend(hurting);
        ids.extend(users::running(inventory).cloned());
    }
    // With no record at all, marks in the objects tell whose they are.
    if records.may_be_lost() && desired.prune == Prune::Owned {
        let marked = inventory.objects.keys().filter(|id| matches!(id.kind, Type::Domain | Type::Network));
        ids.extend(marked.filter(|id| context.is_undeclared(id)).cloned());
    }
    ids.into_iter().filter(|id| is_there(&id)).collect()
}

/// What has to be done. `inventory` has the XML of the objects that `to_read` names.
pub fn plan(desired: &Desired, records: &Records, inventory: &Inventory) -> Plan {
    let context = Context::new(desired, records, inventory);
    let failed = desired.failed.iter().map(|(id, why)| Entry::new(id.clone()).impossible(why.clone()));
    let made = desired.objects.iter().map(|declared| match declared.id.kind {
        Type::Volume => storage::entry(&context, declared),
        Type::Snapshot => snapshot::entry(&context, declared),
        _ => definition::entry(&context, declared),
    });
    let gone = desired.absent.iter().map(|id| match id.kind {
        Type::Volume => storage::absent(&context, id),
        _ => snapshot::absent(&context, id),
    });
    Plan { entries: failed.chain(made).chain(gone).chain(removal::entries(&context)).collect() }
}
