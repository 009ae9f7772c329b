//! `virtdeclare`: defines, starts and stops one object, with the options that the command of that name has in NixVirt 0.6.

use crate::error::Error;
use crate::{Connection, Key, LimitedConnection, Object};
use nixvirt::cli::virtdeclare::{DeclaredState, Restart, Virtdeclare};
use nixvirt::message;
use nixvirt::object::{Id, Type, name_of, uuid_of};
use nixvirt::plan::complete;
use nixvirt::progress::Progress;
use nixvirt::reconcile::Limits;
use nixvirt::report;
use nixvirt::step::Shutdown;
use nixvirt_schema::engine::secrets::{hide, take};
use nixvirt_schema::engine::xml::{self, Element};
use std::path::Path;
use std::time::Duration;

/// Runs the command.
pub fn run(options: &Virtdeclare) -> Result<(), Error> {
    let timeout = Duration::from_secs(options.call_timeout);
    let limits = Limits { timeout, ..Limits::default() };
    let connection = LimitedConnection::open_by(&options.connect, limits, "--call-timeout")?;
    let kind = Type::from(options.kind);
    let own = options.clone();
    let (object, has_changed) = connection.call(Some(timeout), &mut |_, _| (), move |connection, _| {
        let run = Run { options: &own, connection, kind };
        match &own.define {
            Some(path) => run.define(path),
            None => Ok((run.existing()?, false)),
        }
    })?;
    // A guest that starts may move all of its memory.
    let limit = if options.state == Some(DeclaredState::Active) { timeout.saturating_mul(10) } else { timeout };
    let (name, own) = (object.name()?, options.clone());
    let settled = connection.call(Some(limit), &mut |_, _| (), move |connection, _| {
        Run { options: &own, connection, kind }.settle(&object, has_changed)
    });
    settled.map_err(|error| error.context(format!("{kind} {name:?}")))
}

/// A run of the command.
struct Run<'r> {
    options: &'r Virtdeclare,
    connection: &'r Connection,
    kind: Type,
}

impl Run<'_> {
    fn existing(&self) -> Result<Object, Error> {
        let Run { options, connection, kind } = self;
        let key = match (&options.uuid, &options.name) {
            (Some(uuid), _) => Key::Uuid(uuid),
            (_, name) => Key::Name(name.as_deref().unwrap_or_default()),
        };
        let found = connection.find(*kind, &key)?;
        found.ok_or_else(|| Error::usage(format!("there is no {kind} {key} at {}", options.connect)))
    }

    /// Defines the object of a file. Returns whether that changed the definition in libvirt.
    fn define(&self, path: &Path) -> Result<(Object, bool), Error> {
        let Run { connection, kind, .. } = self;
        let kind = *kind;
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
        if let (true, Some(state)) = (self.options.auto, self.options.state) {
            object.set_autostart(state == DeclaredState::Active)?;
        }
        let is_active = object.is_active()?;
        let restart = match self.options.restart {
            Restart::Always => true,
            Restart::Never => false,
            Restart::IfChanged => has_changed,
        };
        match self.options.state {
            Some(DeclaredState::Active) if is_active && restart => {
                self.stop(object)?;
                self.start(object)
            }
            Some(DeclaredState::Active) if !is_active => self.start(object),
            Some(DeclaredState::Inactive) if is_active => self.stop(object),
            _ => Ok(()),
        }
    }

    fn start(&self, object: &Object) -> Result<(), Error> {
        self.say("starting");
        // A folder of a pool that is missing is created.
        object.start().or_else(|error| object.build().and_then(|()| object.start()).map_err(|_| error))
    }

    /// Stops the object and waits until it has stopped.
    fn stop(&self, object: &Object) -> Result<(), Error> {
        self.say("stopping");
        let limit = Duration::from_secs(self.options.timeout);
        let how = Shutdown { timeout: self.options.timeout, force: false };
        let waiting = "waiting for the object to stop".to_owned();
        Progress::new(self.options.verbose).during(waiting, Some(limit), || object.stop(how))
    }

    fn say(&self, what: &str) {
        if self.options.verbose {
            message::line(what);
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
