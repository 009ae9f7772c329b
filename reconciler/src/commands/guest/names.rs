//! Names of guests and of declared objects, for the completion of a shell. Without an answer in time there are none.

use crate::commands::reconcile::{DEFAULT_MANIFEST, names_to_reset};
use clap_complete::engine::CompletionCandidate;
use std::env;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a completion may take to ask libvirt.
const LIMIT: Duration = Duration::from_secs(1);

/// The environment variable with which a shell asks for completions. Its value is the name of the shell.
pub const VARIABLE: &str = "NIXVIRT_COMPLETE";

/// The guests whose names begin with a text, on the connection of the command line.
pub fn guests(start: &OsStr) -> Vec<CompletionCandidate> {
    candidates(start, listed(option("--connect").as_deref()).lines())
}

/// The declared objects whose names begin with a text, in the manifest of the command line.
pub fn declared(start: &OsStr) -> Vec<CompletionCandidate> {
    let manifest = option("--manifest").unwrap_or_else(|| DEFAULT_MANIFEST.into());
    let names = names_to_reset(manifest.as_ref()).unwrap_or_default();
    candidates(start, names.iter().map(String::as_str))
}

fn candidates<'n>(start: &OsStr, names: impl Iterator<Item = &'n str>) -> Vec<CompletionCandidate> {
    let start = start.to_string_lossy();
    names.filter(|name| name.starts_with(&*start)).map(CompletionCandidate::new).collect()
}

/// The output of `nixvirt list --names`, by a process of its own, which ends at the limit of time.
fn listed(uri: Option<&OsStr>) -> String {
    let Ok(program) = env::current_exe() else { return String::new() };
    let mut list = Command::new(program);
    list.args(["list", "--names", "--answer-timeout", "1"]).env_remove(VARIABLE);
    if let Some(uri) = uri {
        list.arg("--connect").arg(uri);
    }
    list.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut running) = list.spawn() else { return String::new() };
    let output = running.stdout.take();
    let (sends, received) = mpsc::channel();
    thread::spawn(move || {
        let mut names = String::new();
        // What cannot be read is no name, and nobody waits for it.
        if output.is_some_and(|mut output| output.read_to_string(&mut names).is_ok()) {
            let _ = sends.send(names);
        }
    });
    let names = received.recv_timeout(LIMIT).unwrap_or_default();
    // A process that has ended cannot be killed, and is waited for all the same.
    let _ = running.kill();
    let _ = running.wait();
    names
}

/// The value of an option on the command line that is completed.
fn option(name: &str) -> Option<OsString> {
    let mut words = env::args_os().skip_while(|word| word != "--").skip(1);
    while let Some(word) = words.next() {
        if word == name {
            return words.next();
        }
        let value = word.to_str().and_then(|word| word.strip_prefix(name)?.strip_prefix('='));
        if let Some(value) = value {
            return Some(value.into());
        }
    }
    None
}
