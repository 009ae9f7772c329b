//! `virtdeclare`: one object of libvirt made as declared, with the flags of NixVirt's command of that name.

use crate::error::Error;
use crate::{Connection, Key, Object};
use clap::{ArgGroup, Parser, ValueEnum};
use nixvirt::object::{Type, name_of, uuid_of};
use nixvirt::plan::complete;
use nixvirt::step::Shutdown;
use nixvirt_schema::engine::secrets::{hide, take};
use nixvirt_schema::engine::xml::{self, Element};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Make one object of libvirt as it is declared.
///
/// Defining never stops anything: what runs goes on as it was, and has the new definition from its next start on. What
/// libvirt filled in, such as hardware addresses, stays as it is. A guest is stopped by asking it to shut down; where it does
/// not, that is an error, and it goes on running.
#[derive(Debug, Parser)]
#[command(name = "virtdeclare", version, group = ArgGroup::new("which").required(true).args(["define", "uuid", "name"]))]
pub struct Virtdeclare {
    /// The daemon, as in qemu:///system.
    #[arg(long, value_name = "URI")]
    connect: String,
    /// The kind of object.
    #[arg(long = "type", value_enum)]
    kind: DeclaredKind,
    /// Define the object that this XML file describes.
    #[arg(long, value_name = "PATH")]
    define: Option<PathBuf>,
    /// Take the object of this id.
    #[arg(long, value_name = "ID")]
    uuid: Option<String>,
    /// Take the object of this name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Start or stop it. Without this it is left as it is.
    #[arg(long, value_enum)]
    state: Option<State>,
    /// When to restart it if it is to be active and runs already.
    #[arg(long, value_enum, default_value = "never")]
    restart: Restart,
    /// Let it start with the host if it is to be active, and not if it is to be inactive. Nothing without --state.
    #[arg(long)]
    auto: bool,
    /// How many seconds a guest may take to shut down.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// Say what is done.
    #[arg(short, long)]
    verbose: bool,
}

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
    /// Does what the flags say.
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

    /// Defines the object of a file. Answers whether libvirt keeps something else since.
    fn define(&self, connection: &Connection, kind: Type, path: &Path) -> Result<(Object, bool), Error> {
        let shown = path.display();
        let fail = |error: Error| error.context(shown.to_string());
        let text = std::fs::read_to_string(path).map_err(|cause| Error::file("read", path, cause))?;
        let root = root(&text, kind).map_err(fail)?;
        let (uuid, name) = (uuid_of(&root), name_of(kind, &root));
        let key = uuid.as_deref().map(Key::Uuid).or(name.as_deref().map(Key::Name));
        let before = match key.map(|key| connection.find(kind, &key)).transpose() {
            Ok(found) => found.flatten().map(|object| object.xml()).transpose(),
            Err(why) => Err(why),
        };
        let before = before.map_err(fail)?;
        let found = before.as_deref().and_then(xml::element);
        let wanted = complete(&root, found.as_ref()).to_string();
        let secrets = take(kind.kind(), &text).map(|taken| taken.secrets).unwrap_or_default();
        let defined = connection.define(kind, &wanted);
        let object = defined.map_err(|error| fail(error.map_text(|text| hide(text, &secrets))))?;
        let after = object.xml().map_err(fail)?;
        let has_changed = before.as_deref() != Some(&after);
        self.say(&if has_changed { format!("defined {shown}") } else { format!("{shown} is as it was") });
        Ok((object, has_changed))
    }

    /// Starts, stops and restarts.
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
        object.stop(Shutdown { timeout: self.timeout, force: false })
    }

    fn say(&self, what: &str) {
        if self.verbose {
            eprintln!("virtdeclare: {what}");
        }
    }
}

/// The outermost element of XML that is to describe an object of that type.
fn root(text: &str, kind: Type) -> Result<Element, Error> {
    let mut elements = xml::parse(text).map_err(|cause| Error::input(cause.to_string()))?;
    // The names of the types that can be declared here are those of their elements.
    match elements.as_slice() {
        [root] if root.name == kind.name() => Ok(elements.remove(0)),
        [root] => Err(Error::input(format!("expected <{kind}>, found <{}>", root.name))),
        _ => Err(Error::input(format!("expected one <{kind}>"))),
    }
}
