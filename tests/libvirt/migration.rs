//! Guests that move between two daemons, each on a host of its own: with its own network, host name, host UUID and folders.

mod off;
mod transport;
mod writing;

use expect_test::expect;
use nixvirt_tests::libvirtd::until;
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use virt::connect::Connect;
use virt::domain::DomainState;

const MIB: usize = 1 << 20;

/// A host with a daemon. Both end when this is dropped.
struct Host {
    folder: PathBuf,
    /// Holds the name spaces of the host, also while no daemon runs.
    holder: Child,
    daemon: RefCell<Child>,
}

impl Host {
    fn start(folder: &Path, name: &str, number: u8) -> Self {
        let folder = folder.join(name);
        for part in ["run", "lib", "etc", "disks"] {
            fs::create_dir_all(folder.join(part)).expect("a writable folder");
        }
        fs::create_dir_all("/run/libvirt").expect("a writable folder");
        let at = folder.display();
        let settings = format!(
            "unix_sock_dir = \"{at}\"\nauth_unix_rw = \"none\"\nlisten_tls = 0\nlog_outputs = \"3:file:{at}/log\"\n\
             host_uuid = \"00000000-0000-4000-8000-00000000000{number}\"\n"
        );
        fs::write(folder.join("conf"), settings).expect("a writable folder");
        fs::write(folder.join("hosts"), "127.0.0.1 localhost\n10.83.0.1 alpha\n10.83.0.2 beta\n")
            .expect("a writable folder");
        let shared = folder.with_file_name("shared").display().to_string();
        let script = format!(
            "hostname {name} && ip link set lo up && cp /etc/libvirt/*.conf {at}/etc && \
             printf 'stdio_handler = \"file\"\\nshared_filesystems = [ \"%s\" ]\\n' {shared} >> {at}/etc/qemu.conf && mount --bind {at}/run /run/libvirt && \
             mount --bind {at}/lib /var/lib/libvirt && mount --bind {at}/etc /etc/libvirt && \
             mount --bind {at}/hosts /etc/hosts && echo && exec sleep infinity"
        );
        let mut holder = Command::new("unshare");
        holder.args(["--mount", "--uts", "--net", "sh", "-euc", &script]).stdout(Stdio::piped());
        let mut holder = holder.spawn().expect("`unshare` starts");
        let ready = holder.stdout.take().expect("it is a pipe").read_exact(&mut [0]);
        ready.expect("the name spaces are made");
        let daemon = RefCell::new(Host::daemon(&folder, &holder));
        Host { folder, holder, daemon }
    }

    fn daemon(folder: &Path, holder: &Child) -> Child {
        let mut daemon = Host::within(holder);
        daemon.arg("libvirtd").arg("-f").arg(folder.join("conf")).arg("-p").arg(folder.join("pid"));
        daemon.spawn().expect("`nsenter` starts")
    }

