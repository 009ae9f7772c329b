//! `nixvirt plan`, `apply`, `status`, `adopt` and `forget`: the commands on a manifest.

mod moved;

use super::manifest_file;
use crate::cli::{CHANGES, MAX_SECONDS, number, of_report};
use crate::commands::guest::names;
use crate::declared::{self, Desired};
use crate::error::Error;
use crate::input::Input;
use crate::manifest::{self, Manifest};
use crate::message;
use crate::object::{Id, Type};
use crate::output::{print, print_in_color, print_json};
use crate::progress::Progress;
use crate::reconcile::{self, Assessment, Backend, Connect, LOCK_LIMIT, Limits, TIMEOUT};
use crate::report::{self, Report, Status, StatusConnection, Tense};
use crate::state::{Lock, Record, StateDirectory, Store, UnreadableRecord};
use crate::terminal::escaped;
use crate::uri;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use clap_complete::ArgValueCompleter;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The manifest that the modules install.
pub const DEFAULT_MANIFEST: &str = "/etc/nixvirt/manifest.json";

/// Options of all commands on a manifest.
#[derive(Debug, Args)]
#[command(next_help_heading = "Manifest and connection")]
pub struct Options {
    /// Manifest: a JSON file, or - for standard input.
    #[arg(long, value_name = "FILE", default_value = DEFAULT_MANIFEST, value_hint = ValueHint::FilePath)]
    manifest: PathBuf,
    /// Use only this connection, such as qemu:///system.
    ///
    /// With this option, the manifest can also be one of NixVirt 0.6: a JSON object with
    /// `domains`, `networks` and `pools`.
    #[arg(long, value_name = "URI", value_parser = uri::parse)]
    connect: Option<String>,
    /// Use only the connections to this host, such as alpha for qemu+ssh://root@alpha/system. May be repeated.
    #[arg(long, value_name = "HOST", conflicts_with = "connect")]
    on: Vec<String>,
    /// Number of connections to work on at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 32, value_parser = number(1, u16::MAX))]
    jobs: u16,
    /// Directory for state records [default: /var/lib/nixvirt for root, else $XDG_STATE_HOME/nixvirt or
    /// ~/.local/state/nixvirt].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    state: Option<PathBuf>,
    /// Seconds to wait for a libvirt daemon that is starting.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = number(0, MAX_SECONDS))]
    wait: u64,
    /// Seconds to wait for the libvirt daemon to answer a request.
    ///
    /// If a request gets no answer, an error is reported for its object. Starting a guest and taking a snapshot may take ten times as
    /// long. Copying the content of a volume has no limit as long as the daemon responds.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT.as_secs(), value_parser = number(1, MAX_SECONDS))]
    timeout: u64,
    /// Also show unchanged objects, and each step as it runs.
    #[arg(short, long, help_heading = "Output")]
    verbose: bool,
}

