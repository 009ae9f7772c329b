//! Going back to a snapshot that was taken before a change: what it would change, and its execution.

use crate::change::{Change, changes, child, child_text, children_of, size_of};
use crate::error::{Error, ErrorKind};
use crate::inventory::Observed;
use crate::object::{Id, Type};
use crate::paths::Paths;
use crate::plan::dependents::{folder, named_paths, uses_volume};
use crate::reconcile::{Backend, Event, Watch};
use crate::state::{Lock, Record, Records, Rollback, Running};
use crate::step::{Operation, RecordUpdate};
use nixvirt_schema::engine::message::suggestion;
use nixvirt_schema::engine::problem::closest;
use nixvirt_schema::engine::xml::{self, Element};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Changes that going back to a snapshot makes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outlook {
    /// The domain.
    #[serde(skip)]
    pub id: Id,
    /// Name of the snapshot.
    pub snapshot: String,
    /// Unix time in seconds at which the snapshot was taken; null if libvirt does not report it.
    pub taken: Option<u64>,
    /// Fields of the definition that change.
    pub changes: Vec<Change>,
    /// Disks that lose all data written since, by their names in the definition, such as `vda`.
    pub disks: Vec<String>,
    /// Whether the guest runs before the rollback.
    pub runs: bool,
    /// Whether the guest runs after the rollback, with its memory of that time.
    pub runs_afterwards: bool,
    /// What is recorded of the domain now.
    #[serde(skip)]
    record: Record,
    /// What is recorded of the domain afterwards.
    #[serde(skip)]
    former: Record,
    /// The definition of the domain afterwards.
    #[serde(skip)]
    definition: Element,
    /// What is recorded of volumes now.
    #[serde(skip)]
    volumes: BTreeMap<Id, Record>,
}

impl Outlook {
    /// Looks at a snapshot, or at the last one.
    ///
    /// # Errors
    /// The domain has no such snapshot that was taken before a change.
    pub fn new(backend: &dyn Backend, records: &Records, domain: &str, to: Option<&str>) -> Result<Self, Error> {
        let id = Id::new(Type::Domain, domain);
        let observed = read(backend, &id)?;
        let record = records.get(&id).filter(|record| record.uuid.is_none() || record.uuid == observed.uuid);
        let is_there = |it: &&Rollback| snapshot(&observed, &it.snapshot()).is_some();
        let taken: Vec<_> = record.iter().flat_map(|record| &record.rollbacks).filter(is_there).collect();
        let chosen = match to {
            Some(name) => taken.iter().find(|it| it.snapshot() == name),
            None => taken.last(),
        };
        let (Some(record), Some(chosen)) = (record, chosen) else { return Err(missing(domain, to, &taken)) };
        let xml = snapshot(&observed, &chosen.snapshot()).cloned().unwrap_or_default();
        let definition = definition(&xml);
        let volumes = records.iter().filter(|(id, _)| id.kind == Type::Volume);
        Ok(Outlook {
            snapshot: chosen.snapshot(),
            volumes: volumes.map(|(id, record)| (id.clone(), record.clone())).collect(),
            taken: child_text(&xml, "creationTime").and_then(|time| time.parse().ok()),
            changes: observed.definition.iter().flat_map(|now| changes(now, &definition)).collect(),
            disks: disks(&xml),
            runs: observed.is_active,
            runs_afterwards: matches!(child_text(&xml, "state"), Some("running" | "paused")),
            former: Record { id: id.clone(), rollbacks: record.rollbacks.clone(), ..(*chosen.record).clone() },
            record: record.clone(),
            definition,
            id,
        })
    }

    /// Goes back. What it changes is recorded first: after a killed run, the next plan makes the change again.
    pub fn execute(&self, backend: &dyn Backend, lock: &Lock<'_>, watch: &Watch<'_>) -> Result<(), Error> {
        let write = |record: Record| {
            let save = RecordUpdate::SaveRecord { record: Box::new(record.clone()) };
            watch(Event::Step(&record.id, &save.into()));
            lock.write(&record)
        };
        let volumes: Vec<_> = self.own_volumes(backend)?.into_iter().map(|(record, _)| record).collect();
        write(self.former.clone())?;
        volumes.iter().try_for_each(|record| write(with_size(record, None)))?;
        let revert = Operation::Revert { snapshot: self.snapshot.clone() };
        watch(Event::Step(&self.id, &revert.clone().into()));
        if let Err(error) = backend.execute(&self.id, &revert, &mut |_, _| ()) {
            // Without an answer, libvirt may go back later.
            if error.kind() == ErrorKind::Libvirt {
                volumes.into_iter().cloned().try_for_each(write)?;
                write(self.record.clone())?;
            }
            return Err(error);
        }
        if let Some(running) = &self.former.running {
            // The guest of the snapshot has a number of its own.
            let run = read(backend, &self.id)?.run;
            write(Record { running: Some(Running { run, ..running.clone() }), ..self.former.clone() })?;
        }
        // A volume may be smaller again than it was applied. The next plan grows it, as it makes the other changes again.
        let is_smaller = |record: &Record, size| recorded_size(record).is_none_or(|recorded| size < Some(recorded));
        self.own_volumes(backend)?.into_iter().try_for_each(|(record, size)| {
            write(if is_smaller(record, size) { with_size(record, size) } else { record.clone() })
        })
    }

