//! Assessing a connection, and executing its plan. An object's error stops that object and what belongs to it, and
//! nothing else.

use crate::able::capabilities::{Answer, Request};
use crate::able::{self, Lack};
use crate::change::size_of;
use crate::declared::{Desired, Hider, InvalidDeclaration, is_part_of};
use crate::doctor::answers::Answers;
use crate::error::{Error, ErrorKind, ErrorMessage};
use crate::failure::{self, Failures};
use crate::guest::Facts;
use crate::image::{ImageSource, Preparation, Workshop};
use crate::inventory::{Inventory, Observed};
use crate::object::{Id, Type};
use crate::paths::Paths;
use crate::plan::dependents::{Dependents, UsedObject, folder, uses_volume};
use crate::plan::{self, Entry, Plan, Verdict};
use crate::snapshot_archive::{DomainArchive, SnapshotArchive};
use crate::state::{Lock, Records, Store, Stored, UnreadableRecord};
use crate::step::{Operation, OriginStep, RecordUpdate, Step};
use nixvirt_schema::engine::secrets::{hide, take};
use nixvirt_schema::engine::xml::Element;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The time limit for waiting for another run on the same connection.
pub const LOCK_LIMIT: Duration = Duration::from_secs(15 * 60);

/// How long a daemon may take to answer a request, unless the user sets another limit.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// A connection to a libvirt daemon.
pub trait Backend {
    /// Lists every object of these types, without definitions.
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error>;

    /// Reads the definitions of a listed object.
    fn read(&self, id: &Id, observed: &mut Observed) -> Result<(), Error>;

    /// Reads the definitions of listed objects. If that fails, it is the error of that object, unless the connection is lost.
    fn read_each(&self, objects: Vec<(&Id, &mut Observed)>) -> Result<(), Error> {
        for (id, observed) in objects {
            let result = self.read(id, observed);
            observed.note(result)?;
        }
        Ok(())
    }

    /// Reads what libvirt forgets when a domain is undefined; None if libvirt has no such domain.
    fn archive(&self, id: &Id) -> Result<Option<DomainArchive>, Error>;

    /// What the daemon reports about itself and its host.
    fn answers(&self) -> Result<Answers, Error>;

    /// What guests of this kind can have on the host.
    fn domain_capabilities(&self, request: &Request) -> Result<Answer, Error>;

    /// What the host is, and which guests it runs: libvirt's `<capabilities>`. None if the driver does not tell.
    fn capabilities(&self) -> Result<Option<Element>, Error>;

    /// The facts about all guests, or about the one of a name. No guest if there is none of that name.
    fn guests(&self, name: Option<&str>) -> Result<Vec<Facts>, Error>;

    /// The answer of a guest's agent to a command, both as JSON.
    fn ask_agent(&self, guest: &str, command: &str) -> Result<String, Error>;

    /// Whether the host offers all features of the CPU that a guest of another host has.
    fn offers_cpu(&self, domain: &Element) -> Result<bool, Error>;

    /// How long a server may be silent.
    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    /// Whether the daemon is on this host, and the paths in definitions are those of this host.
    fn is_local(&self) -> bool;

    /// Performs an operation, unless its result is already there. `progress` is called with the bytes uploaded so far, and
    /// with their total.
    fn execute(&self, id: &Id, operation: &Operation, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error>;
}

/// Connects to a URI.
pub type Connect = fn(&str, Limits) -> Result<Box<dyn Backend>, Error>;

/// How long a connection waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For a daemon that is starting.
    pub wait: Duration,
    /// For an answer of the daemon. Longer limits are in [`Operation::answer_limit`].
    pub timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { wait: Duration::ZERO, timeout: TIMEOUT }
    }
}

