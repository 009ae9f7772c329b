//! What the commands print: plans, what was applied, and the state of objects, as text and as JSON.

mod doctor;
mod guests;
mod lacks;
mod rollback;
mod status;
mod text;
mod wording;

use crate::able::Lack;
use crate::change::Change;
use crate::declared::InvalidDeclaration;
use crate::error::ErrorMessage;
use crate::object::Id;
use crate::plan::{Entry, Reason, Verdict};
use crate::reconcile::{Applied, ApplyError, Assessment, Outcome};
use crate::state::{Records, UnreadableRecord};
pub use doctor::{Doctor, schema as doctor_schema};
pub use guests::{Guest, Guests, schema as guests_schema};
pub use lacks::{each, grouped, remedy};
use nixvirt_schema::engine::secrets::take;
use nixvirt_schema::engine::xml::Element;
pub use rollback::{RollbackReport, schema as rollback_schema};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use similar::TextDiff;
pub use status::{Status, StatusConnection, StatusObject, SyncState};
use std::collections::BTreeMap;
pub use text::Tense;
pub use wording::{preparation, record_warning, refusal, step, waits_for_lock};

/// The version of the JSON that `plan`, `apply` and `status` print.
pub const VERSION: u32 = 2;

/// Plan or outcome for each connection.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this format: 2.
    #[schemars(range(min = VERSION, max = VERSION))]
    pub version: u32,
    /// Error that stopped the command before it connected, such as a manifest that cannot be read.
    pub error: Option<ErrorMessage>,
    /// The connections, by URI.
    pub connections: BTreeMap<String, ReportConnection>,
    /// The number of objects by what happens to them.
    pub summary: Summary,
}

/// Plan or outcome for a connection.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportConnection {
    /// The error of the connection as a whole; `objects` may then be incomplete.
    pub error: Option<ErrorMessage>,
    /// The state records that could not be read, and are ignored.
    pub unreadable_records: Vec<UnreadableRecord>,
    /// The invalid declarations of which not even the object's name is known.
    pub invalid_declarations: Vec<InvalidDeclaration>,
    /// The objects that are or were declared, in the order in which the steps are executed.
    pub objects: Vec<ReportObject>,
}

/// Plan or outcome for an object. The object is in error if its verdict is `error`, or if it has an `error`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportObject {
    /// The plan.
    #[serde(flatten)]
    pub entry: Entry,
    /// With `apply`, what stopped the steps of the object.
    pub error: Option<ApplyError>,
    /// With `apply`, why changes could not reach the running object. They take effect at the next start of the object.
    pub warnings: Vec<ApplyError>,
    /// With `plan`, what is missing for the guest or the new volume: libvirt would refuse to define the domain, to start the guest or to plug
    /// a device.
    pub lacks: Vec<Lack>,
    /// With `--diff`, how the definition differs from the one that was applied last, or else from libvirt's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

/// The number of objects by what happens to them. Each object counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Objects that are created.
    pub create: usize,
    /// Objects whose definition changes, or that start or stop.
    pub change: usize,
    /// Objects that exist as declared, and are managed from now on.
    pub adopt: usize,
    /// Domains that move here from another connection.
    #[serde(rename = "move")]
    pub moves: usize,
    /// Objects that are removed.
    pub remove: usize,
    /// Domains whose definition is removed, and whose guests run until they shut down.
    pub kept_until_shutdown: usize,
    /// Managed objects that are no longer declared, and that someone else removed.
    pub already_gone: usize,
    /// Unchanged objects with changes that take effect at their next start.
    pub pending_restart: usize,
    /// Volumes of pools that do not run yet.
    pub deferred: usize,
    /// Objects that are kept as they are on purpose.
    pub kept: usize,
    /// Objects that are as declared.
    pub unchanged: usize,
    /// Objects, declarations and connections in error.
    pub errors: usize,
}

/// The JSON Schema of what `plan` and `apply` print.
pub fn plan_schema() -> serde_json::Value {
    printed::<Report>().to_value()
}

/// The JSON Schema of what `status` prints.
pub fn status_schema() -> serde_json::Value {
    printed::<Status>().to_value()
}

fn printed<T: JsonSchema>() -> Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<T>()
}

impl Report {
    /// A report on these connections.
    pub fn new(connections: BTreeMap<String, ReportConnection>) -> Self {
        let mut summary = Summary::default();
        for connection in connections.values() {
            summary.errors += usize::from(connection.error.is_some()) + connection.invalid_declarations.len();
            connection.objects.iter().for_each(|object| summary.add(object));
        }
        Report { version: VERSION, error: None, connections, summary }
    }

    /// A report of nothing but an error.
    pub fn failed(error: ErrorMessage) -> Self {
        let summary = Summary { errors: 1, ..Summary::default() };
        Report { version: VERSION, error: Some(error), connections: BTreeMap::new(), summary }
    }

    /// The state records of all connections that could not be read.
    pub fn unreadable_records(&self) -> impl Iterator<Item = &UnreadableRecord> {
        self.connections.values().flat_map(|connection| &connection.unreadable_records)
    }

