//! The running daemon, and the hooks that it may not know yet.

use super::Process;
use std::fs;
use std::time::{Duration, SystemTime};

/// The process of a daemon.
#[derive(Clone, Debug)]
pub struct RunningDaemon {
    /// The program, such as `libvirtd`.
    pub name: String,
    /// When it was started. None if that cannot be read.
    pub start: Option<SystemTime>,
    /// The `$PATH` in which it finds programs. None if this process may not read it.
    pub path: Option<String>,
    /// Whether swtpm is in that `$PATH`.
    pub finds_swtpm: bool,
}

/// The hook scripts of a driver.
#[derive(Clone, Debug)]
pub struct Hooks {
    /// The driver, such as `qemu`.
    pub driver: String,
    /// When the oldest of them was made.
    pub since: SystemTime,
}

/// Finds the process of the system's daemon by its PID file.
pub fn running(process: &Process) -> Option<RunningDaemon> {
    if process.is_session() {
        return None;
    }
    let names = [format!("virt{}d", process.driver()), "libvirtd".to_owned()];
    let (name, pid) = names.into_iter().find_map(|name| {
        let pid = process.text(format!("/run/{name}.pid"))?.trim().parse::<u32>().ok()?;
        if process.exists(format!("/proc/{pid}/stat")) { Some((name, pid)) } else { None }
    })?;
    let environment = process.text(format!("/proc/{pid}/environ"));
    let path = environment.and_then(|it| it.split('\0').find_map(|it| it.strip_prefix("PATH=")).map(str::to_owned));
    let mut folders = path.as_deref().unwrap_or_default().split(':');
    let finds_swtpm = folders.any(|folder| process.exists(format!("{folder}/swtpm")));
    Some(RunningDaemon { name, start: start(process, pid), path, finds_swtpm })
}

/// When a process was started: the system's start, and the ticks of the clock from then on.
fn start(process: &Process, pid: u32) -> Option<SystemTime> {
    let stat = process.text(format!("/proc/{pid}/stat"))?;
    // The name of the program, in parentheses, may hold blanks. The start is the 20th field after it.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().nth(19)?.parse::<u64>().ok()?;
    let system = process.text("/proc/stat")?;
    let boot = system.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse::<u64>().ok()?;
    let seconds = ticks / rustix::param::clock_ticks_per_second();
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(boot + seconds))
}

/// The hooks that exist. NixOS has libvirt's settings in `/var/lib`.
pub fn hooks(process: &Process) -> Vec<Hooks> {
    let drivers = ["daemon", "qemu", "lxc", "libxl", "network"];
    let oldest = |driver: &str| {
        let mut scripts = Vec::new();
        for folder in ["/etc/libvirt/hooks", "/var/lib/libvirt/hooks"] {
            scripts.push(format!("{folder}/{driver}"));
            scripts.extend(
                process.names(format!("{folder}/{driver}.d")).iter().map(|it| format!("{folder}/{driver}.d/{it}")),
            );
        }
        // Each switch of NixOS replaces the links. What a link leads to is as old as the script.
        let about =
            scripts.iter().filter_map(|script| fs::metadata(process.at(script)).ok()).filter(fs::Metadata::is_file);
        about.filter_map(|about| about.created().or_else(|_| about.modified()).ok()).min()
    };
    let found =
        drivers.iter().filter_map(|driver| Some(Hooks { driver: (*driver).to_owned(), since: oldest(driver)? }));
    found.collect()
}