/// The format of a report.
#[derive(Debug, Args)]
pub struct ReportFormat {
    /// Print the report as JSON. `nixvirt schema plan` prints the JSON Schema for `plan` and `apply`, and
    /// `nixvirt schema status` the one for `status`.
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// How many snapshots `--snapshot` keeps of a domain that does not say so.
const KEPT: u16 = 3;

/// How much a plan does beside what is declared.
#[derive(Debug, Args)]
pub struct Extent {
    /// Take a snapshot of each guest before its definition changes, for `nixvirt rollback`.
    ///
    /// The three newest of these snapshots are kept for each guest, or the number in `rollbackSnapshots`. If libvirt cannot take
    /// a snapshot of a guest, the guest is not changed, and an error is reported.
    #[arg(long)]
    snapshot: bool,
    /// Also undo drift in these objects: what others changed since the last apply.
    ///
    /// The objects are defined again as they are declared. A running guest gets the changes live where libvirt can make
    /// them. Devices that others attached only to the running guest, and not to its definition, are removed. Without this
    /// option, drift stays until the declaration changes.
    #[arg(long, value_name = "NAME", num_args = 1.., add = ArgValueCompleter::new(names::declared))]
    reset: Vec<String>,
}

impl Extent {
    /// Marks the objects of which a snapshot is taken, and those whose drift is undone.
    ///
    /// # Errors
    /// No connection declares an object of a name.
    fn mark(&self, jobs: &mut [Job<'_>]) -> Result<(), Error> {
        for declared in jobs.iter_mut().flat_map(|job| &mut job.desired.objects) {
            let kept = &mut declared.policy.rollback_snapshots;
            if self.snapshot && *kept == 0 {
                *kept = KEPT;
            }
        }
        for name in &self.reset {
            let mut is_declared = false;
            let jobs = jobs.iter_mut().filter(|job| !job.is_left_alone);
            for Desired { objects, reset, .. } in jobs.map(|job| &mut job.desired) {
                let ids = objects.iter().map(|declared| &declared.id);
                let named: Vec<_> = ids.filter(|id| is_named(id, name)).cloned().collect();
                is_declared |= !named.is_empty();
                reset.extend(named);
            }
            if !is_declared {
                let hint = "`nixvirt status` lists the declared objects";
                return Err(Error::usage(format!("no object {name:?} is declared")).with_hint(hint));
            }
        }
        Ok(())
    }
}

/// Whether an object has a name of the command line: POOL/NAME for a volume.
fn is_named(id: &Id, name: &str) -> bool {
    match &id.parent {
        Some(parent) => name.split_once('/') == Some((parent.as_str(), id.name.as_str())),
        None => name == id.name,
    }
}

/// The names that `--reset` takes: those of the declared objects of a manifest.
pub fn names_to_reset(manifest: &Path) -> Result<Vec<String>, Error> {
    let connections = manifest_file::read(manifest, None)?.0.connections;
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let desired = connections.values().map(|connection| declared::read(connection, folder, ""));
    let ids = desired.flat_map(|desired| desired.objects).map(|declared| declared.id);
    Ok(ids.map(|id| id.parent.iter().map(|parent| format!("{parent}/")).collect::<String>() + &id.name).collect())
}

/// Objects of a connection.
#[derive(Debug, Args)]
pub struct Objects {
    /// Type of the objects.
    #[arg(value_name = "TYPE", value_parser = object_type())]
    kind: Type,
    /// Names of the objects: POOL/NAME for a volume, DOMAIN/NAME for a snapshot.
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
}

fn object_type() -> impl TypedValueParser<Value = Type> {
    let named = |name: String| Type::ALL.into_iter().find(|kind| kind.name() == name).ok_or("unknown type");
    PossibleValuesParser::new(Type::ALL.map(Type::name)).try_map(named)
}

impl Objects {
    fn ids(&self) -> Result<Vec<Id>, Error> {
        let id = |name: &String| match (self.kind, name.split_once('/')) {
            (Type::Volume | Type::Snapshot, Some((parent, name))) => Ok(Id::within(self.kind, parent, name)),
            (Type::Volume, None) => {
                Err(Error::usage(format!("volume {name:?} has no pool")).with_hint(format!("name it as POOL/{name}")))
            }
            (Type::Snapshot, None) => {
                Err(Error::usage(format!("snapshot {name:?} has no domain"))
                    .with_hint(format!("name it as DOMAIN/{name}")))
            }
            _ => Ok(Id::new(self.kind, name)),
        };
        self.names.iter().map(id).collect()
    }
}

/// Shows what `apply` would change.
pub fn plan(
    options: &Options,
    format: &ReportFormat,
    extent: &Extent,
    with_diff: bool,
    detailed_exitcode: bool,
    connect: Connect,
) -> Result<ExitCode, Error> {
    let run = Run::new(options)?;
    let mut jobs = run.jobs();
    extent.mark(&mut jobs)?;
    moved::mark(run.at_once, &mut jobs, connect);
    let connections = on_each(run.at_once, &jobs, |job| {
        let declared = || job.desired.objects.iter().map(|it| (it.id.clone(), it.shown.clone())).collect();
        let declared: Option<BTreeMap<_, _>> = if with_diff { Some(declared()) } else { None };
        let assessment = job.assess(connect, reconcile::assess);
        assessment.map_or_else(report::ReportConnection::failed, |assessment| {
            report::ReportConnection::planned(assessment, declared.as_ref())
        })
    });
    let report = Report::new(connections);
    show(format, &report, report.unreadable_records(), || report.text(Tense::Planned, options.verbose))?;
    Ok(if detailed_exitcode && report.has_changes() && !report.has_errors() {
        ExitCode::from(CHANGES)
    } else {
        of_report(report.has_failed_connection(), report.has_errors())
    })
}

/// Brings libvirt in line with the manifest.
pub fn apply(options: &Options, format: &ReportFormat, extent: &Extent, connect: Connect) -> Result<ExitCode, Error> {
    let run = Run::new(options)?;
    let mut jobs = run.jobs();
    extent.mark(&mut jobs)?;
    let moves = moved::mark(run.at_once, &mut jobs, connect);
    let mut applied = on_each(run.at_once, &jobs, |job| {
        job.connect(connect).map(|backend| {
            let watch = job.progress.watch(job.uri, job.limits.timeout);
            reconcile::apply(&*backend, &job.desired, &job.store, &watch)
        })
    });
    moved::execute(&moves, &mut jobs, connect, &mut applied);
    let reported = |applied: Result<_, _>| {
        applied.map_or_else(report::ReportConnection::failed, report::ReportConnection::applied)
    };
    let connections = applied.into_iter().map(|(uri, applied)| (uri, reported(applied))).collect();
    let report = Report::new(connections);
    show(format, &report, report.unreadable_records(), || report.text(Tense::Done, options.verbose))?;
    Ok(of_report(report.has_failed_connection(), report.has_errors()))
}

/// Shows the state of declared and managed objects.
pub fn status(
    options: &Options,
    format: &ReportFormat,
    with_exit_code: bool,
    connect: Connect,
) -> Result<ExitCode, Error> {
    let run = Run::new(options)?;
    let mut jobs = run.jobs();
    moved::mark(run.at_once, &mut jobs, connect);
    let connections = on_each(run.at_once, &jobs, |job| {
        let assessment = job.assess(connect, reconcile::assess_fully);
        assessment.map_or_else(StatusConnection::failed, StatusConnection::of)
    });
    let status = Status::new(connections);
    show(format, &status, status.unreadable_records(), || status.text())?;
    Ok(if with_exit_code && !status.is_in_sync() && !status.has_errors() {
        ExitCode::from(CHANGES)
    } else {
        of_report(status.has_failed_connection(), status.has_errors())
    })
}

/// Starts managing existing objects.
pub fn adopt(options: &Options, objects: &Objects, connect: Connect) -> Result<ExitCode, Error> {
    let ids = objects.ids()?;
    let run = Run::new(options)?;
    let job = run.only()?;
    let inventory = job.connect(connect)?.list(&BTreeSet::from([objects.kind]))?;
    let lock = lock(&job.store, &run.progress)?;
    let records = job.store.read()?.records;
    each(&ids, |id| {
        let found = inventory.get(id).ok_or_else(|| Error::usage(format!("there is no {id} at {}", job.uri)))?;
        if !job.declares(id) {
            let hint = match id.kind {
                Type::Domain => format!("declare it first: `nixvirt import {}/{}` prints its spec", job.uri, id.name),
                _ => "declare it first".to_owned(),
            };
            let what = format!("{id} is not declared, so the next apply would remove it");
            return Err(Error::usage(what).with_hint(hint));
        }
        let is_same = |record: &Record| record.uuid.is_none() || found.uuid.is_none() || record.uuid == found.uuid;
        if records.get(id).is_some_and(is_same) {
            return Ok(format!("{id} is already managed"));
        }
        lock.write(&Record { uuid: found.uuid.clone(), ..Record::new(id.clone()) })?;
        Ok(format!("{id} is now managed"))
    })
}

/// Stops managing objects.
pub fn forget(options: &Options, objects: &Objects) -> Result<ExitCode, Error> {
    let ids = objects.ids()?;
    let run = Run::new(options);
    let job = match (&run, &options.connect) {
        (Ok(run), _) => Some(run.only()?),
        // If the connection is named, the manifest may be missing.
        (Err(_), Some(_)) => None,
        (Err(_), None) => {
            let hint = "without a manifest, name the connection with --connect";
            return run.map(|_| ExitCode::SUCCESS).map_err(|error| error.with_hint(hint));
        }
    };
    let uri = job.as_ref().map(|job| job.uri).or(options.connect.as_deref()).unwrap_or_default();
    let store = StateDirectory::new(options.state.clone())?.of(uri);
    let lock = lock(&store, &Progress::new(options.verbose))?;
    each(&ids, |id| {
        if !lock.remove(id)? {
            return Err(Error::usage(format!("{id} is not managed")));
        }
        Ok(if job.as_ref().is_some_and(|job| job.declares(id)) {
            format!("{id} is no longer managed; it is still declared, so the next apply adopts it again")
        } else {
            format!("{id} is no longer managed")
        })
    })
}

fn lock<'s>(store: &'s Store, progress: &Progress) -> Result<Lock<'s>, Error> {
    store.lock(LOCK_LIMIT, |path| progress.say(&report::waits_for_lock(path)))
}

