//! Failures during `nixvirt apply` on a real libvirt: they harm nothing, are reported, and the next run completes the work.

use nixvirt_tests::libvirtd::{self, URI, process, virsh, virsh_all};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder for a manifest and the state records.
pub struct Host(pub PathBuf);

impl Host {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("faults-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a writable folder");
        remove_filters();
        Host(folder)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    pub fn declare(&self, connection: &Value) -> Vec<String> {
        let text = json!({ "version": 1, "connections": { URI: connection } }).to_string();
        fs::write(self.0.join("manifest.json"), text).expect("a writable folder");
        vec!["--manifest".into(), self.path("manifest.json"), "--state".into(), self.path("state")]
    }

    pub fn apply(&self, connection: &Value) -> Output {
        self.command(connection).output().expect("nixvirt runs")
    }

    pub fn command(&self, connection: &Value) -> Command {
        let mut command = Command::new("nixvirt");
        command.arg("apply").args(self.declare(connection)).env("NO_COLOR", "1");
        command
    }

    /// Applies successfully.
    #[track_caller]
    pub fn heal(&self, connection: &Value) {
        let output = self.apply(connection);
        assert_eq!(output.status.code(), Some(0), "not healed: {}", said(&output));
    }

    /// Applies, and an object must fail with this text in its message.
    #[track_caller]
    pub fn fail(&self, connection: &Value, because: &str) {
        self.fail_with(1, connection, because);
    }

    /// Applies, which must fail with this exit code and text.
    #[track_caller]
    fn fail_with(&self, code: i32, connection: &Value, because: &str) {
        let output = self.apply(connection);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "it should fail: {said}");
        assert!(said.contains(because), "it should say {because:?}: {said}");
    }

    /// Applies the manifest, and kills `itself` or `libvirtd` before the step of that number.
    pub fn cut(&self, victim: &str, steps: usize) -> Output {
        self.killed(victim, steps, ["apply", &self.path("manifest.json")])
    }

    /// Rolls a domain back, and kills the run before the step of that number.
    pub fn cut_rollback(&self, domain: &str, steps: usize) -> Output {
        self.killed("itself", steps, ["rollback", domain])
    }

    fn killed(&self, victim: &str, steps: usize, command: [&str; 2]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_killed-run"))
            .args([victim, &steps.to_string(), &self.path("state")])
            .args(command)
            .output()
            .expect("it runs")
    }
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn uuid(number: u32) -> String {
    format!("<uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f{number:04}</uuid>")
}

fn network(number: u32, title: &str) -> Value {
    let name = format!("fault-net{number}");
    json!({
        "xml": format!("<network><name>{name}</name>{}<bridge name='{name}'/>{title}</network>", uuid(100 + number)),
        "active": true,
        "autostart": true,
    })
}

pub fn domain(number: u32, title: &str, memory: u32) -> Value {
    json!({
        "xml": format!(
            "<domain type='qemu'><name>fault{number}</name>{}<title>{title}</title><memory unit='MiB'>{memory}</memory>
             <os><type arch='x86_64' machine='q35'>hvm</type></os>
             <devices><interface type='user'/><interface type='user'/></devices></domain>",
            uuid(number)
        ),
        "autostart": number % 2 == 0,
    })
}

/// A pool with volumes of these capacities, the first of them filled.
fn pool(host: &Host, capacities: &[u32]) -> Value {
    fs::write(host.0.join("image"), "an image").expect("a writable folder");
    let xml = format!(
        "<pool type='dir'><name>fault-pool</name>{}<target><path>{}</path></target></pool>",
        uuid(200),
        host.path("pool")
    );
    let volume = |(number, capacity): (usize, &u32)| {
        let xml = format!(
            "<volume><name>volume{number}</name><capacity unit='KiB'>{capacity}</capacity><target><format type='raw'/></target></volume>"
        );
        match number {
            0 => json!({ "xml": xml, "content": { "file": host.path("image") } }),
            _ => json!({ "xml": xml }),
        }
    };
    let volumes: Vec<_> = capacities.iter().enumerate().map(volume).collect();
    json!({ "xml": xml, "active": true, "volumes": volumes })
}

fn filter(number: u32) -> Value {
    json!({ "xml": format!("<filter name='fault-filter{number}'>{}</filter>", uuid(300 + number)) })
}

/// The names of the test's objects in a list of `virsh`.
fn named(list: &str) -> Vec<String> {
    let own = list.split_whitespace().filter(|name| name.starts_with("fault"));
    let mut names: Vec<_> = own.map(str::to_owned).collect();
    names.sort();
    names
}

