//! `nixvirt list`, `wait`, `ssh`, `console`, `view` and `rollback`: the commands on guests, which need no manifest.

pub mod console;
pub mod list;
pub mod names;
pub mod rollback;
pub mod ssh;
mod user;
pub mod view;
pub mod wait;

use crate::cli::{MAX_SECONDS, number};
use crate::error::Error;
use crate::guest::Facts;
use crate::object::Type;
use crate::reconcile::{Backend, Connect, Limits, TIMEOUT};
use crate::uri;
use clap::Args;
pub use console::ConsoleOptions;
pub use list::ListOptions;
use nixvirt_schema::engine::message::suggestion;
use nixvirt_schema::engine::problem::closest;
pub use rollback::RollbackOptions;
pub use ssh::SshOptions;
use std::collections::BTreeSet;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
pub use view::ViewOptions;
pub use wait::WaitOptions;

/// The daemon that has the guests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub struct Daemon {
    /// URI of the libvirt daemon.
    #[arg(long, value_name = "URI", default_value = "qemu:///system", value_parser = uri::parse)]
    connect: String,
    /// Seconds to wait for an answer of the libvirt daemon.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT.as_secs(), value_parser = number(1, MAX_SECONDS))]
    answer_timeout: u64,
}

impl Daemon {
    fn open(&self, connect: Connect) -> Result<Box<dyn Backend>, Error> {
        self.open_other(&self.connect, connect)
    }

    /// Connects to another daemon, with the same limits.
    fn open_other(&self, uri: &str, connect: Connect) -> Result<Box<dyn Backend>, Error> {
        connect(uri, self.limits())
    }

    fn limits(&self) -> Limits {
        Limits { wait: Duration::ZERO, timeout: Duration::from_secs(self.answer_timeout) }
    }
}

/// The facts about a guest.
///
/// # Errors
/// There is no guest of that name.
fn find(backend: &dyn Backend, name: &str, uri: &str) -> Result<Facts, Error> {
    match backend.guests(Some(name))?.pop() {
        Some(guest) => Ok(guest),
        None => Err(unknown(&names(backend)?, name, uri)),
    }
}

/// Checks that there is a guest, without its facts.
///
/// # Errors
/// There is no guest of that name.
fn check_exists(backend: &dyn Backend, name: &str, uri: &str) -> Result<(), Error> {
    let known = names(backend)?;
    if known.iter().any(|known| known == name) { Ok(()) } else { Err(unknown(&known, name, uri)) }
}

/// The names of all guests.
fn names(backend: &dyn Backend) -> Result<Vec<String>, Error> {
    let listed = backend.list(&BTreeSet::from([Type::Domain]))?;
    Ok(listed.objects.into_keys().map(|id| id.name).collect())
}

fn unknown(names: &[String], name: &str, uri: &str) -> Error {
    let meant = closest(name, names.iter().map(String::as_str)).map(suggestion).unwrap_or_default();
    Error::usage(format!("there is no guest {name:?} at {uri}{meant}")).with_hint("`nixvirt list` shows the guests")
}

/// The Unix time in seconds.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}

/// Becomes another program. It returns only if that fails.
fn become_program(mut command: Command, hint: &str) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    let cause = command.exec();
    let is_missing = cause.kind() == io::ErrorKind::NotFound;
    let error = Error::system(format!("cannot run {program}"), cause);
    if is_missing { error.with_hint(hint) } else { error }
}