/// An event of applying a plan.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another run has locked the connection with this file, and this run waits for it.
    WaitsForLock(&'a Path),
    /// A step of an object begins.
    Step(&'a Id, &'a Step),
    /// So many bytes of so many of the image of a volume are downloaded or unpacked. The total is 0 as long as it is not known.
    Prepared(&'a Id, Preparation, u64, u64),
    /// So many bytes of so many are uploaded into a volume.
    Uploaded(&'a Id, u64, u64),
    /// The steps of an object have ended.
    Ended(&'a Outcome),
}

/// A function that is called when something happens on a connection.
pub type Watch<'a> = dyn Fn(Event<'_>) + 'a;

/// A plan with its input.
#[derive(Debug, Default)]
pub struct Assessment {
    /// The plan.
    pub plan: Plan,
    /// The state records.
    pub records: Records,
    /// The objects in libvirt.
    pub inventory: Inventory,
    /// What the last apply could not do.
    pub failures: Failures,
    /// What the guests of the plan need and their host lacks, if that was asked.
    pub lacks: BTreeMap<Id, Vec<Lack>>,
    /// The state records that could not be read.
    pub unreadable_records: Vec<UnreadableRecord>,
}

/// The outcome of an object.
#[derive(Debug)]
pub struct Outcome {
    /// The plan.
    pub entry: Entry,
    /// The error that stopped its steps.
    pub error: Option<ApplyError>,
    /// The errors because of which changes could not reach the running object. The changes take effect at its next start.
    pub warnings: Vec<ApplyError>,
}

impl Outcome {
    fn has_failed(&self) -> bool {
        self.error.is_some() || self.entry.verdict == Verdict::Error
    }
}

/// The outcome of a connection.
#[derive(Debug, Default)]
pub struct Applied {
    /// The declarations that name no object.
    pub invalid: Vec<InvalidDeclaration>,
    /// The outcome of each object, in the order in which the steps were executed.
    pub outcomes: Vec<Outcome>,
    /// The state records that could not be read.
    pub unreadable_records: Vec<UnreadableRecord>,
    /// The domains that move here from another connection, and the plans of their snapshots. They come after all connections.
    pub moves: Vec<Entry>,
    /// The error that ended the run early.
    pub error: Option<Error>,
}

/// Error that stopped the steps of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ApplyError {
    /// The object that this one belongs to is in error.
    ParentFailed {
        /// The pool of a volume, or the domain of a snapshot.
        parent: Id,
    },
    /// The source volume of the copy has an error.
    SourceFailed {
        /// The volume.
        source: Id,
    },
    /// A volume of the guest is in error, so its content may be incomplete.
    IncompleteVolume {
        /// The volume.
        volume: Id,
        /// Step that would be unsafe.
        prevents: Unsafe,
    },
    /// An object that the moving guest needs here is in error.
    NeededFailed {
        /// The object.
        object: Id,
    },
    /// libvirt or the operating system refused a step.
    Failed(ErrorMessage),
}

/// Step that is unsafe for a guest with a disk whose content may be incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unsafe {
    /// Starting the guest.
    Start,
    /// Restarting the guest.
    Restart,
    /// Attaching the disk to the running guest.
    Attach,
}

impl From<Error> for ApplyError {
    fn from(error: Error) -> Self {
        ApplyError::Failed(error.into())
    }
}

/// Plans what has to be done, without changing anything, and asks whether the host is able to run the guests that change.
pub fn assess(backend: &dyn Backend, desired: &Desired, store: &Store) -> Result<Assessment, Error> {
    let assessment = assess_reading(backend, desired, store, |_| false)?;
    let lacks = able::examine(backend, &desired.objects, &assessment.plan, &assessment.inventory)?;
    Ok(Assessment { lacks, ..assessment })
}

/// The same, from the definitions of all managed objects, so that the plan also has what others changed in objects whose
/// declaration has not changed.
pub fn assess_fully(backend: &dyn Backend, desired: &Desired, store: &Store) -> Result<Assessment, Error> {
    assess_reading(backend, desired, store, |_| true)
}