pub fn domains() -> Vec<String> {
    named(&virsh(&["list", "--all", "--name"]))
}

/// Removes the filters that a failed test left.
fn remove_filters() {
    for name in named(&virsh(&["nwfilter-list"])) {
        virsh(&["nwfilter-undefine", &name]);
    }
}

/// The commands that list objects of each type, and those that tell all of one.
const TOLD: &[(&str, &[&str])] = &[
    ("list --all --name", &["dumpxml --inactive", "dominfo"]),
    ("net-list --all --name", &["net-dumpxml --inactive", "net-info"]),
    ("pool-list --all --name", &["pool-dumpxml --inactive", "pool-info"]),
    ("nwfilter-list", &["nwfilter-dumpxml"]),
];

/// The XML of all objects of the test.
fn world(host: &Host) -> String {
    let lists = virsh_all(&TOLD.iter().map(|(list, _)| (*list).to_owned()).collect::<Vec<_>>());
    let mut commands = Vec::new();
    for ((_, tell), list) in TOLD.iter().zip(&lists) {
        for name in named(list) {
            commands.extend(tell.iter().map(|tell| format!("{tell} {name}")));
        }
    }
    let mut told = String::new();
    for (command, output) in commands.iter().zip(virsh_all(&commands)) {
        // libvirt reads the free space and the owner of a pool from the file system.
        let is_ours = |line: &&str| {
            let known = ["<name>", "<uuid>", "<path>", "State", "Auto"];
            !command.starts_with("pool-") || known.iter().any(|it| line.contains(it))
        };
        told += &output.lines().filter(is_ours).map(|line| line.to_owned() + "\n").collect::<String>();
    }
    let mut files: Vec<_> =
        fs::read_dir(host.0.join("pool")).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.sort();
    for file in files {
        told += &format!("\n{}: {:?}", file.display(), String::from_utf8_lossy(&fs::read(&file).expect("a volume")));
    }
    // libvirt generates the MAC address of a bridge.
    told.lines().filter(|line| !line.starts_with("  <mac ")).map(|line| line.to_owned() + "\n").collect()
}

/// Checks that libvirt has the expected objects.
#[track_caller]
fn same(now: &str, whole: &str, when: &str) {
    let (now, whole): (Vec<_>, Vec<_>) = (now.lines().collect(), whole.lines().collect());
    let longer = now.len().max(whole.len());
    let Some(at) = (0..longer).find(|at| now.get(*at) != whole.get(*at)) else { return };
    let around = |lines: &[&str]| lines[at.saturating_sub(6).min(lines.len())..(at + 3).min(lines.len())].join("\n");
    panic!("{when}, there is\n{}\nand not\n{}", around(&now), around(&whole));
}

fn nothing(host: &Host) -> Value {
    let mut pool = pool(host, &[]);
    let gone = |number| json!({ "name": format!("volume{number}"), "present": false });
    pool["volumes"] = json!([gone(0), gone(1), gone(2)]);
    json!({ "nwfilters": [], "networks": [], "pools": [pool], "domains": [] })
}

fn clear(host: &Host) {
    host.heal(&nothing(host));
    host.heal(&json!({ "nwfilters": [], "networks": [], "pools": [], "domains": [] }));
}

fn before(host: &Host) -> Value {
    json!({
        "nwfilters": [filter(1)],
        "networks": [network(1, ""), network(2, "")],
        "pools": [pool(host, &[64, 64])],
        "domains": [domain(1, "One", 64), domain(2, "Two", 64)],
    })
}

/// An object of each type is created, changed and removed.
fn after(host: &Host) -> Value {
    json!({
        "nwfilters": [filter(2), filter(3)],
        "networks": [network(1, "<domain name='fault.test'/>"), network(3, ""), network(4, "")],
        "pools": [pool(host, &[128, 64, 64])],
        "domains": [domain(1, "Eins", 96), domain(3, "Three", 64), domain(4, "Four", 64)],
    })
}

