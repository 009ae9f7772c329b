//! `virtdeclare`: defines, starts and stops one object, with the options of NixVirt's (Nix and Python) command of that name.

use crate::error::Error;
use crate::{Connection, Key, Object};
use clap::{ArgGroup, Parser, ValueEnum, ValueHint};
use nixvirt::cli::MAX_SECONDS;
use nixvirt::object::{Id, Type, name_of, uuid_of};
use nixvirt::plan::complete;
use nixvirt::progress::Progress;
use nixvirt::report;
use nixvirt::step::Shutdown;
use nixvirt_schema::engine::secrets::{hide, take};
use nixvirt_schema::engine::xml::{self, Element};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Define, start or stop one domain, network or pool.
///
/// This command keeps the name and the options that it has in NixVirt (Nix and Python). `nixvirt apply` brings all objects in
/// line with a manifest.
///
/// A new definition never stops an object. A running object gets the definition at the next start. Values that libvirt chose,
/// such as hardware addresses, are kept. A guest is stopped by a shutdown. If the guest does not shut down in time, that is an
/// error, and the guest keeps running.
#[derive(Debug, Parser)]
#[command(name = "virtdeclare", version, after_help = EXAMPLES, group = ArgGroup::new("which").required(true).args(["define", "uuid", "name"]))]
pub struct Virtdeclare {
    /// URI of the libvirt daemon, such as qemu:///system.
    #[arg(long, value_name = "URI")]
    connect: String,
    /// Type of the object.
    #[arg(long = "type", value_enum)]
    kind: DeclaredKind,
    /// XML file with the definition of the object.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    define: Option<PathBuf>,
    /// UUID of an existing object.
    #[arg(long, value_name = "ID")]
    uuid: Option<String>,
    /// Name of an existing object.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// State of the object. Kept if omitted.
    #[arg(long, value_enum)]
    state: Option<State>,
    /// When to restart an object that is running, with --state active.
    #[arg(long, value_enum, default_value = "never")]
    restart: Restart,
    /// Also start the object when the host boots, with --state active, or not, with --state inactive.
    #[arg(long)]
    auto: bool,
    /// Seconds to wait for a guest to shut down.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(..=MAX_SECONDS))]
    timeout: u64,
    /// Show each step as it runs.
    #[arg(short, long)]
    verbose: bool,
}

const EXAMPLES: &str = "Examples:
  # Define a network, and start it now and when the host boots
  virtdeclare --connect qemu:///system --type network --define lan.xml --state active --auto
  # Stop a domain
  virtdeclare --connect qemu:///system --type domain --name web --state inactive";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DeclaredKind {
    Domain,
    Network,
    Pool,
}

impl From<DeclaredKind> for Type {
    fn from(kind: DeclaredKind) -> Self {
        match kind {
            DeclaredKind::Domain => Type::Domain,
            DeclaredKind::Network => Type::Network,
            DeclaredKind::Pool => Type::Pool,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum State {
    Active,
    Inactive,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Restart {
    Always,
    Never,
    #[value(name = "ifchanged")]
    IfChanged,
}

impl Virtdeclare {
    /// Runs the command.
    pub fn run(self) -> Result<(), Error> {
        let kind = Type::from(self.kind);
        let connection = Connection::open(&self.connect, Duration::ZERO)?;
        let (object, has_changed) = match &self.define {
            Some(path) => self.define(&connection, kind, path)?,
            None => (self.existing(&connection, kind)?, false),
        };
        let name = object.name()?;
        self.settle(&object, has_changed).map_err(|error| error.context(format!("{kind} {name:?}")))
    }

    fn existing(&self, connection: &Connection, kind: Type) -> Result<Object, Error> {
        let key = match (&self.uuid, &self.name) {
            (Some(uuid), _) => Key::Uuid(uuid),
            (_, name) => Key::Name(name.as_deref().unwrap_or_default()),
        };
        let found = connection.find(kind, &key)?;
        found.ok_or_else(|| Error::usage(format!("there is no {kind} {key} at {}", self.connect)))
    }

    /// Defines the object of a file. Returns whether that changed the definition in libvirt.
    fn define(&self, connection: &Connection, kind: Type, path: &Path) -> Result<(Object, bool), Error> {
        let shown = path.display();
        let fail = |error: Error| error.context(shown.to_string());
        let text = std::fs::read_to_string(path).map_err(|cause| Error::file("read", path, cause))?;
        let root = root(&text, kind).map_err(fail)?;
        let (uuid, name) = (uuid_of(&root), name_of(kind, &root));
        let key = uuid.as_deref().map(Key::Uuid).or(name.as_deref().map(Key::Name));
        let existing = key.map(|key| connection.find(kind, &key)).transpose().map_err(fail)?.flatten();
        let before = existing.as_ref().map(Object::xml).transpose().map_err(fail)?;
        let found = existing.map(|object| connection.observe(&object)).transpose().map_err(fail)?;
        let id = Id::new(kind, name.as_deref().unwrap_or_default());
        let wanted = complete(&root, found.as_ref()).map_err(|reason| fail(report::refusal(&reason, &id)))?.to_string();
        let secrets = take(kind.kind(), &text).map(|taken| taken.secrets).unwrap_or_default();
        let defined = connection.define(kind, &wanted);
        let object = defined.map_err(|error| fail(error.map_text(|text| hide(text, &secrets))))?;
        let after = object.xml().map_err(fail)?;
        let has_changed = before.as_deref() != Some(&after);
        self.say(&if has_changed { format!("{shown}: defined") } else { format!("{shown}: unchanged") });
        Ok((object, has_changed))
    }

    /// Starts, stops or restarts the object.
    fn settle(&self, object: &Object, has_changed: bool) -> Result<(), Error> {
        if let (true, Some(state)) = (self.auto, self.state) {
            object.set_autostart(state == State::Active)?;
        }
        let is_active = object.is_active()?;
        let restart = match self.restart {
            Restart::Always => true,
            Restart::Never => false,
            Restart::IfChanged => has_changed,
        };
        match self.state {
            Some(State::Active) if is_active && restart => {
                self.stop(object)?;
                self.start(object)
            }
            Some(State::Active) if !is_active => self.start(object),
            Some(State::Inactive) if is_active => self.stop(object),
            _ => Ok(()),
        }
    }

    fn start(&self, object: &Object) -> Result<(), Error> {
        self.say("starting");
        object.start()
    }

    /// Stops the object and waits until it has stopped.
    fn stop(&self, object: &Object) -> Result<(), Error> {
        self.say("stopping");
        let limit = Duration::from_secs(self.timeout);
        let how = Shutdown { timeout: self.timeout, force: false };
        let waiting = "waiting for the object to stop".to_owned();
        Progress::new(self.verbose).during(waiting, Some(limit), || object.stop(how))
    }

    fn say(&self, what: &str) {
        if self.verbose {
            eprintln!("{what}");
        }
    }
}

/// Returns the outermost element of an object's XML.
fn root(text: &str, kind: Type) -> Result<Element, Error> {
    let mut elements = xml::parse(text).map_err(|cause| Error::input(cause.to_string()))?;
    // These types are named after their elements.
    match elements.as_slice() {
        [root] if root.name == kind.name() => Ok(elements.remove(0)),
        [root] => Err(Error::input(format!("expected <{kind}>, found <{}>", root.name))),
        _ => Err(Error::input(format!("expected one <{kind}>"))),
    }
}
