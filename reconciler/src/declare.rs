//! `nixvirt plan`, `apply`, `status`, `adopt` and `forget`: the commands on what a manifest declares.

mod screen;

use crate::cli::{print, print_in_color};
use crate::declared::{self, Desired};
use crate::error::Error;
use crate::input::Input;
use crate::manifest::{self, Manifest};
use crate::message;
use crate::object::{Id, Type};
use crate::reconcile::{self, Backend, Connect, LOCK_LIMIT};
use crate::report::{self, Report, Status, StatusConnection, Tense};
use crate::state::{Record, StateDirectory, Store, UnreadableRecord};
use clap::Args;
use screen::Screen;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// What all these commands are told.
#[derive(Debug, Args)]
pub struct Options {
    /// The manifest: a JSON file that says what is declared, or - for standard input.
    #[arg(long, value_name = "FILE", default_value = "/etc/nixvirt/manifest.json")]
    manifest: PathBuf,
    /// Take this connection alone, as in qemu:///system.
    ///
    /// The manifest may then also be what NixVirt's module writes: one object with `domains`, `networks` and `pools`.
    #[arg(long, value_name = "URI")]
    connect: Option<String>,
    /// Where it is noted what was applied. Default: /var/lib/nixvirt for root, else $XDG_STATE_HOME/nixvirt, which is
    /// ~/.local/state/nixvirt where that is not set.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// How many seconds to wait for a daemon that does not answer because it is starting.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    wait: u64,
    /// Say more: of each object and, while things are done, of each step.
    #[arg(short, long)]
    verbose: bool,
}

/// How something is told.
#[derive(Debug, Args)]
pub struct Format {
    /// Print JSON instead, as `nixvirt schema` describes it.
    #[arg(long)]
    json: bool,
}

/// Objects of a connection.
#[derive(Debug, Args)]
pub struct Objects {
    /// The type of the objects.
    #[arg(value_name = "TYPE", value_parser = kind, help = format!("The type of the objects: {}", type_names()))]
    kind: Type,
    /// Their names; POOL/NAME for a volume, DOMAIN/NAME for a snapshot.
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
}

fn type_names() -> String {
    Type::ALL.map(Type::name).join(", ")
}

fn kind(name: &str) -> Result<Type, String> {
    let found = Type::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| format!("expected one of {}", type_names()))
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