#[test]
fn killed_between_any_two_steps() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("killed");
    let (before, after) = (before(&host), after(&host));
    let mut whole = None;
    for steps in 0.. {
        host.heal(&before);
        host.declare(&after);
        let output = host.cut("itself", steps);
        if output.status.signal() != Some(9) {
            let all: usize = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
            assert!(all >= 30 && all == steps, "{all} steps are too few, or were cut at {steps}: {}", said(&output));
            println!("cut before each of {all} steps");
            break;
        }
        host.heal(&after);
        let now = world(&host);
        let whole = whole.get_or_insert_with(|| now.clone());
        same(&now, whole, &format!("cut before step {steps}"));
        let again = Command::new("nixvirt")
            .args(["plan", "--detailed-exitcode"])
            .args(host.declare(&after))
            .output()
            .expect("nixvirt runs");
        assert_eq!(again.status.code(), Some(0), "cut before step {steps}: {}", said(&again));
        clear(&host);
    }
    clear(&host);
}

#[test]
fn the_daemon_is_killed_in_the_middle() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("daemon");
    let guest = json!({ "domains": [{ "xml": domain(9, "Nine", 64)["xml"].as_str().expect("XML").replace("fault9", "bystander"), "active": true }] });
    let bystander = Host::new("bystander");
    bystander.heal(&guest);
    let pid = process("bystander");
    let (before, after) = (before(&host), after(&host));
    host.heal(&before);
    host.heal(&after);
    let whole = world(&host);
    for steps in [0, 7, 14, 21, 28] {
        clear(&host);
        host.heal(&before);
        host.declare(&after);
        let output = host.cut("libvirtd", steps);
        let said = said(&output);
        assert!(said.contains("libvirt"), "it should say that libvirt is gone: {said}");
        libvirtd::start();
        host.heal(&after);
        same(&world(&host), &whole, &format!("with libvirtd killed before step {steps}"));
        assert_eq!(process("bystander"), pid, "a guest was hurt");
    }
    clear(&host);
    virsh(&["destroy", "bystander"]);
    bystander.heal(&json!({ "domains": [] }));
}

/// A separate file system, which is unmounted when this is dropped.
struct Disk(String);

impl Disk {
    fn new(at: String, size: &str) -> Self {
        fs::create_dir_all(&at).expect("a writable folder");
        let disk = Disk(at);
        disk.mount(&["-t", "tmpfs", "-o", &format!("size={size},mode=700"), "tmpfs"]);
        disk
    }

    fn again(&self, option: &str) {
        self.mount(&["-o", &format!("remount,{option}")]);
    }

    fn mount(&self, arguments: &[&str]) {
        let mounted = run(Command::new("mount").args(arguments).arg(&self.0));
        assert!(mounted.succeeded, "{}", mounted.stderr);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run(Command::new("umount").args(["-l", &self.0]));
    }
}

#[test]
fn a_full_disk() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("full");
    let wanted = json!({ "domains": [domain(1, "One", 64)] });
    let disk = Disk::new(host.path("state"), "64k");
    // The file system is full.
    let _ = fs::write(host.0.join("state/ballast"), vec![0; 128 * 1024]);
    host.fail_with(69, &wanted, "o space left");
    assert!(domains().is_empty(), "an object that cannot be recorded is not created");
    fs::remove_file(host.0.join("state/ballast")).expect("a writable folder");
    host.heal(&wanted);
    host.heal(&json!({ "domains": [] }));
    drop(disk);

    // The same for the file system of a volume's content.
    let disk = Disk::new(host.path("pool"), "256k");
    let mut pool = pool(&host, &[1024]);
    let image = "an image ".repeat(60_000);
    fs::write(host.0.join("image"), &image).expect("a writable folder");
    let wanted = json!({ "pools": [pool.clone()], "domains": [domain(1, "One", 64)] });
    host.fail(&wanted, "volume fault-pool/volume0");
    assert!(domains().contains(&"fault1".to_owned()), "the others are created");
    disk.again("size=4m");
    host.heal(&wanted);
    let content = fs::read_to_string(host.0.join("pool/volume0")).expect("a volume");
    assert_eq!(content.trim_end_matches('\0'), image, "the content is whole");
    pool["volumes"] = json!([]);
    host.heal(&json!({ "pools": [pool], "domains": [] }));
    host.heal(&json!({ "pools": [], "domains": [] }));
}

#[test]
fn a_state_directory_that_cannot_be_written() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("read-only");
    let wanted = json!({ "domains": [domain(1, "One", 64)] });
    let disk = Disk::new(host.path("state"), "1m");
    disk.again("ro");
    host.fail_with(69, &wanted, "ead-only file system");
    assert!(domains().is_empty(), "an object that cannot be recorded is not created");
    disk.again("rw");
    host.heal(&wanted);
    host.heal(&json!({ "domains": [] }));
}

