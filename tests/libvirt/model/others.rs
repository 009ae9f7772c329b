//! What other programs and accidents do between two runs of `nixvirt apply`.

use super::declaration::{Declaration, NAMES, NETWORKS, POOL, VOLUMES, choose, name, network_uuid, part, volume_name};
use super::guest::{Guest, IMAGES, Part, image, uuid};
use super::host::{BOOT, Host};
use super::world::World;
use fastrand::Rng;
use nixvirt_tests::libvirtd::{self, URI, ask_virsh};
use nixvirt_tests::{files, run};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::process::Command;
use std::thread::sleep;

/// Something that NixVirt does not do. Guests are named by their number; nothing happens to what is not there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Attaches a device.
    Attach(usize, Part, u8, Scope),
    /// Detaches a device.
    Detach(usize, Part, Scope),
    /// Changes a device in place: a medium, a link, a password.
    Update(usize, Part, u8, Scope),
    /// Defines a guest with one part changed.
    Edit(usize, Part, u8),
    /// Sets the title.
    Title(usize, u8, Scope),
    /// Sets the memory balloon, in MiB.
    Balloon(usize, u8, Scope),
    /// Defines a guest with the declared definition, and starts it or not.
    Define(usize, bool),
    Undefine(usize),
    Rename(usize, u8),
    Start(usize),
    Destroy(usize),
    Shutdown(usize),
    Reset(usize),
    Reboot(usize),
    Save(usize),
    /// Takes an external snapshot of the disks.
    Snapshot(usize),
    /// Merges the snapshot's file of a disk into its base.
    Commit(usize, &'static str),
    KillGuest(usize),
    KillDaemon,
    /// Takes an image away, or puts it back.
    HideImage(usize, u8),
    ShowImage(usize, u8),
    /// Takes a file that is read away, or puts it back.
    HideFile(&'static str),
    ShowFile(&'static str),
    /// Deletes the first snapshot that there is.
    DeleteSnapshot(usize),
    LoseRecord(usize),
    GarbleRecord(usize),
    LoseRecords,
    StopNetwork(usize),
    StartNetwork(usize),
    StopPool,
    RefreshPool,
    DeleteVolume(usize),
    /// Puts a file into the folder of the pool.
    PutFile(usize),
}

/// What a change is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The running guest.
    Live,
    /// The saved definition.
    Saved,
    /// Both.
    Both,
}

impl Scope {
    fn flags(self) -> &'static [&'static str] {
        match self {
            Scope::Live => &["--live"],
            Scope::Saved => &["--config"],
            Scope::Both => &["--live", "--config"],
        }
    }
}

/// An image that others have for each guest.
pub const FOREIGN_IMAGE: u8 = IMAGES + 1;

/// The files that declarations name beside images.
const FILES: &[&str] = &["content", "medium2.iso", "secret1", "secret2"];

/// The number of a card that others have for each guest. A second card of one address would be another device of one name.
const FOREIGN_CARD: u8 = 3;