    /// A command in the name spaces of a host.
    fn within(holder: &Child) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["-m", "-r", "-u", "-n", "-t", &holder.id().to_string()]);
        command
    }

    fn kill_daemon(&self) {
        let mut daemon = self.daemon.borrow_mut();
        daemon.kill().and_then(|()| daemon.wait()).expect("it runs");
    }

    fn start_daemon(&self) {
        *self.daemon.borrow_mut() = Host::daemon(&self.folder, &self.holder);
        until("the daemon answers", || Connect::open(Some(&self.uri())).is_ok());
    }

    fn uri(&self) -> String {
        format!("qemu+unix:///system?socket={}/libvirt-sock", self.folder.display())
    }

    /// Whether the guest runs; None if the host has no such domain.
    fn runs(&self) -> Option<bool> {
        self.connect().lookup_domain_by_name("web").ok().map(|web| web.is_active().expect("it is known"))
    }

    /// Whether the guest executes instructions. A guest that arrives does not yet.
    fn executes(&self) -> bool {
        let state = self.connect().lookup_domain_by_name("web").and_then(|web| web.state());
        state.is_ok_and(|(state, _)| state.is(DomainState::Running))
    }

    fn force_off(&self) {
        self.connect().lookup_domain_by_name("web").and_then(|web| web.destroy()).expect("it runs");
    }

    fn disk(&self) -> PathBuf {
        self.folder.join("disks/web")
    }

    /// Runs a command of the shell in the name spaces of the host.
    fn shell(&self, script: &str) {
        let outcome = run(Host::within(&self.holder).args(["sh", "-euc", script]));
        assert!(outcome.succeeded, "{script}: {}", outcome.stderr);
    }

    /// Waits until a guest's disk has content here, which a move copies.
    #[track_caller]
    fn receives_the_disk(&self) {
        until("the copy has begun", || fs::read(self.disk()).is_ok_and(|disk| disk.iter().any(|byte| *byte != 0)));
    }

    /// Deletes the disk that a guest has left behind, which would be in the way of the next copy.
    fn delete_disk(&self) {
        fs::remove_file(self.disk()).expect("it is kept");
        self.refresh();
    }

    fn connect(&self) -> Connect {
        Connect::open(Some(&self.uri())).expect("the daemon answers")
    }

    fn refresh(&self) {
        self.connect().lookup_storage_pool_by_name("disks").and_then(|pool| pool.refresh(0)).expect("the pool runs");
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        for process in [self.daemon.get_mut(), &mut self.holder] {
            process.kill().and_then(|()| process.wait()).expect("it runs");
        }
    }
}

/// Two hosts that reach each other, and a manifest for them.
struct Hosts {
    folder: PathBuf,
    alpha: Host,
    beta: Host,
}

