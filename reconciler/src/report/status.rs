//! The state of declared and managed objects.

use super::VERSION;
use crate::change::Change;
use crate::declared::InvalidDeclaration;
use crate::error::ErrorMessage;
use crate::failure::Failures;
use crate::inventory::Observed;
use crate::object::{Id, Type};
use crate::plan::{Entry, PlannedChange, Reason, Verdict, When, drift_of};
use crate::reconcile::{ApplyError, Assessment};
use crate::state::{Record, UnreadableRecord};
use crate::step::Step;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The state of declared and managed objects on each connection.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The version of this format: 2.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// Error that stopped the command before it connected, such as a manifest that cannot be read.
    pub error: Option<ErrorMessage>,
    /// The connections, by URI.
    pub connections: BTreeMap<String, StatusConnection>,
}

/// The state of declared and managed objects on a connection.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusConnection {
    /// Error that prevented reading the state of the objects.
    pub error: Option<ErrorMessage>,
    /// The state records that could not be read, and are ignored.
    pub unreadable_records: Vec<UnreadableRecord>,
    /// The invalid declarations of which not even the object's name is known.
    pub invalid_declarations: Vec<InvalidDeclaration>,
    /// The declared and managed objects.
    pub objects: Vec<StatusObject>,
}

/// The state of an object.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusObject {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// State of the object compared with its declaration.
    pub state: SyncState,
    /// Kind of change that the next `apply` makes to the object.
    pub verdict: Verdict,
    /// Whether the object is managed, because it was declared and applied.
    pub managed: bool,
    /// Whether the object runs; null if libvirt does not have it.
    pub active: Option<bool>,
    /// The fields that `apply` changes.
    pub changes: Vec<PlannedChange>,
    /// Time at which a changed secret takes effect; null if no secret has changed.
    pub secrets: Option<When>,
    /// The fields that were changed, and take effect at the next start.
    pub pending: Vec<Change>,
    /// The fields that were changed in libvirt since they were applied: `old` as applied, `new` as libvirt has them.
    pub drift: Vec<Change>,
    /// Errors of the last `apply` about what is still to be done.
    pub failures: Vec<ApplyError>,
    /// Reasons for the state.
    pub reasons: Vec<Reason>,
}

/// State of an object compared with its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SyncState {
    /// The object is as declared.
    InSync,
    /// The definition is as declared, and some of it takes effect at the next start.
    PendingRestart,
    /// The object was changed in libvirt since it was applied. `apply` keeps that until the declaration changes.
    Drifted,
    /// The object differs from its declaration, or is no longer declared, and is kept as it is on purpose.
    Kept,
    /// `apply` changes the object.
    ToApply,
    /// The state is known only while the object's pool runs.
    Unknown,
    /// The object was applied, and libvirt no longer has it.
    Missing,
    /// The declaration cannot be applied.
    Error,
}

impl Status {
    /// A status of these connections.
    pub fn new(connections: BTreeMap<String, StatusConnection>) -> Self {
        Status { version: VERSION, error: None, connections }
    }

    /// A status of nothing but an error.
    pub fn failed(error: ErrorMessage) -> Self {
        Status { version: VERSION, error: Some(error), connections: BTreeMap::new() }
    }

    /// The state records of all connections that could not be read.
    pub fn unreadable_records(&self) -> impl Iterator<Item = &UnreadableRecord> {
        self.connections.values().flat_map(|connection| &connection.unreadable_records)
    }

    /// Whether an object, a declaration or a connection is in error.
    pub fn has_errors(&self) -> bool {
        self.connections.values().any(|connection| {
            connection.error.is_some()
                || !connection.invalid_declarations.is_empty()
                || connection.objects.iter().any(|object| object.state == SyncState::Error)
        })
    }

    /// Whether a connection is in error as a whole.
    pub fn has_failed_connection(&self) -> bool {
        self.connections.values().any(|connection| connection.error.is_some())
    }