/// A random action on one of these guests, or on what they use.
pub fn action(rng: &mut Rng, guests: &[usize]) -> Action {
    let slot = *choose(rng, guests);
    let scope = *choose(rng, &[Scope::Live, Scope::Saved, Scope::Both]);
    let (part, value) = match part(rng) {
        (Part::Disk(target), _) => (Part::Disk(target), FOREIGN_IMAGE),
        // What is started without its network does not start.
        (Part::Card(card), 3..) => (Part::Card(card), 2),
        any => any,
    };
    let device = |rng: &mut Rng| {
        *choose(
            rng,
            &[
                (Part::Disk("vdb"), FOREIGN_IMAGE),
                (Part::Disk("sda"), FOREIGN_IMAGE),
                (Part::Disk("vda"), FOREIGN_IMAGE),
                (Part::Card(FOREIGN_CARD), 1),
                (Part::Card(2), 1),
                (Part::Redirdev(1), 1),
                (Part::Redirdev(2), 1),
                (Part::Rng, 1),
                (Part::Shmem(1), 1),
                (Part::Channel(1), 1),
                (Part::Watchdog, 1),
                (Part::Module(1), 1),
                (Part::Module(2), 1),
                (Part::Lease(1), 1),
                (Part::Filesystem, 1),
            ],
        )
    };
    match rng.u8(..100) {
        0..13 => {
            let (part, value) = device(rng);
            let part = if part == Part::Card(2) { Part::Card(FOREIGN_CARD) } else { part };
            Action::Attach(slot, part, value, scope)
        }
        13..24 => Action::Detach(slot, device(rng).0, scope),
        24..33 => {
            let (part, most) =
                *choose(rng, &[(Part::Medium, 3), (Part::Medium, 3), (Part::Card(1), 2), (Part::Screen, 3)]);
            Action::Update(slot, part, rng.u8(1..=most), scope)
        }
        33..44 => Action::Edit(slot, part, value),
        44..49 => Action::Title(slot, rng.u8(1..4), scope),
        49..51 => Action::Balloon(slot, rng.u8(20..32), scope),
        51..54 => Action::Define(slot, rng.bool()),
        54..56 => Action::Undefine(slot),
        56..60 => Action::Rename(slot, rng.u8(..NAMES)),
        60..65 => Action::Start(slot),
        65..69 => Action::Destroy(slot),
        69..71 => Action::Shutdown(slot),
        71 => *choose(rng, &[Action::Reset(slot), Action::Reboot(slot)]),
        72..75 => Action::Save(slot),
        75..79 => Action::Snapshot(slot),
        79 => Action::DeleteSnapshot(slot),
        80 => Action::Commit(slot, choose::<&str>(rng, &["vda", "vdb", "sda"])),
        81..83 => Action::KillGuest(slot),
        83..85 => Action::KillDaemon,
        85..88 => Action::LoseRecord(slot),
        88 => Action::GarbleRecord(slot),
        89 => Action::LoseRecords,
        90..92 => Action::StopNetwork(rng.usize(..NETWORKS)),
        92 => Action::StartNetwork(rng.usize(..NETWORKS)),
        93 => Action::StopPool,
        94..96 => Action::RefreshPool,
        96 => Action::DeleteVolume(rng.usize(..VOLUMES)),
        97 if rng.bool() => Action::HideFile(choose::<&str>(rng, FILES)),
        97 => Action::HideImage(slot, rng.u8(1..=IMAGES)),
        98 if rng.bool() => Action::ShowFile(choose::<&str>(rng, FILES)),
        98 => Action::ShowImage(slot, rng.u8(1..=IMAGES)),
        _ => Action::PutFile(rng.usize(..VOLUMES)),
    }
}

impl Action {
    /// Does it.
    pub fn perform(self, host: &Host, declaration: &Declaration) {
        use Action::*;
        let before = World::observe(&host.folder);
        match self {
            KillDaemon => {
                libvirtd::kill();
                libvirtd::start();
            }
            LoseRecords => drop(fs::remove_dir_all(host.folder.join("state"))),
            StopNetwork(slot) => virsh(&["net-destroy", &network_uuid(slot)]),
            StartNetwork(slot) => virsh(&["net-start", &network_uuid(slot)]),
            StopPool => virsh(&["pool-destroy", POOL]),
            RefreshPool => virsh(&["pool-refresh", POOL]),
            DeleteVolume(number) => virsh(&["vol-delete", &volume_name(number), "--pool", POOL]),
            PutFile(number) => {
                let folder = host.folder.join("pool");
                let path = folder.join(volume_name(number));
                if folder.is_dir() && !path.exists() {
                    fs::write(path, "made by others ".repeat(5000)).expect("a writable folder");
                }
            }
            HideImage(slot, number) => host.rename_image(&image(slot, number), &hidden(slot, number)),
            ShowImage(slot, number) => host.rename_image(&hidden(slot, number), &image(slot, number)),
            HideFile(name) => host.rename_image(name, &format!("hidden/{name}")),
            ShowFile(name) => host.rename_image(&format!("hidden/{name}"), name),
            Define(slot, starts) if before.domain(&uuid(slot)).is_none() => {
                let guest = &declaration.guests[slot];
                let file = host.write("definition.xml", &guest.definition(declaration.guest(slot, &host.folder)));
                virsh(&["define", &file]);
                if starts {
                    virsh(&["start", &name(guest.name)]);
                }
            }
            Attach(slot, ..)
            | Detach(slot, ..)
            | Update(slot, ..)
            | Edit(slot, ..)
            | Title(slot, ..)
            | Balloon(slot, ..)
            | Undefine(slot)
            | Rename(slot, _)
            | Start(slot)
            | Destroy(slot)
            | Shutdown(slot)
            | Reset(slot)
            | Reboot(slot)
            | Save(slot)
            | Snapshot(slot)
            | Commit(slot, _)
            | KillGuest(slot)
            | DeleteSnapshot(slot)
            | LoseRecord(slot)
            | GarbleRecord(slot) => {
                let guest = declaration.guest(slot, &host.folder);
                if let Some((id, _)) = before.domain(&guest.uuid()) {
                    self.perform_on(host, guest, &id.name, &before);
                }
            }
            Define(..) => {}
        }
    }

