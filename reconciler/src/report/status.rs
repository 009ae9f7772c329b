//! How the objects that are ours stand.

use crate::change::Change;
use crate::error::Error;
use crate::object::Id;
use crate::plan::{Entry, Verdict, drift};
use crate::reconcile::Look;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How the objects stand that are declared or ours.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The connections, by URI.
    pub connections: BTreeMap<String, StatusConnection>,
}

/// How the objects of a connection stand.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusConnection {
    /// Why nothing is known.
    pub error: Option<String>,
    /// What is wrong with the records.
    pub warnings: Vec<String>,
    /// The objects that are declared or ours.
    pub objects: Vec<StatusObject>,
}

/// How an object stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusObject {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// How it stands.
    pub state: State,
    /// Whether it was applied, so that it is ours.
    pub owned: bool,
    /// Whether it runs; nothing where libvirt has it not.
    pub active: Option<bool>,
    /// What `apply` changes in its definition.
    pub changes: Vec<Change>,
    /// What was changed, and waits for the next start of what runs.
    pub pending: Vec<Change>,
    /// What others changed in libvirt: the field as it was applied, and as it is.
    pub drift: Vec<Change>,
    /// What else there is to know.
    pub notes: Vec<String>,
}

/// How an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is as declared.
    InSync,
    /// It is as declared but for what waits for the next start of what runs, or of its pool.
    Pending,
    /// Others have changed it in libvirt since it was applied; `apply` leaves that as it is until the declaration changes.
    Drifted,
    /// `apply` has something to do.
    ToApply,
    /// It was applied, and libvirt has it no more.
    Missing,
    /// It cannot be made as declared.
    Impossible,
}

impl Status {
    /// What is wrong with the records of all connections.
    pub fn warnings(&self) -> Vec<&str> {
        self.connections.values().flat_map(|connection| &connection.warnings).map(String::as_str).collect()
    }

    /// Whether a connection could not be looked at, or an object cannot be made.
    pub fn has_failed(&self) -> bool {
        let is_bad = |object: &StatusObject| object.state == State::Impossible;
        self.connections.values().any(|it| it.error.is_some() || it.objects.iter().any(is_bad))
    }
}

impl StatusConnection {
    /// Nothing but what went wrong.
    pub fn failed(error: Error) -> Self {
        StatusConnection { error: Some(error.line()), ..StatusConnection::default() }
    }

    /// How the objects stand, given the XML of all that are ours.
    pub fn of(look: Look) -> Self {
        let Look { plan, records, inventory, warnings } = look;
        let object = |id: Id, entry: Option<Entry>| {
            let (record, found) = (records.get(&id), inventory.get(&id));
            let drift = record.zip(found).map(|(record, found)| drift(record, found)).unwrap_or_default();
            let state = match &entry {
                Some(entry) if entry.verdict == Verdict::Impossible => State::Impossible,
                _ if record.is_some() && found.is_none() && id.parent.is_none() => State::Missing,
                Some(entry) if entry.verdict == Verdict::Deferred => State::Pending,
                Some(entry) if !entry.steps.is_empty() => State::ToApply,
                _ if !drift.is_empty() => State::Drifted,
                Some(Entry { pending, changes, .. }) if !pending.is_empty() || !changes.is_empty() => State::Pending,
                _ => State::InSync,
            };
            let (changes, pending, notes) = match entry {
                Some(entry) => (entry.changes, entry.pending, entry.notes),
                None => (Vec::new(), Vec::new(), vec!["it is ours and not declared, and stays".to_owned()]),
            };
            StatusObject {
                owned: record.is_some(),
                active: found.map(|found| found.is_active),
                changes: changes.into_iter().map(|planned| planned.change).collect(),
                id,
                state,
                pending,
                drift,
                notes,
            }
        };
        let mut told = BTreeSet::new();
        let mut objects = Vec::new();
        for entry in plan.entries {
            told.insert(entry.id.clone());
            objects.push(object(entry.id.clone(), Some(entry)));
        }
        objects.extend(records.keys().filter(|id| !told.contains(id)).map(|id| object(id.clone(), None)));
        StatusConnection { error: None, warnings, objects }
    }
}
