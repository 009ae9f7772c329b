//! What has to be done so that libvirt has what is declared: a pure function of what is wanted, what was applied before,
//! and what libvirt has.

use crate::change::Change;
use crate::declared::Desired;
use crate::inventory::Inventory;
use crate::object::Id;
use crate::state::Records;
use crate::step::Step;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

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

/// The objects whose XML a plan has to see.
pub fn to_read(_desired: &Desired, _records: &Records, _inventory: &Inventory) -> BTreeSet<Id> {
    BTreeSet::new()
}

/// What has to be done.
pub fn plan(_desired: &Desired, _records: &Records, _inventory: &Inventory) -> Plan {
    Plan::default()
}
