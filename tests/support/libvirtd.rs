//! The libvirt daemon of the development root, `qemu:///system` with guests in software emulation, which all tests share.

use crate::{Outcome, require_root, run};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};
use virt::connect::Connect;
use virt::sys;

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
    require_root();
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
    connect().is_some()
}

/// A connection to the daemon, if it answers. A command of virsh loads its libraries first, which takes longer than most tasks.
fn connect() -> Option<Connect> {
    // Otherwise libvirt itself prints each error as well.
    virt::error::clear_error_callback();
    Connect::open(Some(URI)).ok()
}

/// Waits until a condition holds, much longer than it takes on an idle machine.
#[track_caller]
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(120), "{what}");
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

/// The outputs of commands of virsh, which one process runs. A command has its arguments separated by blanks.
pub fn virsh_all(commands: &[String]) -> Vec<String> {
    const END: &str = "(end of the command)";
    let script: String = commands.iter().map(|command| format!("{command}; echo '{END}'; ")).collect();
    let outcome = ask_virsh(&[&script]);
    let outputs = outcome.stdout.split(END).map(|output| output.trim().to_owned());
    let outputs: Vec<_> = outputs.take(commands.len()).collect();
    assert_eq!(outputs.len(), commands.len(), "{}", outcome.stderr);
    outputs
}

/// Removes all guests, networks, pools and secrets.
pub fn clear() {
    require_root();
    let Some(connect) = connect() else { return };
    // What is off cannot be stopped, and what another one removes is gone.
    for domain in connect.list_all_domains(0).unwrap_or_default() {
        let _ = domain.destroy();
        let with = sys::VIR_DOMAIN_UNDEFINE_NVRAM
            | sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
            | sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
        let _ = domain.undefine_flags(with);
    }
    for network in connect.list_all_networks(0).unwrap_or_default() {
        let _ = network.destroy();
        let _ = network.undefine();
    }
    for pool in connect.list_all_storage_pools(0).unwrap_or_default() {
        let _ = pool.destroy();
        let _ = pool.undefine();
    }
    for secret in connect.list_all_secrets(0).unwrap_or_default() {
        let _ = secret.undefine();
    }
}

/// The process ID of a running guest, which changes with each start.
#[track_caller]
pub fn process(guest: &str) -> String {
    let path = format!("/run/libvirt/qemu/{guest}.pid");
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The UUID of the secret that [`define_secret`] defines.
pub const SECRET: &str = "c2177883-f1bb-47f0-914d-32a22e3a8804";

/// Gives the daemon a passphrase for volumes.
pub fn define_secret() {
    let file = std::env::temp_dir().join("passphrase.xml");
    let xml = format!("<secret ephemeral='yes'><uuid>{SECRET}</uuid></secret>");
    fs::write(&file, xml).expect("a writable folder");
    virsh(&["secret-define", &file.display().to_string()]);
    virsh(&["secret-set-value", SECRET, "--base64", "cGFzc3BocmFzZQ=="]);
}
