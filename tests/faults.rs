//! What goes wrong while `nixvirt apply` runs, on a real libvirt: it harms nothing, says what it is, and the next run heals it.

use libtest_mimic::{Arguments, Failed, Trial};
use nixvirt::declared;
use nixvirt::manifest;
use nixvirt::reconcile::{self, Event};
use nixvirt::state::State;
use nixvirt_libvirt::Connection;
use nixvirt_tests::libvirt::{daemons, process, start, until, virsh};
use nixvirt_tests::run;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::cell::Cell;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

const URI: &str = "qemu:///system";

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, victim, manifest, state, steps] = arguments.as_slice() {
        if let Some(victim) = Victim::named(victim) {
            return cut(victim, Path::new(manifest), Path::new(state), steps.parse().expect("a number"));
        }
    }
    let trials = [
        Trial::test("killed between any two steps", killed_between_any_two_steps),
        Trial::test("the daemon is killed in the middle", the_daemon_is_killed),
        Trial::test("a full disk", a_full_disk),
        Trial::test("a state directory that cannot be written", no_state),
        Trial::test("corrupt and missing records", bad_records),
        Trial::test("broken XML", broken_xml),
        Trial::test("two objects of one name", two_of_one_name),
        Trial::test("two runs at once", two_runs),
        Trial::test("a pool whose folder is gone", no_folder),
    ];
    // One after the other: they share a libvirt.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials.into()).exit();
}

/// Who is killed.
#[derive(Clone, Copy, PartialEq)]
enum Victim {
    Ourselves,
    Daemon,
}

impl Victim {
    fn named(name: &str) -> Option<Self> {
        [Victim::Ourselves, Victim::Daemon].into_iter().find(|victim| victim.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Victim::Ourselves => "--kill-ourselves",
            Victim::Daemon => "--kill-daemon",
        }
    }

    fn kill(self) {
        let process = match self {
            Victim::Ourselves => rustix::process::getpid(),
            Victim::Daemon => {
                let number = fs::read_to_string("/run/libvirtd.pid").expect("it runs");
                Pid::from_raw(number.trim().parse().expect("a number")).expect("a process")
            }
        };
        kill_process(process, Signal::KILL).expect("it runs");
        until("libvirtd is gone", || virsh(&["version"]).is_empty());
    }
}

/// Applies a manifest, and kills before the step of that number.
fn cut(victim: Victim, file: &Path, state: &Path, steps: usize) {
    let text = fs::read_to_string(file).expect("the manifest");
    let manifest = manifest::read(&text, "manifest", None).expect("a good manifest");
    let store = State::new(Some(state.to_owned())).expect("a state directory").of(URI);
    let desired = declared::read(&manifest.connections[URI], Path::new("/"), &owner(state));
    let daemon = Connection::open(URI, Duration::ZERO).expect("libvirt answers");
    let daemon = daemon.keeping(store.folder().join("kept"));
    let done = Cell::new(0);
    let watch = |event: Event<'_>| {
        if let Event::Step(_) = event {
            if done.replace(done.get() + 1) == steps {
                victim.kill();
            }
        }
    };
    let applied = reconcile::apply(&daemon, &desired, &store, &watch);
    let failures = applied.outcomes.iter().filter_map(|outcome| outcome.failure.as_ref()).chain(&applied.failure);
    failures.for_each(|failure| eprintln!("{}", failure.line()));
    println!("{}", done.get());
}

fn owner(state: &Path) -> String {
    format!("{}:{}", rustix::system::uname().nodename().to_string_lossy(), state.display())
}

/// A place for a manifest and the record of what was applied.
struct Host(PathBuf);

