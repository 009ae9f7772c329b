//! What the commands tell: what is to be done or was done, as people read it and as JSON.

mod status;
mod text;

use crate::change::Change;
use crate::error::Error;
use crate::object::Id;
use crate::plan::{Effect, Entry, PlannedChange, Verdict};
use crate::reconcile::{Applied, Look, Outcome};
use crate::state::Records;
use crate::step::Action;
use nixvirt_schema::engine::secrets::take;
use schemars::JsonSchema;
use serde::Serialize;
use similar::TextDiff;
pub use status::{State, Status, StatusConnection, StatusObject};
use std::collections::BTreeMap;
pub use text::Tense;

/// What is to be done, or was done, on each connection.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The connections, by URI.
    pub connections: BTreeMap<String, Connection>,
    /// How much there is of each.
    pub summary: Summary,
}

/// What is to be done, or was done, on a connection.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// What went wrong with the connection as a whole; the objects may then not be all.
    pub error: Option<String>,
    /// What is wrong with the records.
    pub warnings: Vec<String>,
    /// The objects that are declared or were, in the order in which things are done.
    pub objects: Vec<Object>,
}

/// What is to be done to an object, or was done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// The object.
    #[serde(flatten)]
    pub id: Id,
    /// What happens to it, in a word.
    pub verdict: Verdict,
    /// What a guest notices of it.
    pub effect: Effect,
    /// What is done, in this order.
    pub actions: Vec<String>,
    /// The fields that change with this.
    pub changes: Vec<PlannedChange>,
    /// What was changed before, and waits for the next start of what runs.
    pub pending: Vec<Change>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// What `apply` could not change while it runs, so that it waits for its next start.
    pub warnings: Vec<String>,
    /// Why it is not as declared: what cannot be made, or, with `apply`, what went wrong.
    pub error: Option<String>,
    /// With `--diff`, how its XML differs from what was applied before, or else from what libvirt has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

/// How many objects there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Objects that are made.
    pub create: usize,
    /// Objects whose definition or run changes, and those that are taken over.
    pub change: usize,
    /// Objects that go.
    pub remove: usize,
    /// Objects of which some fields wait for the next start of what runs, or of their pool.
    pub pending: usize,
    /// Objects that are as declared.
    pub unchanged: usize,
    /// Objects and connections of which something went wrong.
    pub failed: usize,
}

impl Report {
    /// A report on these connections.
    pub fn new(connections: BTreeMap<String, Connection>) -> Self {
        let mut summary = Summary::default();
        for connection in connections.values() {
            summary.failed += usize::from(connection.error.is_some());
            connection.objects.iter().for_each(|object| summary.add(object));
        }
        Report { connections, summary }
    }

    /// What is wrong with the records of all connections.
    pub fn warnings(&self) -> Vec<&str> {
        self.connections.values().flat_map(|connection| &connection.warnings).map(String::as_str).collect()
    }

    /// Whether something went wrong.
    pub fn has_failed(&self) -> bool {
        self.summary.failed > 0
    }

    /// Whether there is something to do.
    pub fn has_changes(&self) -> bool {
        self.connections.values().flat_map(|connection| &connection.objects).any(|object| !object.actions.is_empty())
    }
}

impl Summary {
    fn add(&mut self, object: &Object) {
        let count = match object.verdict {
            _ if object.error.is_some() => &mut self.failed,
            Verdict::Create => &mut self.create,
            Verdict::Change | Verdict::TakeOver | Verdict::Run => &mut self.change,
            Verdict::Remove => &mut self.remove,
            Verdict::Deferred | Verdict::LeftAlone => &mut self.pending,
            _ if !object.pending.is_empty() => &mut self.pending,
            _ => &mut self.unchanged,
        };
        *count += 1;
    }
}

impl Connection {
    /// Nothing but what went wrong.
    pub fn failed(error: Error) -> Self {
        Connection { error: Some(error.line()), ..Connection::default() }
    }