fn assess_reading(
    backend: &dyn Backend,
    desired: &Desired,
    store: &Store,
    reads: impl Fn(&Id) -> bool,
) -> Result<Assessment, Error> {
    let Stored { records, unreadable, archive } = store.read()?;
    let reads = |id: &Id| records.contains_key(id) && reads(id);
    let (plan, inventory) = plan_now(backend, desired, &records, &archive, reads)?;
    let failures = failure::read(store);
    Ok(Assessment { plan, records, inventory, failures, lacks: BTreeMap::new(), unreadable_records: unreadable })
}

/// Plans what has to be done, from the definitions that have to be compared and those that `reads` names.
fn plan_now(
    backend: &dyn Backend,
    desired: &Desired,
    records: &Records,
    archive: &SnapshotArchive,
    reads: impl Fn(&Id) -> bool,
) -> Result<(Plan, Inventory), Error> {
    let mut inventory = backend.list(&types(desired, records))?;
    let needed = plan::to_read(desired, records, &inventory);
    let hider = Hider::new(desired, records);
    let read = |id: &Id| needed.contains(id) || reads(id);
    backend.read_each(inventory.objects.iter_mut().filter(|(id, _)| read(id)).collect())?;
    inventory.objects.iter_mut().filter(|(id, _)| read(id)).for_each(|(id, observed)| hider.hide(id, observed));
    if backend.is_local() {
        inventory.paths = Paths::read(plan::paths(desired, &inventory));
        plan::mark_silent(desired, &mut inventory);
    }
    Ok((plan::plan(desired, records, &inventory, archive), inventory))
}

/// The types that have to be listed: those of objects that are or were declared, also if the manifest leaves their type alone
/// now, and of their pools and dependents. Volumes and snapshots take a call for each pool and domain, and are listed only if
/// there is one of them.
fn types(desired: &Desired, records: &Records) -> BTreeSet<Type> {
    let declared = desired.objects.iter().map(|declared| &declared.id).chain(&desired.absent);
    let mut types: BTreeSet<Type> = declared.chain(records.keys()).map(|id| id.kind).collect();
    types.extend(desired.types.iter().filter(|kind| !matches!(kind, Type::Volume | Type::Snapshot)));
    for (kind, needed) in [
        (Type::Volume, Type::Pool),
        (Type::Pool, Type::Domain),
        (Type::Network, Type::Domain),
        (Type::Snapshot, Type::Domain),
    ] {
        if types.contains(&kind) {
            types.insert(needed);
        }
    }
    types
}

/// Plans what has to be done, and executes the plan. Domains that move here from another connection are left to `apply_move`.
pub fn apply(backend: &dyn Backend, desired: &Desired, store: &Store, watch: &Watch<'_>) -> Applied {
    let mut applied = Applied::default();
    applied.error = apply_to(backend, desired, store, watch, &mut applied).err();
    applied
}

fn apply_to(
    backend: &dyn Backend,
    desired: &Desired,
    store: &Store,
    watch: &Watch<'_>,
    applied: &mut Applied,
) -> Result<(), Error> {
    let lock = store.lock(LOCK_LIMIT, |path| watch(Event::WaitsForLock(path)))?;
    let Stored { records, unreadable, archive } = store.read()?;
    applied.unreadable_records = unreadable;
    let (plan, _) = plan_now(backend, desired, &records, &archive, |_| false)?;
    if !plan.is_empty() {
        lock.try_to_write(record_size(&plan))?;
    }
    applied.invalid = plan.invalid;
    let mut execution = Execution::new(backend, desired, lock, watch, records);
    let mut ended = BTreeSet::new();
    let mut entries = VecDeque::from(plan.entries);
    let mut may_plan_again = true;
    while let Some(entry) = entries.pop_front() {
        // The pools of deferred volumes have been started by now, and the volumes are known.
        if entry.verdict == Verdict::Deferred && std::mem::take(&mut may_plan_again) {
            let (plan, _) = plan_now(backend, desired, &execution.records, &store.read_archive()?, |_| false)?;
            entries = plan.entries.into_iter().filter(|entry| !ended.contains(&entry.id)).collect();
            continue;
        }
        ended.insert(entry.id.clone());
        if entry.verdict == Verdict::Move || applied.moves.iter().any(|domain| is_part_of(&entry.id, &domain.id)) {
            applied.moves.push(entry);
            continue;
        }
        execution.end(entry, applied);
        if execution.is_disconnected {
            return Err(Error::connection("the connection was lost; the remaining objects were not applied"));
        }
    }
    execution.tidy(&applied.outcomes);
    failure::write(&execution.lock, &failure::read(store), &applied.outcomes)
}