impl Host {
    fn new(name: &str) -> Self {
        daemons();
        let folder = std::env::temp_dir().join(format!("faults-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a writable folder");
        sweep();
        Host(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn declare(&self, connection: &Value) -> Vec<String> {
        let text = json!({ "version": 1, "connections": { URI: connection } }).to_string();
        fs::write(self.0.join("manifest.json"), text).expect("a writable folder");
        vec!["--manifest".into(), self.path("manifest.json"), "--state".into(), self.path("state")]
    }

    fn apply(&self, connection: &Value) -> Output {
        self.command(connection).output().expect("nixvirt runs")
    }

    fn command(&self, connection: &Value) -> Command {
        let mut command = Command::new("nixvirt");
        command.arg("apply").args(self.declare(connection)).env("NO_COLOR", "1");
        command
    }

    /// Applies, and all is well.
    fn heal(&self, connection: &Value) -> Result<(), Failed> {
        let output = self.apply(connection);
        expect(output.status.code() == Some(0), || format!("not healed: {}", said(&output)))
    }

    /// Applies, which must fail and say so.
    fn fail(&self, connection: &Value, because: &str) -> Result<(), Failed> {
        let output = self.apply(connection);
        let said = said(&output);
        expect(output.status.code() == Some(1), || format!("it should fail: {said}"))?;
        expect(said.contains(because), || format!("it should say {because:?}: {said}"))
    }

    /// Runs what is declared, with somebody killed before the step of that number.
    fn cut(&self, victim: Victim, steps: usize) -> Output {
        Command::new(std::env::current_exe().expect("this is a program"))
            .args([victim.name(), &self.path("manifest.json"), &self.path("state"), &steps.to_string()])
            .output()
            .expect("it runs")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn expect(is_so: bool, else_say: impl FnOnce() -> String) -> Result<(), Failed> {
    if is_so { Ok(()) } else { Err(else_say().into()) }
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

fn domain(number: u32, title: &str, memory: u32) -> Value {
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

/// The names of our objects that `virsh` lists.
fn named(list: &[&str]) -> Vec<String> {
    let names = virsh(list);
    let ours = names.split_whitespace().filter(|name| name.starts_with("fault"));
    let mut names: Vec<_> = ours.map(str::to_owned).collect();
    names.sort();
    names
}

fn domains() -> Vec<String> {
    named(&["list", "--all", "--name"])
}

/// Takes away what a trial that failed left.
fn sweep() {
    for (prefix, list) in [("", "list"), ("net-", "net-list"), ("pool-", "pool-list")] {
        for name in named(&[list, "--all", "--name"]) {
            virsh(&[&format!("{prefix}destroy"), &name]);
            virsh(&[&format!("{prefix}undefine"), &name]);
        }
    }
    for name in named(&["nwfilter-list"]) {
        virsh(&["nwfilter-undefine", &name]);
    }
}

/// All that libvirt has of ours, as it tells it.
fn world(host: &Host) -> String {
    let mut told = String::new();
    for name in domains() {
        told += &virsh(&["dumpxml", "--inactive", &name]);
        told += &virsh(&["dominfo", &name]);
    }
    for name in named(&["net-list", "--all", "--name"]) {
        told += &virsh(&["net-dumpxml", "--inactive", &name]);
        told += &virsh(&["net-info", &name]);
    }
    for name in named(&["pool-list", "--all", "--name"]) {
        // How much of the file system is free, and whose it is, libvirt finds there.
        let is_ours = |line: &&str| ["<name>", "<uuid>", "<path>", "State", "Auto"].iter().any(|it| line.contains(it));
        let pool = virsh(&["pool-dumpxml", "--inactive", &name]) + "\n" + &virsh(&["pool-info", &name]);
        told += &pool.lines().filter(is_ours).map(|line| line.to_owned() + "\n").collect::<String>();
    }
    for name in named(&["nwfilter-list"]) {
        told += &virsh(&["nwfilter-dumpxml", &name]);
    }
    let mut files: Vec<_> =
        fs::read_dir(host.0.join("pool")).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.sort();
    for file in files {
        told += &format!("\n{}: {:?}", file.display(), String::from_utf8_lossy(&fs::read(&file).expect("a volume")));
    }
    // The address of a bridge is made up by libvirt.
    told.lines().filter(|line| !line.starts_with("  <mac ")).map(|line| line.to_owned() + "\n").collect()
}

/// libvirt has what it is to have.
fn same(now: &str, whole: &str, when: &str) -> Result<(), Failed> {
    let (now, whole): (Vec<_>, Vec<_>) = (now.lines().collect(), whole.lines().collect());
    let longer = now.len().max(whole.len());
    let Some(at) = (0..longer).find(|at| now.get(*at) != whole.get(*at)) else { return Ok(()) };
    let around = |lines: &[&str]| lines[at.saturating_sub(6).min(lines.len())..(at + 3).min(lines.len())].join("\n");
    Err(format!("{when}, there is\n{}\nand not\n{}", around(&now), around(&whole)).into())
}

fn nothing(host: &Host) -> Value {
    let mut pool = pool(host, &[]);
    let gone = |number| json!({ "name": format!("volume{number}"), "present": false });
    pool["volumes"] = json!([gone(0), gone(1), gone(2)]);
    json!({ "nwfilters": [], "networks": [], "pools": [pool], "domains": [] })
}

fn clear(host: &Host) -> Result<(), Failed> {
    host.heal(&nothing(host))?;
    host.heal(&json!({ "nwfilters": [], "networks": [], "pools": [], "domains": [] }))
}

fn before(host: &Host) -> Value {
    json!({
        "nwfilters": [filter(1)],
        "networks": [network(1, ""), network(2, "")],
        "pools": [pool(host, &[64, 64])],
        "domains": [domain(1, "One", 64), domain(2, "Two", 64)],
    })
}

/// Of each type something is made, changed and removed.
fn after(host: &Host) -> Value {
    json!({
        "nwfilters": [filter(2), filter(3)],
        "networks": [network(1, "<domain name='fault.test'/>"), network(3, ""), network(4, "")],
        "pools": [pool(host, &[128, 64, 64])],
        "domains": [domain(1, "Eins", 96), domain(3, "Three", 64), domain(4, "Four", 64)],
    })
}

fn killed_between_any_two_steps() -> Result<(), Failed> {
    let host = Host::new("killed");
    let (before, after) = (before(&host), after(&host));
    let mut whole = None;
    for steps in 0.. {
        host.heal(&before)?;
        host.declare(&after);
        let output = host.cut(Victim::Ourselves, steps);
        if output.status.signal() != Some(9) {
            let all: usize = String::from_utf8_lossy(&output.stdout).trim().parse()?;
            expect(all >= 30 && all == steps, || {
                format!("{all} steps are too few, or were cut at {steps}: {}", said(&output))
            })?;
            println!("cut before each of {all} steps");
            break;
        }
        host.heal(&after)?;
        let now = world(&host);
        let whole = whole.get_or_insert_with(|| now.clone());
        same(&now, whole, &format!("cut before step {steps}"))?;
        let again = Command::new("nixvirt")
            .args(["plan", "--detailed-exitcode"])
            .args(host.declare(&after))
            .output()
            .expect("nixvirt runs");
        expect(again.status.code() == Some(0), || format!("cut before step {steps}: {}", said(&again)))?;
        clear(&host)?;
    }
    clear(&host)
}

fn the_daemon_is_killed() -> Result<(), Failed> {
    let host = Host::new("daemon");
    let guest = json!({ "domains": [{ "xml": domain(9, "Nine", 64)["xml"].as_str().expect("XML").replace("fault9", "bystander"), "active": true }] });
    let bystander = Host::new("bystander");
    bystander.heal(&guest)?;
    let pid = process("bystander");
    let (before, after) = (before(&host), after(&host));
    host.heal(&before)?;
    host.heal(&after)?;
    let whole = world(&host);
    for steps in [0, 7, 14, 21, 28] {
        clear(&host)?;
        host.heal(&before)?;
        host.declare(&after);
        let output = host.cut(Victim::Daemon, steps);
        let said = said(&output);
        expect(said.contains("libvirt"), || format!("it should say that libvirt is gone: {said}"))?;
        start("libvirtd");
        host.heal(&after)?;
        same(&world(&host), &whole, &format!("with libvirtd killed before step {steps}"))?;
        expect(process("bystander") == pid, || "a guest was hurt".into())?;
    }
    clear(&host)?;
    virsh(&["destroy", "bystander"]);
    bystander.heal(&json!({ "domains": [] }))
}

/// A file system of its own, which is gone with this.
struct Disk(String);

impl Disk {
    fn new(at: String, size: &str) -> Self {
        fs::create_dir_all(&at).expect("a writable folder");
        let disk = Disk(at);
        disk.mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]);
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

fn a_full_disk() -> Result<(), Failed> {
    let host = Host::new("full");
    let wanted = json!({ "domains": [domain(1, "One", 64)] });
    let disk = Disk::new(host.path("state"), "64k");
    // All of it is taken.
    let _ = fs::write(host.0.join("state/ballast"), vec![0; 128 * 1024]);
    host.fail(&wanted, "o space left")?;
    expect(domains().is_empty(), || "what cannot be noted is not made".into())?;
    fs::remove_file(host.0.join("state/ballast"))?;
    host.heal(&wanted)?;
    host.heal(&json!({ "domains": [] }))?;
    drop(disk);

    // The same where the content of a volume goes.
    let disk = Disk::new(host.path("pool"), "256k");
    let mut pool = pool(&host, &[1024]);
    let image = "an image ".repeat(60_000);
    fs::write(host.0.join("image"), &image)?;
    let wanted = json!({ "pools": [pool.clone()], "domains": [domain(1, "One", 64)] });
    host.fail(&wanted, "volume fault-pool/volume0")?;
    expect(domains().contains(&"fault1".to_owned()), || "the others are made".into())?;
    disk.again("size=4m");
    host.heal(&wanted)?;
    let content = fs::read_to_string(host.0.join("pool/volume0"))?;
    expect(content.trim_end_matches('\0') == image, || "the content is whole".into())?;
    pool["volumes"] = json!([]);
    host.heal(&json!({ "pools": [pool], "domains": [] }))?;
    host.heal(&json!({ "pools": [], "domains": [] }))
}

fn no_state() -> Result<(), Failed> {
    let host = Host::new("read-only");
    let wanted = json!({ "domains": [domain(1, "One", 64)] });
    let disk = Disk::new(host.path("state"), "1m");
    disk.again("ro");
    host.fail(&wanted, "ead-only file system")?;
    expect(domains().is_empty(), || "what cannot be noted is not made".into())?;
    disk.again("rw");
    host.heal(&wanted)?;
    host.heal(&json!({ "domains": [] }))
}

/// The files of the record of domains.
fn records(host: &Host) -> Vec<PathBuf> {
    nixvirt_tests::files(&host.0.join("state"), "json")
}

fn bad_records() -> Result<(), Failed> {
    let host = Host::new("records");
    let wanted = json!({ "domains": [domain(1, "One", 64), domain(2, "Two", 64)] });
    host.heal(&wanted)?;
    let whole = world(&host);
    let files = records(&host);
    expect(files.len() == 2, || format!("{files:?}"))?;
    for garbage in ["", "{", "{}", "\0\u{1}\u{2}", &"[".repeat(100_000)] {
        fs::write(&files[0], garbage)?;
        let output = host.apply(&wanted);
        let said = said(&output);
        expect(output.status.code() == Some(0), || said.clone())?;
        expect(said.contains(&files[0].display().to_string()), || format!("it names the file: {said}"))?;
        same(&world(&host), &whole, &format!("with a record of {:?}", &garbage[..garbage.len().min(9)]))?;
        let output = host.apply(&wanted);
        expect(!self::said(&output).contains("warning"), || "the record is written anew".into())?;
    }
    // Without any record, the marks in the objects tell what is ours.
    fs::remove_dir_all(host.0.join("state"))?;
    host.heal(&json!({ "domains": [domain(1, "One", 64)] }))?;
    expect(!domains().contains(&"fault2".to_owned()), || "what was ours is removed".into())?;
    host.heal(&json!({ "domains": [] }))
}

fn broken_xml() -> Result<(), Failed> {
    let host = Host::new("broken");
    let good = domain(1, "One", 64);
    for broken in
        ["", "<domain", "<network><name>fault2</name></network>", "<domain type='qemu'><name>fault2</name></domain>"]
    {
        host.fail(&json!({ "domains": [{ "xml": broken }, good] }), "domain")?;
        expect(domains() == ["fault1"], || format!("the other is made beside {broken:?}"))?;
    }
    host.heal(&json!({ "domains": [good, domain(2, "Two", 64)] }))?;
    // What cannot be read may be what was declared before: nothing is removed for it.
    host.fail(&json!({ "domains": [{ "xml": "<domain" }] }), "domain")?;
    expect(domains().contains(&"fault2".to_owned()), || "nothing is removed".into())?;
    host.heal(&json!({ "domains": [] }))
}

fn two_of_one_name() -> Result<(), Failed> {
    let host = Host::new("twins");
    host.fail(&json!({ "domains": [domain(1, "One", 64), domain(1, "Other", 64), domain(2, "Two", 64)] }), "fault1")?;
    expect(domains() == ["fault2"], || "neither is made, and the others are".into())?;
    host.heal(&json!({ "domains": [domain(1, "One", 64)] }))?;
    host.heal(&json!({ "domains": [] }))
}

fn two_runs() -> Result<(), Failed> {
    let host = Host::new("at-once");
    let (before, after) = (before(&host), after(&host));
    host.heal(&before)?;
    host.heal(&after)?;
    let whole = world(&host);
    clear(&host)?;
    host.heal(&before)?;
    let spawn = || host.command(&after).spawn();
    let mut runs = [spawn()?, spawn()?, spawn()?];
    for run in &mut runs {
        expect(run.wait()?.success(), || "each ends well".into())?;
    }
    same(&world(&host), &whole, "after three at once")?;
    clear(&host)
}

fn no_folder() -> Result<(), Failed> {
    let host = Host::new("folder");
    let wanted = json!({ "pools": [pool(&host, &[64])], "domains": [domain(1, "One", 64)] });
    host.heal(&wanted)?;
    virsh(&["pool-destroy", "fault-pool"]);
    fs::remove_dir_all(host.0.join("pool"))?;
    fs::write(host.0.join("pool"), "in the way")?;
    host.fail(&wanted, "pool fault-pool")?;
    fs::remove_file(host.0.join("pool"))?;
    host.heal(&wanted)?;
    expect(host.0.join("pool/volume0").exists(), || "the volume is made again".into())?;
    clear(&host)
}