    /// What is to be done, with the differences in XML where they are asked for.
    pub fn planned(look: Look, with_diff: Option<&BTreeMap<Id, String>>) -> Self {
        let Look { plan, records, inventory, warnings } = look;
        let object = |entry: Entry| {
            let error = (entry.verdict == Verdict::Impossible).then(|| entry.notes.join("; "));
            let diff = with_diff.filter(|_| !entry.steps.is_empty()).and_then(|declared| {
                let found = inventory.get(&entry.id).and_then(|found| found.xml.as_deref());
                diff(&entry.id, &records, found, declared.get(&entry.id).map(String::as_str))
            });
            Object { diff, ..Object::new(entry, error, Vec::new()) }
        };
        Connection { error: None, warnings, objects: plan.entries.into_iter().map(object).collect() }
    }

    /// What was done.
    pub fn applied(applied: Applied) -> Self {
        let object = |Outcome { entry, failure, warnings }: Outcome| {
            let warnings = warnings.iter().map(Error::line).collect();
            Object::new(entry, failure.as_ref().map(Error::line), warnings)
        };
        Connection {
            error: applied.failure.as_ref().map(Error::line),
            warnings: applied.warnings,
            objects: applied.outcomes.into_iter().map(object).collect(),
        }
    }
}

impl Object {
    fn new(entry: Entry, error: Option<String>, warnings: Vec<String>) -> Self {
        let is_impossible = entry.verdict == Verdict::Impossible;
        Object {
            id: entry.id,
            verdict: entry.verdict,
            effect: entry.effect,
            actions: entry.steps.iter().map(|step| words(&step.action)).collect(),
            changes: entry.changes,
            pending: entry.pending,
            notes: if is_impossible { Vec::new() } else { entry.notes },
            warnings,
            error,
            diff: None,
        }
    }
}

/// How an object's XML differs from what it was.
fn diff(id: &Id, records: &Records, found: Option<&str>, declared: Option<&str>) -> Option<String> {
    let (name, before) = match records.get(id).filter(|record| !record.xml.is_empty()) {
        Some(record) => ("applied", record.xml.clone()),
        None => ("libvirt's", found.and_then(|text| Some(take(id.kind.kind(), text).ok()?.xml())).unwrap_or_default()),
    };
    let after = declared.unwrap_or_default();
    let diff = TextDiff::from_lines(before.as_str(), after);
    let text = diff.unified_diff().header(&format!("{id} ({name})"), &format!("{id} (declared)")).to_string();
    (!text.is_empty()).then_some(text)
}

/// What an action does, in a few words.
pub fn words(action: &Action) -> String {
    match action {
        Action::Define { .. } => "define".to_owned(),
        Action::Rename { from } => format!("rename from {from}"),
        Action::SetValue { .. } => "set its value".to_owned(),
        Action::Start => "start".to_owned(),
        Action::Stop(_) => "stop".to_owned(),
        Action::Autostart { on: true } => "start with the host".to_owned(),
        Action::Autostart { on: false } => "do not start with the host".to_owned(),
        Action::Attach { .. } => "plug a device in".to_owned(),
        Action::Detach { .. } => "unplug a device".to_owned(),
        Action::Update { .. } => "change a device".to_owned(),
        Action::SetMemory { kib } => format!("set its memory to {kib} KiB"),
        Action::SetVcpus { count } => format!("set its CPUs to {count}"),
        Action::SetMetadata { .. } => "change its metadata".to_owned(),
        Action::UpdateNetwork { .. } => "change it while it runs".to_owned(),
        Action::CreateVolume { .. } => "create".to_owned(),
        Action::CloneVolume { pool, volume, .. } => format!("copy {pool}/{volume}"),
        Action::Fill { file } => format!("fill from {}", file.display()),
        Action::Grow { capacity } => format!("grow to {capacity} bytes"),
        Action::DeleteVolume => "delete with its content".to_owned(),
        Action::Undefine { .. } => "undefine".to_owned(),
        Action::CreateSnapshot { .. } => "create".to_owned(),
        Action::DeleteSnapshot => "delete".to_owned(),
        Action::Remember(_) => "note what was applied".to_owned(),
        Action::Forget => "forget what was applied".to_owned(),
    }
}