impl Hosts {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join("migration").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("shared")).expect("a writable folder");
        let hosts = Hosts { alpha: Host::start(&folder, "alpha", 1), beta: Host::start(&folder, "beta", 2), folder };
        let link = format!(
            "ip link add mv{name}0 type veth peer name mv{name}1 && ip link set mv{name}0 netns {0} && ip link set mv{name}1 netns {1} && \
             nsenter -t {0} -n sh -euc 'ip addr add 10.83.0.1/24 dev mv{name}0; ip link set mv{name}0 up' && \
             nsenter -t {1} -n sh -euc 'ip addr add 10.83.0.2/24 dev mv{name}1; ip link set mv{name}1 up'",
            hosts.alpha.holder.id(),
            hosts.beta.holder.id()
        );
        for host in [&hosts.alpha, &hosts.beta] {
            until("the daemon answers", || Connect::open(Some(&host.uri())).is_ok());
        }
        let linked = run(Command::new("sh").args(["-euc", &link]));
        assert!(linked.succeeded, "{}", linked.stderr);
        hosts
    }

    /// Declares the guest on one of the hosts, or on one that does not answer.
    fn declare(&self, at: &str, guest: &Json) {
        let connection = |host: &Host, name: &str| {
            let disks = host.folder.join("disks");
            let xml =
                format!("<pool type='dir'><name>disks</name><target><path>{}</path></target></pool>", disks.display());
            let domains = if at == name { json!([guest]) } else { json!([]) };
            json!({ "pools": [{ "xml": xml }], "domains": domains })
        };
        let mut connections = json!({
            self.alpha.uri(): connection(&self.alpha, "alpha"),
            self.beta.uri(): connection(&self.beta, "beta"),
        });
        if at == "gone" {
            connections["qemu+unix:///system?socket=/gone"] = json!({ "domains": [guest] });
        }
        let manifest = json!({ "version": 1, "connections": connections });
        fs::write(self.folder.join("manifest.json"), manifest.to_string()).expect("a writable folder");
    }

    fn command(&self, command: &str) -> Command {
        let mut nixvirt = Command::new("nixvirt");
        nixvirt.args([command, "--wait", "1", "--state"]).arg(self.folder.join("state"));
        nixvirt.arg("--manifest").arg(self.folder.join("manifest.json"));
        nixvirt
    }

    fn nixvirt(&self, command: &str) -> String {
        let outcome = run(&mut self.command(command));
        assert!(outcome.succeeded, "{}{}", outcome.stdout, outcome.stderr);
        self.shown(&outcome.stdout)
    }

    fn fails(&self, command: &str) -> String {
        let outcome = run(&mut self.command(command));
        assert!(!outcome.succeeded, "{}{}", outcome.stdout, outcome.stderr);
        self.shown(&outcome.stdout)
    }

    fn shown(&self, text: &str) -> String {
        text.replace(&self.alpha.uri(), "ALPHA").replace(&self.beta.uri(), "BETA")
    }

    /// Kills `apply` so long after its first step has begun.
    fn kill_after(&self, delay: Duration) {
        let mut apply = self.command("apply");
        apply.arg("--verbose").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut apply = apply.spawn().expect("`nixvirt` starts");
        let mut lines = BufReader::new(apply.stderr.take().expect("it is a pipe")).lines();
        lines.next();
        sleep(delay);
        apply.kill().and_then(|()| apply.wait()).expect("it runs, or has ended");
    }

    /// Kills something when the given step of `apply` begins, and lets `apply` end. Returns whether it got so far.
    fn kill_at(&self, step: usize, kill: impl FnOnce(&mut Child)) -> bool {
        let mut apply = self.command("apply");
        apply.arg("--verbose").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut apply = apply.spawn().expect("`nixvirt` starts");
        let mut lines = BufReader::new(apply.stderr.take().expect("it is a pipe")).lines().map_while(Result::ok);
        let got_there = lines.nth(step).is_some();
        if got_there {
            kill(&mut apply);
        }
        lines.for_each(drop);
        apply.wait().expect("it ends");
        got_there
    }

    fn have_equal_disks(&self) {
        let [there, here] = [&self.alpha, &self.beta].map(|host| fs::read(host.disk()).expect("the disk is there"));
        assert!(there == here, "the disks are equal");
    }

    /// Where the guest is, as far as libvirt knows.
    fn runs(&self) -> [Option<bool>; 2] {
        [self.alpha.runs(), self.beta.runs()]
    }
}

/// A guest with a disk that is filled from a file, and these settings.
fn guest(disk: &Path, settings: &Json) -> Json {
    let xml = "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>\
         <disk type='volume'><source pool='disks' volume='web'/><target dev='vda'/></disk></devices></domain>";
    let volume = "<volume><name>web</name><capacity unit='MiB'>4</capacity></volume>";
    let mut guest = json!({ "xml": xml, "volumes": [{ "pool": "disks", "xml": volume, "content": { "file": disk } }] });
    guest.as_object_mut().expect("a set").extend(settings.as_object().expect("a set").clone());
    guest
}

/// Two hosts, and a guest that runs on the first one and takes its disk along when it moves.
fn with_a_running_guest(name: &str) -> (Hosts, Json) {
    let hosts = Hosts::new(name);
    let image = hosts.folder.join("image");
    fs::write(&image, content()).expect("a writable folder");
    let web = guest(&image, &json!({ "move": "live", "storage": "copy", "active": true }));
    hosts.declare("alpha", &web);
    hosts.nixvirt("apply");
    (hosts, web)
}

