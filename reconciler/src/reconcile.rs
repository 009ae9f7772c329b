//! The engine: looks at what a connection has, plans, and does what the plan says. What goes wrong with one object stops
//! that object and what belongs to it, and nothing else.

use crate::change::{child, child_text};
use crate::declared::{Desired, is_part_of};
use crate::error::Error;
use crate::inventory::{Found, Inventory};
use crate::object::{Id, Type};
use crate::plan::users::{Used, uses};
use crate::plan::{self, Entry, Plan, Verdict};
use crate::state::{Kept, Lock, Record, Records, Store};
use crate::step::{Action, Step};
use nixvirt_schema::engine::secrets::hide;
use nixvirt_schema::engine::xml::{self, Element};
use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a run waits for another one on the same connection.
pub const LOCK_LIMIT: Duration = Duration::from_secs(15 * 60);

/// A libvirt daemon.
pub trait Daemon {
    /// Everything that it has of these types, without the XML.
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error>;

    /// Adds the XML of an object that was listed.
    fn read(&self, id: &Id, found: &mut Found) -> Result<(), Error>;

    /// Does a step, unless it is done. `progress` hears how many bytes of how many are written.
    fn perform(&self, step: &Step, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error>;
}

/// Opens a connection: to that URI, waiting that long for a daemon that is starting. What libvirt forgets of domains that
/// are undefined is kept in the folder.
pub type Open = fn(&str, Duration, Option<PathBuf>) -> Result<Box<dyn Daemon>, Error>;

/// What happens meanwhile.
#[derive(Debug)]
pub enum Event<'a> {
    /// Something is waited for.
    Waits(&'a str),
    /// A step is about to be done.
    Step(&'a Step),
    /// So many bytes of so many are written into a volume.
    Written(&'a Id, u64, u64),
    /// All is done that could be done to an object.
    Ended(&'a Outcome),
}

/// Someone who is told what happens on a connection.
pub type Watch<'a> = dyn Fn(Event<'_>) + 'a;

/// What has to be done on a connection, and what that was found from.
#[derive(Debug, Default)]
pub struct Look {
    /// What has to be done.
    pub plan: Plan,
    /// What was applied before.
    pub records: Records,
    /// What libvirt has.
    pub inventory: Inventory,
    /// What is wrong with the records.
    pub warnings: Vec<String>,
}

/// What came of an object.
#[derive(Debug)]
pub struct Outcome {
    /// What was to be done.
    pub entry: Entry,
    /// What went wrong; nothing where all is done.
    pub failure: Option<Error>,
    /// What could not be changed while it runs, and waits for its next start.
    pub warnings: Vec<Error>,
}

/// What came of a connection.
#[derive(Debug, Default)]
pub struct Applied {
    /// What came of each object, in the order in which they were done.
    pub outcomes: Vec<Outcome>,
    /// What is wrong with the records.
    pub warnings: Vec<String>,
    /// Why not all could be looked at.
    pub failure: Option<Error>,
}

/// Looks what has to be done, and changes nothing.
pub fn look(daemon: &dyn Daemon, desired: &Desired, store: &Store) -> Result<Look, Error> {
    let Kept { records, warnings } = store.read()?;
    let (plan, inventory) = plan_now(daemon, desired, &records)?;
    Ok(Look { plan, records, inventory, warnings })
}

/// The same, with the XML of all that is ours.
pub fn look_closely(daemon: &dyn Daemon, desired: &Desired, store: &Store) -> Result<Look, Error> {
    let mut look = look(daemon, desired, store)?;
    for (id, found) in &mut look.inventory.objects {
        if found.xml.is_none() && look.records.contains_key(id) {
            daemon.read(id, found)?;
        }
    }
    Ok(look)
}

fn plan_now(daemon: &dyn Daemon, desired: &Desired, records: &Records) -> Result<(Plan, Inventory), Error> {
    let mut inventory = daemon.list(&types(desired, records))?;
    for id in plan::to_read(desired, records, &inventory) {
        if let Some(found) = inventory.objects.get_mut(&id) {
            daemon.read(&id, found)?;
        }
    }
    Ok((plan::plan(desired, records, &inventory), inventory))
}

/// The types of what is declared, was declared, or uses these. Volumes and snapshots, which take a call for each pool and
/// domain, are looked for only where there is one to look for.
fn types(desired: &Desired, records: &Records) -> BTreeSet<Type> {
    let declared = desired.objects.iter().map(|declared| &declared.id).chain(&desired.absent);
    let recorded = records.keys().filter(|id| desired.types.contains(&id.kind));
    let mut types: BTreeSet<Type> = declared.chain(recorded).map(|id| id.kind).collect();
    types.extend(desired.types.iter().filter(|kind| !matches!(kind, Type::Volume | Type::Snapshot)));
    for (kind, needed) in [
        (Type::Volume, Type::Pool),
        (Type::Pool, Type::Domain),
        (Type::Network, Type::Domain),
        (Type::Snapshot, Type::Domain),
    ] {
        types.extend(types.contains(&kind).then_some(needed));
    }
    types
}

/// Does what has to be done.
pub fn apply(daemon: &dyn Daemon, desired: &Desired, store: &Store, watch: &Watch<'_>) -> Applied {
    let mut applied = Applied::default();
    applied.failure = apply_to(daemon, desired, store, watch, &mut applied).err();
    applied
}

fn apply_to(
    daemon: &dyn Daemon,
    desired: &Desired,
    store: &Store,
    watch: &Watch<'_>,
    applied: &mut Applied,
) -> Result<(), Error> {
    let lock = store.lock(LOCK_LIMIT, |what| watch(Event::Waits(&what)))?;
    let Kept { records, warnings } = store.read()?;
    applied.warnings = warnings;
    let (plan, _) = plan_now(daemon, desired, &records)?;
    if !plan.is_empty() {
        lock.try_to_write(size(&plan))?;
    }
    let mut run = Run { daemon, desired, lock, watch, records, failed: BTreeSet::new() };
    let mut ended = BTreeSet::new();
    let mut entries = VecDeque::from(plan.entries);
    let mut may_look_again = true;
    while let Some(entry) = entries.pop_front() {
        // Pools come before their volumes: what those that run since then hold is known now.
        if entry.verdict == Verdict::Deferred && std::mem::take(&mut may_look_again) {
            let (plan, _) = plan_now(daemon, desired, &run.records)?;
            entries = plan.entries.into_iter().filter(|entry| !ended.contains(&entry.id)).collect();
            continue;
        }
        ended.insert(entry.id.clone());
        let outcome = run.entry(entry);
        watch(Event::Ended(&outcome));
        applied.outcomes.push(outcome);
    }
    Ok(())
}

/// How many bytes of records a plan writes, and some for what is around them.
fn size(plan: &Plan) -> usize {
    let bytes = |step: &Step| if let Action::Remember(record) = &step.action { record.xml.len() * 2 + 4096 } else { 0 };
    plan.entries.iter().flat_map(|entry| &entry.steps).map(bytes).sum()
}

/// A plan that is being done.
struct Run<'a> {
    daemon: &'a dyn Daemon,
    desired: &'a Desired,
    lock: Lock<'a>,
    watch: &'a Watch<'a>,
    records: Records,
    failed: BTreeSet<Id>,
}

impl Run<'_> {
    /// Does what has to be done to an object, up to the first step that fails.
    fn entry(&mut self, entry: Entry) -> Outcome {
        let mut warnings = Vec::new();
        let failure = self.steps(&entry, &mut warnings).err();
        if failure.is_some() {
            self.failed.insert(entry.id.clone());
        }
        Outcome { entry, failure, warnings }
    }

    fn steps(&mut self, entry: &Entry, warnings: &mut Vec<Error>) -> Result<(), Error> {
        if entry.verdict == Verdict::Impossible {
            return Err(Error::input(entry.notes.join("; ")));
        }
        if let Some(whole) = self.failed.iter().find(|failed| is_part_of(&entry.id, failed)) {
            return Err(Error::libvirt(format!("{whole}, which it belongs to, is not as declared")));
        }
        for step in &entry.steps {
            self.check_source(&step.action)?;
        }
        let starts = entry.steps.iter().any(|step| step.action == Action::Start);
        for step in &entry.steps {
            (self.watch)(Event::Step(step));
            match self.check_disks(step, starts).and_then(|()| self.step(step)) {
                Err(error) if step.action.is_live() => warnings.push(error),
                done => done?,
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Error> {
        let id = &step.id;
        match &step.action {
            Action::Remember(record) => {
                self.lock.write(record)?;
                self.records.insert(id.clone(), Record::clone(record));
            }
            Action::Forget => {
                self.lock.remove(id)?;
                self.records.remove(id);
            }
            _ => {
                let mut progress = |done, of| (self.watch)(Event::Written(id, done, of));
                let done = self.daemon.perform(step, &mut progress);
                done.map_err(|error| error.map_text(|text| hide(text, self.secrets(id))))?;
            }
        }
        Ok(())
    }

    /// Says why there is nothing to fill a volume from, before there is a volume.
    fn check_source(&self, action: &Action) -> Result<(), Error> {
        match action {
            Action::Fill { file } => match File::open(file) {
                Ok(_) => Ok(()),
                Err(cause) => Err(Error::file("read", file, cause)),
            },
            Action::CloneVolume { pool, volume, .. } => {
                let source = Id::within(Type::Volume, pool, volume);
                if self.failed.contains(&source) {
                    Err(Error::libvirt(format!("{source}, of which it is a copy, is not as declared")))
                } else {
                    Ok(())
                }
            }
            _ => Ok(()),
        }
    }

    /// Says why a guest does not get a disk that may hold only a part of its content, before one that runs is stopped for it.
    fn check_disks(&self, Step { id, action }: &Step, starts: bool) -> Result<(), Error> {
        let declared = || self.desired.objects.iter().find(|it| it.id == *id).map(|it| &it.root);
        let alone;
        let (what, domain) = match action {
            _ if id.kind != Type::Domain => return Ok(()),
            Action::Start => ("it is not started", declared()),
            Action::Stop(_) if starts => ("it is not restarted", declared()),
            Action::Attach { xml } | Action::Update { xml } => {
                alone = xml::element(&xml.0).map(with);
                ("it does not get the disk", alone.as_ref())
            }
            _ => return Ok(()),
        };
        match domain.and_then(|domain| self.volume_that_failed(domain)) {
            Some(volume) => Err(Error::libvirt(format!("{what}: {volume}, which it uses, is not as declared"))),
            None => Ok(()),
        }
    }

    /// A volume that a domain uses and that may hold only a part of its content.
    fn volume_that_failed(&self, domain: &Element) -> Option<&Id> {
        let declared = |id: &Id| self.desired.objects.iter().find(|declared| declared.id == *id);
        self.failed.iter().filter(|id| id.kind == Type::Volume).find(|volume| {
            let pool = volume.parent.as_deref().unwrap_or_default();
            let folder =
                declared(&Id::new(Type::Pool, pool)).and_then(|pool| child_text(child(&pool.root, "target")?, "path"));
            let path = folder.map(|folder| Path::new(folder).join(&volume.name));
            uses(domain, &Used::Volume(pool, &volume.name, path.as_deref().and_then(Path::to_str)))
        })
    }

    fn secrets(&self, id: &Id) -> &[String] {
        let declared = self.desired.objects.iter().find(|declared| declared.id == *id);
        declared.map(|declared| declared.secrets.as_slice()).unwrap_or_default()
    }
}

/// A domain with that device alone.
fn with(device: Element) -> Element {
    let of = |name: &str, child| Element { name: name.to_owned(), children: vec![child], ..Element::default() };
    of("domain", of("devices", device))
}