    /// Whether an object, a declaration or a connection is in error.
    pub fn has_errors(&self) -> bool {
        self.summary.errors > 0
    }

    /// Whether a connection is in error as a whole.
    pub fn has_failed_connection(&self) -> bool {
        self.connections.values().any(|connection| connection.error.is_some())
    }

    /// Whether the plan has steps.
    pub fn has_changes(&self) -> bool {
        let mut objects = self.connections.values().flat_map(|connection| &connection.objects);
        objects.any(|object| !object.entry.steps.is_empty())
    }
}

impl Summary {
    fn add(&mut self, object: &ReportObject) {
        let count = match object.entry.verdict {
            _ if object.has_error() => &mut self.errors,
            Verdict::Create => &mut self.create,
            Verdict::Change | Verdict::StateChange => &mut self.change,
            Verdict::Adopt => &mut self.adopt,
            Verdict::Move => &mut self.moves,
            Verdict::Remove if object.entry.reasons.contains(&Reason::RemovedOnceStopped) => {
                &mut self.kept_until_shutdown
            }
            Verdict::Remove if object.entry.reasons.contains(&Reason::AlreadyGone) => &mut self.already_gone,
            Verdict::Remove => &mut self.remove,
            Verdict::Deferred => &mut self.deferred,
            Verdict::Kept => &mut self.kept,
            Verdict::Unchanged if object.is_pending() => &mut self.pending_restart,
            Verdict::Unchanged | Verdict::Error => &mut self.unchanged,
        };
        *count += 1;
    }
}

impl ReportConnection {
    /// A connection about which nothing is known but an error.
    pub fn failed(error: impl Into<ErrorMessage>) -> Self {
        ReportConnection { error: Some(error.into()), ..ReportConnection::default() }
    }

    /// The report of a plan. `definitions` holds the declared definitions if differences are wanted.
    pub fn planned(assessment: Assessment, definitions: Option<&BTreeMap<Id, String>>) -> Self {
        let Assessment { plan, records, inventory, mut lacks, unreadable_records, .. } = assessment;
        let mut object = |entry: Entry| {
            let diff = match definitions {
                Some(definitions) if !entry.steps.is_empty() => {
                    let found = inventory.get(&entry.id).and_then(|observed| observed.definition.as_ref());
                    let declared = definitions.get(&entry.id).map(String::as_str).unwrap_or_default();
                    diff(&entry.id, &records, found, declared, &entry.undone)
                }
                _ => None,
            };
            let lacks = lacks.remove(&entry.id).unwrap_or_default();
            ReportObject { entry, error: None, warnings: Vec::new(), lacks, diff }
        };
        ReportConnection {
            error: None,
            unreadable_records,
            invalid_declarations: plan.invalid,
            objects: plan.entries.into_iter().map(&mut object).collect(),
        }
    }

    /// The report of an applied plan.
    pub fn applied(applied: Applied) -> Self {
        let object =
            |Outcome { entry, error, warnings }| ReportObject { entry, error, warnings, lacks: Vec::new(), diff: None };
        ReportConnection {
            error: applied.error.map(ErrorMessage::from),
            unreadable_records: applied.unreadable_records,
            invalid_declarations: applied.invalid,
            objects: applied.outcomes.into_iter().map(object).collect(),
        }
    }
}

impl ReportObject {
    fn has_error(&self) -> bool {
        self.entry.verdict == Verdict::Error || self.error.is_some()
    }

    fn is_pending(&self) -> bool {
        !self.entry.pending.is_empty()
    }
}

/// The difference between the declared definition of an object and the one that was applied last, or else libvirt's.
///
/// What others changed is shown after it, as far as the plan undoes it.
fn diff(id: &Id, records: &Records, found: Option<&Element>, declared: &str, undone: &[Change]) -> Option<String> {
    let (name, before) = match records.get(id).filter(|record| !record.xml.is_empty()) {
        Some(record) => ("applied", record.xml.clone()),
        None => {
            let redacted = |found: &Element| Some(take(id.kind.kind(), &found.to_string()).ok()?.xml());
            ("libvirt's", found.and_then(redacted).unwrap_or_default())
        }
    };
    let diff = TextDiff::from_lines(before.as_str(), declared);
    let mut text = diff.unified_diff().header(&format!("{id} ({name})"), &format!("{id} (declared)")).to_string();
    if !undone.is_empty() {
        text += &format!("--- {id} (changed in libvirt)\n+++ {id} (declared)\n");
    }
    for Change { path, old, new } in undone {
        old.iter().for_each(|old| text += &format!("-{path}: {old}\n"));
        new.iter().for_each(|new| text += &format!("+{path}: {new}\n"));
    }
    if text.is_empty() { None } else { Some(text) }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    #[test]
    fn the_published_schemas_are_current() {
        expect_file!["../../schema/json/plan.json"].assert_eq(&format!("{:#}\n", super::plan_schema()));
        expect_file!["../../schema/json/status.json"].assert_eq(&format!("{:#}\n", super::status_schema()));
    }
}