/// The state records of domains.
fn records(host: &Host) -> Vec<PathBuf> {
    nixvirt_tests::files(&host.0.join("state"), "json")
}

#[test]
fn corrupt_and_missing_records() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("records");
    let wanted = json!({ "domains": [domain(1, "One", 64), domain(2, "Two", 64)] });
    host.heal(&wanted);
    let whole = world(&host);
    let files = records(&host);
    assert_eq!(files.len(), 2, "{files:?}");
    for garbage in ["", "{", "{}", "\0\u{1}\u{2}", &"[".repeat(100_000)] {
        fs::write(&files[0], garbage).expect("a writable folder");
        let output = host.apply(&wanted);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains(&files[0].display().to_string()), "it names the file: {said}");
        same(&world(&host), &whole, &format!("with a record of {:?}", &garbage[..garbage.len().min(9)]));
        let output = host.apply(&wanted);
        assert!(!self::said(&output).contains("warning"), "the record is written again");
    }
    // Without records, the metadata of the objects says which ones are managed.
    fs::remove_dir_all(host.0.join("state")).expect("a writable folder");
    host.heal(&json!({ "domains": [domain(1, "One", 64)] }));
    assert!(!domains().contains(&"fault2".to_owned()), "a managed object is removed");
    host.heal(&json!({ "domains": [] }));
}

#[test]
fn broken_xml() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("broken");
    let good = domain(1, "One", 64);
    for broken in
        ["", "<domain", "<network><name>fault2</name></network>", "<domain type='qemu'><name>fault2</name></domain>"]
    {
        host.fail(&json!({ "domains": [{ "xml": broken }, good] }), "domain");
        assert_eq!(domains(), ["fault1"], "the other is made beside {broken:?}");
    }
    host.heal(&json!({ "domains": [good, domain(2, "Two", 64)] }));
    // An unreadable declaration may be one of a managed object, so that nothing is pruned.
    host.fail(&json!({ "domains": [{ "xml": "<domain" }] }), "domain");
    assert!(domains().contains(&"fault2".to_owned()), "nothing is removed");
    host.heal(&json!({ "domains": [] }));
}

#[test]
fn two_objects_of_one_name() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("twins");
    host.fail(&json!({ "domains": [domain(1, "One", 64), domain(1, "Other", 64), domain(2, "Two", 64)] }), "fault1");
    assert_eq!(domains(), ["fault2"], "neither is made, and the others are");
    host.heal(&json!({ "domains": [domain(1, "One", 64)] }));
    host.heal(&json!({ "domains": [] }));
}

#[test]
fn two_runs_at_once() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("at-once");
    let (before, after) = (before(&host), after(&host));
    host.heal(&before);
    host.heal(&after);
    let whole = world(&host);
    clear(&host);
    host.heal(&before);
    let spawn = || host.command(&after).spawn().expect("nixvirt runs");
    let mut runs = [spawn(), spawn(), spawn()];
    for run in &mut runs {
        assert!(run.wait().expect("it runs").success(), "each ends well");
    }
    same(&world(&host), &whole, "after three at once");
    clear(&host);
}

#[test]
fn a_pool_whose_folder_is_gone() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("folder");
    let wanted = json!({ "pools": [pool(&host, &[64])], "domains": [domain(1, "One", 64)] });
    host.heal(&wanted);
    virsh(&["pool-destroy", "fault-pool"]);
    fs::remove_dir_all(host.0.join("pool")).expect("a writable folder");
    fs::write(host.0.join("pool"), "in the way").expect("a writable folder");
    host.fail(&wanted, "pool fault-pool");
    fs::remove_file(host.0.join("pool")).expect("a writable folder");
    // The file system of the folder may not be mounted: neither the folder nor the volume is created again without a word.
    host.fail(&wanted, "check that the folder of the pool exists, and that its file system is mounted");
    fs::create_dir(host.0.join("pool")).expect("a writable folder");
    host.fail(&wanted, "libvirt has none of the volumes that were created in pool fault-pool");
    assert!(!host.0.join("pool/volume0").exists());
    let mut forget = Command::new("nixvirt");
    let forget = forget.arg("forget").args(host.declare(&wanted)).args(["volume", "fault-pool/volume0"]);
    assert!(forget.status().expect("nixvirt runs").success());
    host.heal(&wanted);
    assert!(host.0.join("pool/volume0").exists(), "the volume is created again");
    clear(&host);
}
