//! Applies a manifest as `nixvirt apply` does, or goes back to a snapshot as `nixvirt rollback` does, and kills this process or
//! libvirtd before a given step. Prints how many steps it did.
//! Usage: killed-run itself|libvirtd STEPS STATE apply MANIFEST
//!        killed-run itself|libvirtd STEPS STATE rollback DOMAIN

use nixvirt::reconcile::{self, Event, LOCK_LIMIT, Watch};
use nixvirt::rollback::Outlook;
use nixvirt::state::{StateDirectory, Store};
use nixvirt::{declared, manifest};
use nixvirt_libvirt::Connection;
use nixvirt_tests::libvirtd::{self, URI};
use rustix::process::{Signal, getpid, kill_process};
use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, victim, steps, state, command, argument] = arguments.as_slice() else {
        panic!("usage: VICTIM STEPS STATE COMMAND ARGUMENT")
    };
    let kill = match victim.as_str() {
        "itself" => || kill_process(getpid(), Signal::KILL).expect("it runs"),
        "libvirtd" => libvirtd::kill,
        other => panic!("unknown process {other}: expected itself or libvirtd"),
    };
    let steps: usize = steps.parse().expect("a number");
    let done = Cell::new(0);
    let watch = |event: Event<'_>| {
        if let Event::Step(..) = event {
            if done.replace(done.get() + 1) == steps {
                kill();
            }
        }
    };
    let daemon = Connection::open(URI, Duration::ZERO).expect("libvirt answers");
    let store = StateDirectory::new(Some(state.into())).expect("a state directory").of(URI);
    match command.as_str() {
        "apply" => apply(&daemon, &store, argument, &owner(state), &watch),
        "rollback" => roll_back(&daemon, &store, argument, &watch),
        other => panic!("unknown command {other}: expected apply or rollback"),
    }
    println!("{}", done.get());
}

fn apply(daemon: &Connection, store: &Store, file: &str, owner: &str, watch: &Watch<'_>) {
    let text = fs::read_to_string(file).expect("the manifest");
    let manifest = manifest::read(&text, "manifest", None).expect("a good manifest");
    let desired = declared::read(&manifest.connections[URI], Path::new("/"), owner);
    let applied = reconcile::apply(daemon, &desired, store, watch);
    applied.outcomes.iter().filter_map(|outcome| outcome.error.as_ref()).for_each(|error| eprintln!("{error:?}"));
    applied.error.iter().for_each(|error| eprintln!("{}", error.line()));
}

fn roll_back(daemon: &Connection, store: &Store, domain: &str, watch: &Watch<'_>) {
    let lock = store.lock(LOCK_LIMIT, |_| ()).expect("no other run");
    let records = store.read().expect("readable records").records;
    let outlook = Outlook::new(daemon, &records, domain, None).expect("a snapshot");
    outlook.execute(daemon, &lock, watch).expect("libvirt goes back");
}

fn owner(state: &str) -> String {
    format!("{}:{state}", rustix::system::uname().nodename().to_string_lossy())
}