    fn perform_on(self, host: &Host, guest: Guest<'_>, name: &str, before: &World) {
        use Action::*;
        let with_device = |command: &str, part, value, scope: Scope| {
            let file = host.write("device.xml", &guest.xml(part, value));
            virsh(&[&[command, name, &file], scope.flags()].concat());
        };
        match self {
            Attach(_, part, value, scope) => with_device("attach-device", part, value, scope),
            Detach(_, part, scope) => with_device("detach-device", part, FOREIGN_IMAGE, scope),
            Update(_, part, value, scope) => with_device("update-device", part, value, scope),
            Edit(_, part, value) => {
                let (_, domain) = before.domain(&guest.uuid()).expect("it was found");
                let file = host.write("definition.xml", &guest.with(&domain.saved(), part, value).to_string());
                virsh(&["define", &file]);
            }
            Title(_, value, scope) => {
                virsh(&[&["desc", name, "--title", &format!("Title {value}")], scope.flags()].concat());
            }
            Balloon(_, value, scope) => virsh(&[&["setmem", name, &format!("{value}M")], scope.flags()].concat()),
            Undefine(_) => virsh(&["undefine", name, "--nvram", "--managed-save", "--snapshots-metadata"]),
            Rename(_, number) => virsh(&["domrename", name, &super::declaration::name(number)]),
            Start(_) => virsh(&["start", name]),
            Destroy(_) => virsh(&["destroy", name]),
            Shutdown(_) => {
                virsh(&["shutdown", name]);
                host.wait_for_end(guest);
            }
            Reset(_) => virsh(&["reset", name]),
            Reboot(_) => {
                virsh(&["reboot", name]);
                // A guest that heeds shuts down, and boots again in the same process.
                sleep(BOOT);
            }
            Save(_) => virsh(&["managedsave", name]),
            Snapshot(_) => {
                // libvirt saves the definition of a transient guest with its snapshot. After a restart it has that guest
                // again, also if it was stopped.
                let [is_persistent, ..] = before.domain(&guest.uuid()).expect("it was found").1.flags;
                if is_persistent {
                    virsh(&["snapshot-create-as", name, "--disk-only"]);
                }
            }
            DeleteSnapshot(_) => {
                let first = ask_virsh(&["snapshot-list", name, "--name"]).stdout.lines().next().map(str::to_owned);
                virsh(&["snapshot-delete", name, &first.unwrap_or_default()]);
            }
            Commit(_, target) => virsh(&["blockcommit", name, target, "--active", "--pivot", "--wait"]),
            KillGuest(_) => {
                if let Some(process) = before.processes.get(&guest.uuid()) {
                    let pid = Pid::from_raw(process.pid).expect("it is a process");
                    // It may have ended by now.
                    let _ = kill_process(pid, Signal::KILL);
                    host.wait_for_end(guest);
                }
            }
            LoseRecord(_) => drop(host.record(name).map(fs::remove_file)),
            GarbleRecord(_) => drop(host.record(name).map(|record| fs::write(record, "{ \"type\": \"dom"))),
            _ => {}
        }
    }
}

/// The name of an image that is taken away.
fn hidden(slot: usize, number: u8) -> String {
    format!("hidden/{}", image(slot, number))
}

impl Host {
    /// Renames an image, if it is there.
    fn rename_image(&self, from: &str, to: &str) {
        let [from, to] = [from, to].map(|name| self.folder.join(name));
        if from.exists() && !to.exists() {
            fs::rename(from, to).expect("a writable folder");
        }
    }

    /// The file of the record of a domain.
    fn record(&self, name: &str) -> Option<std::path::PathBuf> {
        let state = self.folder.join("state");
        let records = if state.is_dir() { files(&state, "json") } else { Vec::new() };
        records.into_iter().find(|path| path.ends_with(format!("domain/{name}.json")))
    }

    /// Waits until a guest has ended, for as long as those that heed take.
    fn wait_for_end(&self, guest: Guest<'_>) {
        let script = format!("for i in $(seq 40); do pgrep -f -- '-uuid {}' || exit 0; sleep 0.1; done", guest.uuid());
        run(Command::new("bash").args(["-c", &script]));
    }
}

/// Runs virsh. That libvirt may refuse is a part of the histories. virsh itself may wait for ever for a job that ends at once,
/// such as saving a guest that is off.
fn virsh(arguments: &[&str]) {
    let done = run(Command::new("timeout").args(["60", "virsh", "-c", URI]).args(arguments));
    if !done.succeeded {
        println!("     (virsh {}: {})", arguments.join(" "), done.stderr.lines().last().unwrap_or_default());
    }
}