/// A connection that takes part in a move, with its records locked.
pub struct Side<'a> {
    /// The connection.
    pub backend: &'a dyn Backend,
    /// What is declared there.
    pub desired: &'a Desired,
    /// The records.
    pub lock: Lock<'a>,
}

/// Moves a domain from one connection to another, and then applies what is left to do of it and its snapshots. `applied` is the
/// outcome of the connection that the domain moves to, so far.
pub fn apply_move(
    from: Side<'_>,
    to: Side<'_>,
    domain: &Id,
    watch: &Watch<'_>,
    applied: &mut Applied,
) -> Result<(), Error> {
    let records = from.lock.store().read()?.records;
    let origin = Execution::new(from.backend, from.desired, from.lock, watch, records);
    let store = to.lock.store().clone();
    let Stored { records, archive, .. } = store.read()?;
    let mut execution = Execution::new(to.backend, to.desired, to.lock, watch, records);
    execution.failed =
        applied.outcomes.iter().filter(|outcome| outcome.has_failed()).map(|it| it.entry.id.clone()).collect();
    execution.origin = Some(Box::new(origin));
    let is_its = |entry: &Entry| entry.id == *domain || is_part_of(&entry.id, domain);
    let (plan, _) = plan_now(to.backend, to.desired, &execution.records, &archive, |_| false)?;
    for entry in plan.entries.into_iter().filter(|entry| entry.id == *domain) {
        execution.end(entry, applied);
    }
    // What is declared otherwise than it was there is an ordinary change now.
    let mut desired = to.desired.clone();
    if execution.origin.as_ref().is_some_and(|origin| !origin.records.contains_key(&origin_of(to.desired, domain))) {
        desired.moved.here.remove(domain);
    }
    let (plan, _) = plan_now(to.backend, &desired, &execution.records, &archive, |_| false)?;
    for entry in plan.entries.into_iter().filter(is_its) {
        let is_done = entry.id == *domain && (entry.verdict == Verdict::Move || entry.steps.is_empty());
        if !is_done {
            execution.end(entry, applied);
        }
    }
    failure::write(&execution.lock, &failure::read(&store), &applied.outcomes)
}

/// The id of a moving domain on the connection that it moves away from.
fn origin_of(desired: &Desired, domain: &Id) -> Id {
    desired.moved.here.get(domain).map_or_else(|| domain.clone(), |origin| origin.record.id.clone())
}

/// An upper bound for the bytes of the records that a plan saves.
fn record_size(plan: &Plan) -> usize {
    let bytes = |step: &Step| match step {
        Step::Record(RecordUpdate::SaveRecord { record }) => record.xml.len() * 2 + 4096,
        _ => 0,
    };
    plan.entries.iter().flat_map(|entry| &entry.steps).map(bytes).sum()
}

/// A plan that is being executed.
struct Execution<'a> {
    backend: &'a dyn Backend,
    desired: &'a Desired,
    lock: Lock<'a>,
    watch: &'a Watch<'a>,
    records: Records,
    /// The objects in error.
    failed: BTreeSet<Id>,
    /// Whether the daemon can no longer be reached, or does not answer.
    is_disconnected: bool,
    /// The connection that a domain moves away from.
    origin: Option<Box<Execution<'a>>>,
}

