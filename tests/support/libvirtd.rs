//! The libvirt daemon of the development root, `qemu:///system` with guests in software emulation, which all tests share.

use crate::{Outcome, run};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The URI of the daemon.
pub const URI: &str = "qemu:///system";

/// Locked by tests while they use the daemon.
static DAEMON: RwLock<()> = RwLock::new(());

/// The daemon, for a test that may run in parallel with others. Such a test uses its own names.
#[must_use = "other tests wait until it is dropped"]
pub fn shared() -> RwLockReadGuard<'static, ()> {
    // A failed test leaves nothing behind that harms others.
    let guard = DAEMON.read().unwrap_or_else(PoisonError::into_inner);
    start();
    guard
}

/// The daemon, for a test that runs alone. It has no guest, network or pool before the test, and none after it.
#[must_use = "other tests wait until it is dropped"]
pub fn alone() -> Alone {
    let guard = DAEMON.write().unwrap_or_else(PoisonError::into_inner);
    start();
    clear();
    Alone { _guard: guard }
}

/// Exclusive use of the daemon.
pub struct Alone {
    _guard: RwLockWriteGuard<'static, ()>,
}

impl Drop for Alone {
    fn drop(&mut self) {
        clear();
    }
}

/// Starts the daemon unless it is running. It ends with the process namespace of the root.
pub fn start() {
    static STARTING: Mutex<()> = Mutex::new(());
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if answers() {
        return;
    }
    // virtlogd is never killed, because it holds the consoles of the guests.
    if !Path::new("/run/virtlogd.pid").exists() {
        start_program("virtlogd");
    }
    start_program("libvirtd");
    until("libvirtd answers", answers);
}

fn start_program(daemon: &str) {
    let started = run(Command::new(daemon).arg("-d"));
    assert!(started.succeeded, "{daemon} starts: {}", started.stderr);
}

/// Kills the daemon at any moment. Guests keep running.
pub fn kill() {
    let pid = Pid::from_raw(pid()).expect("the number is that of a process");
    kill_process(pid, Signal::KILL).expect("libvirtd runs");
    until("libvirtd is gone", || !answers());
}

/// The process ID of the daemon.
#[must_use]
pub fn pid() -> i32 {
    let pid = fs::read_to_string("/run/libvirtd.pid").expect("libvirtd runs");
    pid.trim().parse().expect("the file holds a number")
}

fn answers() -> bool {
    ask_virsh(&["version"]).succeeded
}

/// Waits until a condition holds.
#[track_caller]
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what}");
        sleep(Duration::from_millis(50));
    }
}

/// The output of a command of virsh.
pub fn virsh(arguments: &[&str]) -> String {
    ask_virsh(arguments).stdout.trim().to_owned()
}

/// The outcome of a command of virsh.
pub fn ask_virsh(arguments: &[&str]) -> Outcome {
    run(Command::new("virsh").args(["-c", URI]).args(arguments))
}

/// Removes all guests, networks, pools and secrets.
pub fn clear() {
    let script = "
        for it in $(virsh list --all --name); do virsh destroy $it; virsh undefine --nvram --managed-save --snapshots-metadata $it; done
        for it in $(virsh net-list --all --name); do virsh net-destroy $it; virsh net-undefine $it; done
        for it in $(virsh pool-list --all --name); do virsh pool-destroy $it; virsh pool-undefine $it; done
        for it in $(virsh secret-list | grep -oE '[0-9a-f]{8}(-[0-9a-f]+){4}' ); do virsh secret-undefine $it; done";
    run(Command::new("bash").args(["-c", script]).env("LIBVIRT_DEFAULT_URI", URI));
}

/// The process ID of a running guest, which changes with each start.
#[track_caller]
pub fn process(guest: &str) -> String {
    let path = format!("/run/libvirt/qemu/{guest}.pid");
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"))
}