    /// The records of the domain's volumes, each with the size that the volume has.
    fn own_volumes(&self, backend: &dyn Backend) -> Result<Vec<(&Record, Option<u64>)>, Error> {
        if self.volumes.is_empty() {
            return Ok(Vec::new());
        }
        let mut listed = backend.list(&BTreeSet::from([Type::Pool, Type::Volume]))?;
        let recorded = listed.objects.iter_mut().filter(|(id, _)| self.volumes.contains_key(id));
        backend.read_each(recorded.collect())?;
        let found: Vec<_> = self
            .volumes
            .values()
            .filter_map(|record| Some((record, listed.get(&record.id)?.definition.as_ref()?)))
            .collect();
        let named = found.iter().flat_map(|(_, volume)| named_paths(volume)).chain(named_paths(&self.definition));
        let paths = if backend.is_local() { Paths::read(named) } else { Paths::default() };
        let is_of_domain = |(record, volume): &(&Record, &Element)| {
            uses_volume(&self.definition, &record.id.pool().name, &record.id.name, folder(volume), &paths)
        };
        let own = found.into_iter().filter(is_of_domain);
        Ok(own.map(|(record, volume)| (record, size_of(volume, "capacity"))).collect())
    }
}

/// The size of a volume as it was applied.
fn recorded_size(record: &Record) -> Option<u64> {
    size_of(&xml::element(&record.xml)?, "capacity")
}

/// The record of a volume with another size, or with none if the size is not known.
fn with_size(record: &Record, size: Option<u64>) -> Record {
    let Some(mut volume) = xml::element(&record.xml) else { return record.clone() };
    volume.children.retain(|child| child.name != "capacity");
    volume.children.extend(size.map(|size| Element::of_text("capacity", size.to_string())));
    Record { xml: volume.to_string(), ..record.clone() }
}

fn read(backend: &dyn Backend, id: &Id) -> Result<Observed, Error> {
    let mut listed = backend.list(&BTreeSet::from([Type::Domain]))?;
    let Some(mut observed) = listed.objects.remove(id) else {
        return Err(Error::usage(format!("there is no {id}")).with_hint("`nixvirt list` shows the guests"));
    };
    backend.read(id, &mut observed)?;
    Ok(observed)
}

/// The snapshot of a domain of that name.
pub(crate) fn snapshot<'o>(observed: &'o Observed, name: &str) -> Option<&'o Element> {
    observed.snapshots.iter().find(|it| child_text(it, "name") == Some(name))
}

fn missing(domain: &str, to: Option<&str>, taken: &[&Rollback]) -> Error {
    let names: Vec<_> = taken.iter().map(|it| it.snapshot()).collect();
    if taken.is_empty() {
        return Error::usage(format!("{domain} has no snapshot that was taken before a change")).with_hint(
            "set `rollbackSnapshots` of the domain, or use `nixvirt apply --snapshot`, before the next change",
        );
    }
    let to = to.unwrap_or_default();
    let meant = closest(to, names.iter().map(String::as_str)).map(suggestion).unwrap_or_default();
    Error::usage(format!("{domain} has no snapshot {to:?} that was taken before a change{meant}"))
        .with_hint(format!("snapshots taken before a change: {}", names.join(", ")))
}

/// The persistent definition in a snapshot.
pub(crate) fn definition(snapshot: &Element) -> Element {
    let definition = child(snapshot, "inactiveDomain").or_else(|| child(snapshot, "domain"));
    Element { name: "domain".to_owned(), ..definition.cloned().unwrap_or_default() }
}

fn disks(snapshot: &Element) -> Vec<String> {
    let is_held = |disk: &&Element| disk.attribute("snapshot") == Some("internal");
    let held = children_of(snapshot, "disks").iter().filter(is_held);
    held.filter_map(|disk| disk.attribute("name").map(str::to_owned)).collect()
}