/// Content without two equal parts, and with holes.
fn content() -> Vec<u8> {
    let number = |at: usize| (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
    let mut bytes: Vec<u8> = (0..3 * MIB / 8).flat_map(number).collect();
    bytes[MIB..2 * MIB].fill(0);
    bytes
}

#[test]
fn a_guest_that_is_off_moves_with_its_disk() {
    let hosts = Hosts::new("off");
    let image = hosts.folder.join("image");
    fs::write(&image, content()).expect("a writable folder");
    let moves = |more: Json| {
        let mut settings = json!({ "move": "offline", "storage": "copy" });
        settings.as_object_mut().expect("a set").extend(more.as_object().expect("a set").clone());
        guest(&image, &settings)
    };
    // Without a system, the guest does not shut down by itself.
    let off = json!({ "timeout": 0, "force": true });
    let (runs, restarts) =
        (json!({ "active": true }), json!({ "active": true, "onChange": "restart", "shutdown": off }));
    hosts.declare("alpha", &moves(runs.clone()));
    hosts.nixvirt("apply");
    // What the guest wrote since.
    let mut disk = fs::read(hosts.alpha.disk()).expect("the disk is there");
    disk[7] ^= 1;
    fs::write(hosts.alpha.disk(), &disk).expect("the disk can be written to");

    hosts.declare("beta", &moves(runs));
    expect![[r#"
        ALPHA
            volume disks/web: kept, no longer managed (set present = false to delete it)
        BETA
          > pool disks:       start
          . volume disks/web: depends on the contents of pool disks, which is started first
          . domain web:       moved once the guest is off at ALPHA (shut it down, or set move = "live" or onChange = "restart")

        Legend: > change state, . deferred or pending restart
        1 to change, 2 deferred, 1 kept, 1 unchanged
    "#]]
    .assert_eq(&hosts.nixvirt("plan"));
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [Some(true), None]);
    // A command on one connection knows from the records of the other one whose the guest is.
    let alone = run(hosts.command("plan").args(["--json", "--connect", &hosts.beta.uri()]));
    let plan: Json = serde_json::from_str(&alone.stdout).expect("it is JSON");
    let objects = plan["connections"][hosts.beta.uri()]["objects"].as_array().expect("there are objects");
    let domain = objects.iter().find(|object| object["type"] == "domain").expect("it is declared");
    assert_eq!(
        (&domain["verdict"], &domain["reasons"][0]["reason"]),
        (&json!("deferred"), &json!("may-run-elsewhere"))
    );
    hosts.declare("gone", &moves(restarts.clone()));
    hosts.fails("apply");
    assert_eq!(hosts.runs(), [Some(true), None], "a host that does not answer gets no guest");

    hosts.declare("beta", &moves(restarts.clone()));
    expect![[r#"
        BETA
          + volume disks/web: create
              its content is copied when domain web moves from ALPHA
          → domain web:       move from ALPHA, copy volume disks/web, start; the guest shuts down (forced off after 0 s) and starts again

        Legend: + create, → move
        1 to create, 1 to move, 2 unchanged
    "#]].assert_eq(&hosts.nixvirt("plan"));
    expect![[r#"
        BETA
          + volume disks/web: created
              its content is copied when domain web moves from ALPHA
          → domain web:       moved from ALPHA, copied volume disks/web, started; the guest shuts down (forced off after 0 s) and starts again
        1 created, 1 moved, 2 unchanged
    "#]].assert_eq(&hosts.nixvirt("apply"));
    assert_eq!(hosts.runs(), [None, Some(true)]);
    assert!(fs::read(hosts.beta.disk()).expect("the disk was copied") == disk, "the disks are equal");
    expect![[r#"
        4 unchanged
    "#]]
    .assert_eq(&hosts.nixvirt("plan"));

    // The old disk is kept, and nothing overwrites it.
    hosts.declare("alpha", &moves(restarts.clone()));
    expect![[r#"
        ALPHA
            volume disks/web: kept
              not copied from BETA: volume disks/web exists here, and its content is unknown
              hint: delete the volume if it is not needed, or set storage = "shared" if it is the disk of the guest
          ! domain web:
              error: not copied from BETA: volume disks/web exists here, and its content is unknown
              hint: delete the volume if it is not needed, or set storage = "shared" if it is the disk of the guest
        BETA
            volume disks/web: kept, no longer managed (set present = false to delete it)
        2 kept, 2 unchanged, 1 error
    "#]]
    .assert_eq(&hosts.fails("apply"));
    assert_eq!(hosts.runs(), [None, Some(true)]);
    hosts.beta.force_off();
}

/// Whatever is killed at whichever step, the guest is on one side or off, and the next run finishes the move.
#[test]
fn a_move_that_is_cut() {
    let hosts = Hosts::new("cut");
    let image = hosts.folder.join("image");
    fs::write(&image, content()).expect("a writable folder");
    let settings = json!({
        "move": "offline", "storage": "copy", "active": true, "onChange": "restart", "shutdown": { "timeout": 0, "force": true }
    });
    let web = guest(&image, &settings);
    hosts.declare("alpha", &web);
    hosts.nixvirt("apply");
    let disk = fs::read(hosts.alpha.disk()).expect("the disk is there");
    let (mut from, mut to) = (&hosts.alpha, &hosts.beta);
    for victim in ["nixvirt", "the old daemon", "the new daemon"] {
        let (mut step, mut is_cut) = (0, true);
        while is_cut {
            let after = format!("{victim} is killed at step {step}");
            hosts.declare(if to.folder == hosts.beta.folder { "beta" } else { "alpha" }, &web);
            is_cut = match victim {
                "nixvirt" => hosts.kill_at(step, |apply| apply.kill().expect("it runs")),
                _ => {
                    let host = if victim == "the old daemon" { from } else { to };
                    let is_cut = hosts.kill_at(step, |_| host.kill_daemon());
                    if is_cut {
                        host.start_daemon();
                    }
                    is_cut
                }
            };
            let running = [from, to].into_iter().filter(|host| host.runs() == Some(true)).count();
            assert!(running <= 1, "{after}: {:?}", hosts.runs());
            hosts.nixvirt("apply");
            assert_eq!((from.runs(), to.runs()), (None, Some(true)), "{after}");
            assert!(fs::read(to.disk()).expect("the disk was copied") == disk, "{after}");
            from.delete_disk();
            (from, to) = (to, from);
            step += 1;
        }
    }
    from.force_off();
}

/// The number of live moves there and back.
fn rounds() -> usize {
    std::env::var("NIXVIRT_LIVE_MOVES").ok().and_then(|count| count.parse().ok()).unwrap_or(2)
}

#[test]
fn a_running_guest_moves() {
    let hosts = Hosts::new("live");
    let shared = hosts.folder.join("shared/web.qcow2");
    let made = run(Command::new("qemu-img").args(["create", "-q", "-f", "qcow2"]).arg(&shared).arg("4M"));
    assert!(made.succeeded, "{}", made.stderr);
    let xml = format!(
        "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>\
         <disk type='file'><driver name='qemu' type='qcow2'/><source file='{}'/><target dev='vda'/></disk></devices></domain>",
        shared.display()
    );
    let web = |title: &str| {
        let xml = xml.replace("<memory", &format!("<title>{title}</title><memory"));
        json!({ "xml": xml, "active": true, "move": "live" })
    };
    hosts.declare("alpha", &web("one"));
    hosts.nixvirt("apply");
    hosts.declare("beta", &web("two"));
    expect![[r#"
        BETA
          → domain web: move from ALPHA; the guest keeps running
              title: one → two

        Legend: → move
        1 to move, 2 unchanged
    "#]]
    .assert_eq(&hosts.nixvirt("plan"));
    expect![[r#"
        BETA
          → domain web: moved from ALPHA; the guest keeps running
              title: one → two
          ~ domain web: changed live
              title: one → two (live)
        1 changed, 1 moved, 2 unchanged
    "#]]
    .assert_eq(&hosts.nixvirt("apply"));
    assert_eq!(hosts.runs(), [None, Some(true)]);
    for round in 0..rounds() {
        for (at, runs) in [("alpha", [Some(true), None]), ("beta", [None, Some(true)])] {
            hosts.declare(at, &web("two"));
            hosts.nixvirt("apply");
            assert_eq!(hosts.runs(), runs, "round {round}");
        }
    }
    // Wherever a migration is cut, the guest executes on one host, and a later run goes on.
    for delay in [0, 250, 750] {
        hosts.declare("alpha", &web("two"));
        hosts.kill_after(Duration::from_millis(delay));
        assert!(!(hosts.alpha.executes() && hosts.beta.executes()), "cut after {delay} ms");
        until("the move is finished", || run(&mut hosts.command("apply")).succeeded);
        assert_eq!(hosts.runs(), [Some(true), None], "cut after {delay} ms");
        hosts.declare("beta", &web("two"));
        hosts.nixvirt("apply");
    }
    expect![[r#"
        3 unchanged
    "#]]
    .assert_eq(&hosts.nixvirt("plan"));
    hosts.beta.force_off();
}

/// A guest whose disks only one host reaches takes them along while it runs.
#[test]
fn a_running_guest_moves_with_its_disk() {
    let (hosts, web) = with_a_running_guest("copy");
    hosts.declare("beta", &web);
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [None, Some(true)]);
    hosts.have_equal_disks();
    hosts.beta.force_off();
}

#[test]
fn a_link_that_is_cut_while_the_disk_is_copied() {
    cut_the_link("link", false);
}

#[test]
fn a_link_and_a_run_that_are_cut_while_the_disk_is_copied() {
    cut_the_link("linkrun", true);
}

/// The guest runs on the old host as long as its memory and disk do not arrive. Once the link is back, the move goes on, or the
/// next run makes it if this one was `killed`.
fn cut_the_link(name: &str, killed: bool) {
    let (hosts, web) = with_a_running_guest(name);
    hosts.declare("beta", &web);
    hosts.alpha.shell(&format!("tc qdisc add dev mv{name}0 root tbf rate 4mbit burst 32kbit latency 400ms"));
    let mut apply = hosts.command("apply").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    // Before that, the connection of the copy would be refused without the link, and the run would end with an error.
    hosts.beta.receives_the_disk();
    hosts.alpha.shell(&format!("ip link set mv{name}0 down"));
    if killed {
        apply.kill().expect("it runs");
    }
    sleep(Duration::from_secs(1));
    assert!(hosts.alpha.executes() && !hosts.beta.executes(), "the guest runs where it was");
    hosts.alpha.shell(&format!("ip link set mv{name}0 up; tc qdisc del dev mv{name}0 root"));
    assert_eq!(apply.wait().expect("it ends").success(), !killed);
    until("the move is finished", || run(&mut hosts.command("apply")).succeeded);
    assert_eq!(hosts.runs(), [None, Some(true)]);
    hosts.have_equal_disks();
    hosts.beta.force_off();
}

/// The plan of a move asks the new host what it asks of the host of each guest.
#[test]
fn a_host_that_cannot_run_the_guest() {
    let (hosts, web) = with_a_running_guest("unable");
    hosts.beta.shell("mount --bind /dev/null /usr/bin/qemu-system-x86_64");
    hosts.declare("beta", &web);
    expect![[r#"
        ALPHA
            volume disks/web: kept, no longer managed (set present = false to delete it)
        BETA
          > pool disks:       start
          . volume disks/web: depends on the contents of pool disks, which is started first
          ! domain web:
              error: not moved: this host cannot run the guest: os.type.arch: the host does not support "x86_64": expected aarch64, armv6l, armv7l or i686
              hint: install QEMU for that architecture on the host

        Legend: > change state, . deferred or pending restart, ! error
        1 to change, 1 deferred, 1 kept, 1 unchanged, 1 error
    "#]].assert_eq(&hosts.fails("plan"));
    assert_eq!(hosts.runs(), [Some(true), None]);
    hosts.alpha.force_off();
}