impl<'a> Execution<'a> {
    fn new(
        backend: &'a dyn Backend,
        desired: &'a Desired,
        lock: Lock<'a>,
        watch: &'a Watch<'a>,
        records: Records,
    ) -> Self {
        let (failed, is_disconnected) = (BTreeSet::new(), false);
        Execution { backend, desired, lock, watch, records, failed, is_disconnected, origin: None }
    }

    /// Executes the steps of an object, and records the outcome.
    fn end(&mut self, entry: Entry, applied: &mut Applied) {
        let outcome = self.entry(entry);
        (self.watch)(Event::Ended(&outcome));
        applied.outcomes.push(outcome);
    }

    /// Executes the steps of an object, up to the first one that fails.
    fn entry(&mut self, entry: Entry) -> Outcome {
        let mut warnings = Vec::new();
        let error = self.steps(&entry, &mut warnings).err();
        if error.is_some() || entry.verdict == Verdict::Error {
            self.failed.insert(entry.id.clone());
        }
        Outcome { entry, error, warnings }
    }

    fn steps(&mut self, entry: &Entry, warnings: &mut Vec<ApplyError>) -> Result<(), ApplyError> {
        if entry.verdict == Verdict::Error {
            return Ok(());
        }
        if let Some(parent) = self.failed.iter().find(|failed| is_part_of(&entry.id, failed)) {
            return Err(ApplyError::ParentFailed { parent: parent.clone() });
        }
        if entry.verdict == Verdict::Move {
            self.check_needed(entry)?;
        }
        for step in &entry.steps {
            self.check_source(step)?;
        }
        let image = self.prepare(entry)?;
        let result = self.execute(entry, image.as_deref(), warnings);
        if image.is_some() {
            self.workshop(&|_, _, _| ()).forget_unpacked();
        }
        result
    }

    fn execute(
        &mut self,
        entry: &Entry,
        image: Option<&Path>,
        warnings: &mut Vec<ApplyError>,
    ) -> Result<(), ApplyError> {
        let starts = entry.steps.contains(&Step::Libvirt(Operation::Start));
        for step in &entry.steps {
            (self.watch)(Event::Step(&entry.id, step));
            match step {
                Step::Record(update) => self.record(&entry.id, update)?,
                Step::Origin(step) => self.origin(step)?,
                Step::Libvirt(operation) => match self.operate(&entry.id, &with_image(operation, image), starts) {
                    Err(error) if operation.is_live() => warnings.push(error),
                    Err(error) => {
                        if matches!(operation, Operation::CreateVolume { .. }) && !self.is_disconnected {
                            self.forget_creation(&entry.id)?;
                        }
                        return Err(error);
                    }
                    Ok(()) => {}
                },
            }
        }
        Ok(())
    }

    /// Executes a step on the connection that a domain moves away from.
    fn origin(&mut self, OriginStep { object, step, .. }: &OriginStep) -> Result<(), ApplyError> {
        let Some(origin) = &mut self.origin else {
            return Err(Error::internal("a move has no connection to the other host").into());
        };
        match &**step {
            Step::Libvirt(operation) => origin.operate(object, operation, false),
            Step::Record(update) => Ok(origin.record(object, update)?),
            Step::Origin(step) => origin.origin(step),
        }
    }