/// Calls a function for each object and prints its result. An error of one object does not stop the others.
fn each(ids: &[Id], mut act: impl FnMut(&Id) -> Result<String, Error>) -> Result<ExitCode, Error> {
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        match act(id) {
            Ok(said) => print(&(escaped(&said) + "\n"))?,
            Err(error) => {
                message::error(&error);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// Prints a report.
fn show<'r>(
    format: &ReportFormat,
    printed: &impl Serialize,
    unreadable: impl Iterator<Item = &'r UnreadableRecord>,
    text: impl Fn() -> String,
) -> Result<(), Error> {
    if format.json {
        return print_json(printed);
    }
    unreadable.for_each(|record| message::warning(report::record_warning(record)));
    print_in_color(&text())
}

/// A run of a command on a manifest.
struct Run {
    manifest: Manifest,
    /// The connections of the manifest that the command does not work on.
    others: BTreeMap<String, manifest::Declarations>,
    /// The folder that paths in the manifest are relative to.
    folder: PathBuf,
    state: StateDirectory,
    owner: String,
    limits: Limits,
    /// How many connections are worked on at the same time.
    at_once: usize,
    progress: Progress,
}

/// The part of a run that concerns one connection.
struct Job<'r> {
    uri: &'r str,
    /// Whether the command neither asks nor changes the connection.
    is_left_alone: bool,
    desired: Desired,
    store: Store,
    limits: Limits,
    progress: &'r Progress,
}

impl Run {
    fn new(options: &Options) -> Result<Self, Error> {
        let file = options.manifest.as_path();
        let (mut manifest, Input { name, text }) = manifest_file::read(file, options.connect.as_deref())?;
        manifest.keep_hosts(&options.on)?;
        // A file of NixVirt 0.6 has no other connections.
        let is_part = options.connect.is_some() || !options.on.is_empty();
        let whole = if is_part { manifest::read(&text, &name, None).ok() } else { None };
        let mut others = whole.map(|whole| whole.connections).unwrap_or_default();
        others.retain(|uri, _| !manifest.connections.contains_key(uri));
        let state = StateDirectory::new(options.state.clone())?;
        let host = rustix::system::uname();
        Ok(Run {
            manifest,
            others,
            folder: file.parent().map(Path::to_owned).unwrap_or_default(),
            owner: format!("{}:{}", host.nodename().to_string_lossy(), state.folder().display()),
            state,
            limits: Limits { wait: Duration::from_secs(options.wait), timeout: Duration::from_secs(options.timeout) },
            at_once: options.jobs.into(),
            progress: Progress::new(options.verbose),
        })
    }

    fn job<'r>(&'r self, uri: &'r str, connection: &manifest::Declarations) -> Job<'r> {
        let desired = declared::read(connection, &self.folder, &self.owner);
        let is_left_alone = self.others.contains_key(uri);
        Job { uri, desired, is_left_alone, store: self.state.of(uri), limits: self.limits, progress: &self.progress }
    }

    /// The parts of all connections, whose declarations are read. The parts of connections that the command does not work on tell
    /// which domains have moved.
    fn jobs(&self) -> Vec<Job<'_>> {
        let connections = self.manifest.connections.iter().chain(&self.others);
        at_the_same_time(self.at_once, connections, |(uri, connection)| self.job(uri, connection))
    }

    /// The one connection of the manifest.
    fn only(&self) -> Result<Job<'_>, Error> {
        let mut connections = self.manifest.connections.iter();
        match (connections.next(), connections.next()) {
            (Some((uri, connection)), None) => Ok(self.job(uri, connection)),
            (None, _) => Err(Error::input("the manifest has no connection")),
            _ => Err(Error::usage("the manifest has several connections").with_hint("choose one with --connect")),
        }
    }
}