    /// Whether every object is in sync.
    pub fn is_in_sync(&self) -> bool {
        let mut objects = self.connections.values().flat_map(|connection| &connection.objects);
        !self.has_errors() && objects.all(|object| object.state == SyncState::InSync && object.failures.is_empty())
    }
}

impl StatusConnection {
    /// A connection about which nothing is known but an error.
    pub fn failed(error: impl Into<ErrorMessage>) -> Self {
        StatusConnection { error: Some(error.into()), ..StatusConnection::default() }
    }

    /// The state of the objects, given the definitions of all managed ones.
    pub fn of(assessment: Assessment) -> Self {
        let Assessment { plan, records, mut inventory, mut failures, unreadable_records, .. } = assessment;
        let mut planned = BTreeSet::new();
        let mut objects = Vec::new();
        for entry in plan.entries {
            let (record, observed) = (records.get(&entry.id), inventory.objects.get_mut(&entry.id));
            planned.insert(entry.id.clone());
            objects.push(StatusObject::planned(entry, record, observed, &mut failures));
        }
        for (id, record) in records.iter().filter(|(id, _)| !planned.contains(id)) {
            objects.push(StatusObject::undeclared(record, inventory.objects.get_mut(id), &mut failures));
        }
        StatusConnection { error: None, unreadable_records, invalid_declarations: plan.invalid, objects }
    }
}

impl StatusObject {
    /// Takes libvirt's definition, which nothing else needs.
    fn planned(
        entry: Entry,
        record: Option<&Record>,
        observed: Option<&mut Observed>,
        failures: &mut Failures,
    ) -> Self {
        let mut drift = Vec::new();
        let observed = observed.map(|observed| {
            if let (Some(record), Some(found)) = (record, observed.definition.take()) {
                drift = drift_of(record, observed, found.into());
            }
            &*observed
        });
        let mut entry = entry;
        if let (Some(error), Verdict::Unchanged) = (observed.and_then(|it| it.error.clone()), entry.verdict) {
            entry = Entry::only(entry.id, Verdict::Error, Reason::UnreadableDefinition { error: Some(error) });
        }
        let state = match entry.verdict {
            Verdict::Error => SyncState::Error,
            _ if is_missing(record, observed) => SyncState::Missing,
            Verdict::Deferred if entry.id.kind != Type::Volume => SyncState::ToApply,
            Verdict::Deferred => SyncState::Unknown,
            Verdict::Kept if !entry.steps.iter().any(|step| matches!(step, Step::Libvirt(_))) => SyncState::Kept,
            _ if !entry.steps.is_empty() => SyncState::ToApply,
            _ if !drift.is_empty() => SyncState::Drifted,
            _ if !entry.pending.is_empty() => SyncState::PendingRestart,
            _ => SyncState::InSync,
        };
        // What was done in the meantime, by any program, has not failed.
        let is_open = !matches!(state, SyncState::InSync | SyncState::Drifted) || !entry.pending.is_empty();
        let failures = failures.remove(&entry.id).filter(|_| is_open).unwrap_or_default();
        StatusObject {
            id: entry.id,
            state,
            verdict: entry.verdict,
            managed: record.is_some(),
            active: observed.map(|observed| observed.is_active),
            changes: entry.changes,
            secrets: entry.secrets,
            pending: entry.pending,
            drift,
            failures,
            reasons: entry.reasons,
        }
    }

    /// A managed object that no plan mentions.
    fn undeclared(record: &Record, observed: Option<&mut Observed>, failures: &mut Failures) -> Self {
        let entry = Entry::only(record.id.clone(), Verdict::Unchanged, Reason::ManagedUndeclared);
        StatusObject::planned(entry, Some(record), observed, failures)
    }
}

/// Whether an object was applied and is gone. Volumes and snapshots are listed only with their pool or domain.
fn is_missing(record: Option<&Record>, observed: Option<&Observed>) -> bool {
    record.is_some_and(|record| record.id.parent.is_none()) && observed.is_none()
}
