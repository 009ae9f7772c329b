//! Applies a manifest as `nixvirt apply` does, and kills this process or libvirtd before a given step.
//! Usage: killed-apply itself|libvirtd MANIFEST STATE STEPS

use nixvirt::reconcile::{self, Event};
use nixvirt::state::StateDirectory;
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
    let [_, victim, manifest, state, steps] = arguments.as_slice() else {
        panic!("usage: VICTIM MANIFEST STATE STEPS")
    };
    let kill = match victim.as_str() {
        "itself" => || kill_process(getpid(), Signal::KILL).expect("it runs"),
        "libvirtd" => libvirtd::kill,
        other => panic!("unknown process {other}: expected itself or libvirtd"),
    };
    apply(Path::new(manifest), Path::new(state), steps.parse().expect("a number"), kill);
}

/// Applies the manifest, calls `kill` before the step of that number, and prints how many steps it did.
fn apply(file: &Path, state: &Path, steps: usize, kill: fn()) {
    let text = fs::read_to_string(file).expect("the manifest");
    let manifest = manifest::read(&text, "manifest", None).expect("a good manifest");
    let store = StateDirectory::new(Some(state.to_owned())).expect("a state directory").of(URI);
    let desired = declared::read(&manifest.connections[URI], Path::new("/"), &owner(state));
    let daemon = Connection::open(URI, Duration::ZERO).expect("libvirt answers");
    let done = Cell::new(0);
    let watch = |event: Event<'_>| {
        if let Event::Step(..) = event {
            if done.replace(done.get() + 1) == steps {
                kill();
            }
        }
    };
    let applied = reconcile::apply(&daemon, &desired, &store, &watch);
    applied.outcomes.iter().filter_map(|outcome| outcome.error.as_ref()).for_each(|error| eprintln!("{error:?}"));
    applied.error.iter().for_each(|error| eprintln!("{}", error.line()));
    println!("{}", done.get());
}

fn owner(state: &Path) -> String {
    format!("{}:{}", rustix::system::uname().nodename().to_string_lossy(), state.display())
}