/// Calls a function for the part of each connection, for so many at the same time.
fn on_each<T: Send>(at_once: usize, jobs: &[Job<'_>], act: impl Fn(&Job<'_>) -> T + Sync) -> BTreeMap<String, T> {
    let jobs = jobs.iter().filter(|job| !job.is_left_alone);
    at_the_same_time(at_once, jobs, |job| (job.uri.to_owned(), act(job))).into_iter().collect()
}

/// Calls a function for each input, for so many at the same time.
pub fn at_the_same_time<I: Send, T: Send>(
    at_once: usize,
    inputs: impl IntoIterator<Item = I>,
    act: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let inputs: Vec<_> = inputs.into_iter().collect();
    let threads = at_once.min(inputs.len());
    let waiting = Mutex::new(inputs.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || iter::from_fn(next).map(&act).collect::<Vec<_>>();
    thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = started.into_iter().map(|thread| thread.join());
        ended.flat_map(|end| end.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

impl Job<'_> {
    fn connect(&self, connect: Connect) -> Result<Box<dyn Backend>, Error> {
        let connecting = format!("{}: connecting", self.uri);
        let limit = self.limits.wait.max(self.limits.timeout);
        self.progress.during(connecting, Some(limit), || connect(self.uri, self.limits))
    }

    fn assess(
        &self,
        connect: Connect,
        assess: impl Fn(&dyn Backend, &Desired, &Store) -> Result<Assessment, Error>,
    ) -> Result<Assessment, Error> {
        let backend = self.connect(connect)?;
        let reading = format!("{}: reading objects", self.uri);
        self.progress.during(reading, None, || assess(&*backend, &self.desired, &self.store))
    }

    fn declares(&self, id: &Id) -> bool {
        self.desired.objects.iter().any(|declared| declared.id == *id)
    }
}