/// Says what `apply` would do, and does nothing.
pub fn plan(options: &Options, format: &Format, with_diff: bool, connect: Connect) -> Result<ExitCode, Error> {
    let run = Run::new(options)?;
    let connections = run.on_each(|job| {
        let assessment =
            job.connect(connect).and_then(|backend| reconcile::assess(&*backend, &job.desired, &job.store));
        let declared = || job.desired.objects.iter().map(|it| (it.id.clone(), it.shown.clone())).collect();
        let declared: Option<BTreeMap<_, _>> = if with_diff { Some(declared()) } else { None };
        assessment.map_or_else(report::Connection::failed, |assessment| {
            report::Connection::planned(assessment, declared.as_ref())
        })
    });
    let report = Report::new(connections);
    show(format, &report, report.unreadable_records(), || report.text(Tense::Planned, options.verbose))?;
    Ok(match (report.has_errors(), report.has_changes()) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(2),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// Makes libvirt as it is declared.
pub fn apply(options: &Options, format: &Format, connect: Connect) -> Result<ExitCode, Error> {
    let run = Run::new(options)?;
    let screen = Screen::new(options.verbose);
    let connections = run.on_each(|job| {
        let watch = screen.watch(job.uri);
        let applied = job.connect(connect).map(|backend| reconcile::apply(&*backend, &job.desired, &job.store, &watch));
        applied.map_or_else(report::Connection::failed, report::Connection::applied)
    });
    let report = Report::new(connections);
    show(format, &report, report.unreadable_records(), || report.text(Tense::Done, options.verbose))?;
    Ok(if report.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Says how the objects stand that are declared or ours.
pub fn status(options: &Options, format: &Format, connect: Connect) -> Result<ExitCode, Error> {
    let run = Run::new(options)?;
    let connections = run.on_each(|job| {
        let assessment =
            job.connect(connect).and_then(|backend| reconcile::assess_fully(&*backend, &job.desired, &job.store));
        assessment.map_or_else(StatusConnection::failed, StatusConnection::of)
    });
    let status = Status::new(connections);
    show(format, &status, status.unreadable_records(), || status.text())?;
    Ok(if status.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Takes over objects that exist.
pub fn adopt(options: &Options, objects: &Objects, connect: Connect) -> Result<ExitCode, Error> {
    let ids = objects.ids()?;
    let run = Run::new(options)?;
    let job = run.only()?;
    let inventory = job.connect(connect)?.list(&BTreeSet::from([objects.kind]))?;
    let lock = job.store.lock(LOCK_LIMIT, |path| message::warning(report::waits_for_lock(path)))?;
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
        if records.contains_key(id) {
            return Ok(format!("{id} is ours already"));
        }
        lock.write(&Record { uuid: found.uuid.clone(), ..Record::new(id.clone()) })?;
        Ok(format!("{id} is ours now"))
    })
}

/// Gives objects up, and leaves them as they are.
pub fn forget(options: &Options, objects: &Objects) -> Result<ExitCode, Error> {
    let ids = objects.ids()?;
    let run = Run::new(options);
    // A connection that is named needs no manifest.
    let job = match (&run, &options.connect) {
        (Ok(run), _) => Some(run.only()?),
        (Err(_), Some(_)) => None,
        (Err(_), None) => {
            let hint = "without a manifest, name the connection with --connect";
            return run.map(|_| ExitCode::SUCCESS).map_err(|error| error.with_hint(hint));
        }
    };
    let uri = job.as_ref().map(|job| job.uri).or(options.connect.as_deref()).unwrap_or_default();
    let store = StateDirectory::new(options.state.clone())?.of(uri);
    let lock = store.lock(LOCK_LIMIT, |path| message::warning(report::waits_for_lock(path)))?;
    each(&ids, |id| {
        if !lock.remove(id)? {
            return Err(Error::usage(format!("{id} is not managed")));
        }
        let is_declared = job.as_ref().is_some_and(|job| job.declares(id));
        let again = if is_declared { "; it is still declared, and `nixvirt apply` takes it over again" } else { "" };
        Ok(format!("{id} is no longer ours{again}"))
    })
}

/// Does something with each object, says what came of it, and goes on where it fails.
fn each(ids: &[Id], mut act: impl FnMut(&Id) -> Result<String, Error>) -> Result<ExitCode, Error> {
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        match act(id) {
            Ok(said) => drop(print(&(said + "\n"))?),
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
    format: &Format,
    printed: &impl Serialize,
    unreadable: impl Iterator<Item = &'r UnreadableRecord>,
    text: impl Fn() -> String,
) -> Result<(), Error> {
    let text = if format.json {
        serde_json::to_string_pretty(printed)? + "\n"
    } else {
        unreadable.for_each(|record| message::warning(report::record_warning(record)));
        text()
    };
    print_in_color(&text).map(drop)
}

/// A manifest, and where things are.
struct Run {
    manifest: Manifest,
    /// What paths in the manifest are relative to.
    folder: PathBuf,
    state: StateDirectory,
    owner: String,
    wait: Duration,
}

/// A connection, and what is wanted of it.
struct Job<'r> {
    uri: &'r str,
    desired: Desired,
    store: Store,
    wait: Duration,
}

impl Run {
    fn new(options: &Options) -> Result<Self, Error> {
        let file = options.manifest.as_path();
        let Input { name, text } = Input::read(file)?;
        let manifest = manifest::read(&text, &name, options.connect.as_deref())?;
        let state = StateDirectory::new(options.state.clone())?;
        let host = rustix::system::uname();
        Ok(Run {
            manifest,
            folder: file.parent().map(Path::to_owned).unwrap_or_default(),
            owner: format!("{}:{}", host.nodename().to_string_lossy(), state.folder().display()),
            state,
            wait: Duration::from_secs(options.wait),
        })
    }

    fn job<'r>(&'r self, uri: &'r str, connection: &manifest::Connection) -> Job<'r> {
        let desired = declared::read(connection, &self.folder, &self.owner);
        Job { uri, desired, store: self.state.of(uri), wait: self.wait }
    }

    /// Does the same for all connections side by side: none waits for another.
    fn on_each<T: Send>(&self, act: impl Fn(&Job<'_>) -> T + Sync) -> BTreeMap<String, T> {
        let act = &act;
        thread::scope(|scope| {
            let mut started = Vec::new();
            for (uri, connection) in &self.manifest.connections {
                started.push((uri.clone(), scope.spawn(move || act(&self.job(uri, connection)))));
            }
            let ended = started.into_iter().map(|(uri, thread)| (uri, thread.join()));
            ended.map(|(uri, end)| (uri, end.unwrap_or_else(|panic| resume_unwind(panic)))).collect()
        })
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

impl Job<'_> {
    fn connect(&self, connect: Connect) -> Result<Box<dyn Backend>, Error> {
        connect(self.uri, self.wait, Some(self.store.folder().join("kept")))
    }

    fn declares(&self, id: &Id) -> bool {
        self.desired.objects.iter().any(|declared| declared.id == *id)
    }
}