    /// Checks that what a moving guest uses here is in order, and that its disks are copied into volumes that this program created.
    fn check_needed(&self, entry: &Entry) -> Result<(), ApplyError> {
        let domain = &entry.id;
        let dependents = Dependents::declared(self.desired, &Paths::default());
        let is_used = |id: &&Id| match id.kind {
            Type::Network => dependents.of(&UsedObject::network(&id.name, None)).contains(&domain.name),
            Type::Pool => dependents.of(&UsedObject::pool(&id.name, None)).contains(&domain.name),
            _ => false,
        };
        let is_created = |volume: &Id| self.records.get(volume).is_some_and(|record| record.is_created);
        let unconfirmed = || {
            entry.steps.iter().find_map(|step| match step {
                Step::Libvirt(Operation::CopyVolume { volume, .. } | Operation::PrepareVolume { volume, .. }) => {
                    if is_created(volume) {
                        None
                    } else {
                        Some(volume)
                    }
                }
                _ => None,
            })
        };
        let failed = self.failed.iter().find(is_used).or_else(|| self.failed_volume(self.declared(domain)?));
        match failed.or_else(unconfirmed) {
            Some(object) => Err(ApplyError::NeededFailed { object: object.clone() }),
            None => Ok(()),
        }
    }

    /// The declared definition of an object.
    fn declared(&self, id: &Id) -> Option<&'a Element> {
        self.desired.objects.iter().find(|it| it.id == *id).map(|it| &it.redacted)
    }

    /// Drops the record that was saved before a volume was created, once libvirt has refused to create it. Otherwise a
    /// volume that appears later under this name would count as one that was begun by this run.
    fn forget_creation(&mut self, id: &Id) -> Result<(), Error> {
        if self.records.get(id).is_some_and(|record| record.is_incomplete && !record.is_created) {
            self.record(id, &RecordUpdate::DropRecord { object: id.clone() })?;
        }
        Ok(())
    }

    fn record(&mut self, id: &Id, update: &RecordUpdate) -> Result<(), Error> {
        match update {
            RecordUpdate::SaveRecord { record } => {
                self.lock.write(record)?;
                self.records.insert(record.id.clone(), (**record).clone());
            }
            RecordUpdate::DropRecord { object } => {
                self.lock.remove(object)?;
                self.records.remove(object);
            }
            RecordUpdate::ArchiveSnapshots { uuid } => {
                if let Some(mut content) = self.backend.archive(id)? {
                    Hider::new(self.desired, &self.records).hide_archived(id, uuid, &mut content)?;
                    self.lock.archive(uuid, &content)?;
                }
            }
            RecordUpdate::ConfirmArchive { uuid } => self.lock.confirm_archive(uuid)?,
            RecordUpdate::DropArchive { uuid } => self.lock.drop_archive(uuid)?,
        }
        Ok(())
    }

    fn operate(&mut self, id: &Id, operation: &Operation, starts: bool) -> Result<(), ApplyError> {
        self.check_disks(id, operation, starts)?;
        let mut progress = |done, total| (self.watch)(Event::Uploaded(id, done, total));
        self.backend.execute(id, operation, &mut progress).map_err(|error| {
            self.is_disconnected |= error.kind() == ErrorKind::Connection;
            error.map_text(|text| hide(text, &self.secrets(id, operation))).into()
        })
    }

    /// Prepares the image that a volume is filled with, before the volume is created. Returns the file with its bytes.
    fn prepare(&self, entry: &Entry) -> Result<Option<PathBuf>, Error> {
        let Some(image) = image_of(entry) else { return Ok(None) };
        let declared = self.desired.objects.iter().find(|declared| declared.id == entry.id);
        let capacity = declared.and_then(|declared| size_of(&declared.redacted, "capacity")).unwrap_or_default();
        let progress = |what, done, total| (self.watch)(Event::Prepared(&entry.id, what, done, total));
        self.workshop(&progress).prepare(image, capacity).map(Some)
    }

    fn workshop<'w>(&self, progress: &'w dyn Fn(Preparation, u64, u64)) -> Workshop<'w> {
        Workshop::new(self.lock.store().folder(), self.backend.timeout(), progress)
    }

    /// Removes the downloads that no later run needs.
    fn tidy(&self, outcomes: &[Outcome]) {
        let failed = outcomes.iter().filter(|outcome| outcome.error.is_some());
        let needed = failed.filter_map(|outcome| match image_of(&outcome.entry) {
            Some(ImageSource::Download(download)) => Some(download),
            _ => None,
        });
        self.workshop(&|_, _, _| ()).keep(needed);
    }

    /// Checks that the source of a copy is complete, before the copy is created.
    fn check_source(&self, step: &Step) -> Result<(), ApplyError> {
        match step {
            Step::Libvirt(Operation::CloneVolume { pool, volume, .. }) => {
                let source = Id::within(Type::Volume, pool, volume);
                if self.failed.contains(&source) { Err(ApplyError::SourceFailed { source }) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    /// Checks that the guest gets no disk whose content may be incomplete, before it is stopped for a restart.
    fn check_disks(&self, id: &Id, operation: &Operation, starts: bool) -> Result<(), ApplyError> {
        if id.kind != Type::Domain {
            return Ok(());
        }
        let declared = || self.declared(id);
        let alone;
        let (prevents, domain) = match operation {
            Operation::Start => (Unsafe::Start, declared()),
            Operation::Stop(_) if starts => (Unsafe::Restart, declared()),
            Operation::Attach { device, .. } | Operation::Update { device } => {
                alone = domain_of(&device.0);
                (Unsafe::Attach, Some(&alone))
            }
            _ => return Ok(()),
        };
        match domain.and_then(|domain| self.failed_volume(domain)) {
            Some(volume) => Err(ApplyError::IncompleteVolume { volume: volume.clone(), prevents }),
            None => Ok(()),
        }
    }

    /// A volume in error that a domain uses.
    fn failed_volume(&self, domain: &Element) -> Option<&Id> {
        let declared = |id: &Id| self.desired.objects.iter().find(|declared| declared.id == *id);
        let spelled = Paths::known(BTreeMap::new());
        self.failed.iter().filter(|id| id.kind == Type::Volume).find(|volume| {
            let pool = volume.pool();
            let folder = declared(&pool).and_then(|pool| folder(&pool.redacted));
            let path = folder.map(|folder| Path::new(folder).join(&volume.name));
            uses_volume(domain, &pool.name, &volume.name, path.as_deref().and_then(Path::to_str), &spelled)
        })
    }

    /// The secrets that libvirt may quote: the declared ones, and those that were set by others and are preserved.
    fn secrets(&self, id: &Id, operation: &Operation) -> Vec<String> {
        let declared = self.desired.objects.iter().find(|declared| declared.id == *id);
        let mut secrets = declared.map(|declared| declared.secrets.clone()).unwrap_or_default();
        let filled = declared.into_iter().flat_map(|declared| &declared.filled);
        secrets.extend(filled.map(|filled| filled.full.clone()));
        if let Operation::Define { definition } | Operation::Migrate { persistent: definition, .. } = operation {
            let taken = take(id.kind.kind(), &definition.0.to_string());
            secrets.extend(taken.map(|taken| taken.secrets).unwrap_or_default());
        }
        secrets
    }
}

/// The image that a volume is filled with.
fn image_of(entry: &Entry) -> Option<&ImageSource> {
    entry.steps.iter().find_map(|step| match step {
        Step::Libvirt(Operation::Fill { image }) => Some(image),
        _ => None,
    })
}

/// An operation with the prepared image in place of the declared one.
fn with_image<'o>(operation: &'o Operation, image: Option<&Path>) -> Cow<'o, Operation> {
    match (operation, image) {
        (Operation::Fill { .. }, Some(image)) => {
            Cow::Owned(Operation::Fill { image: ImageSource::File(image.to_owned()) })
        }
        _ => Cow::Borrowed(operation),
    }
}

/// A domain with only this device.
fn domain_of(device: &Element) -> Element {
    let parent = |name: &str, child| Element { name: name.to_owned(), children: vec![child], ..Element::default() };
    parent("domain", parent("devices", device.clone()))
}
