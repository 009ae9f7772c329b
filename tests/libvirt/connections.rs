//! Transports to a daemon, and daemons that are missing or end: each test has its own daemon.

use expect_test::expect;
use nixvirt::error::Error;
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::Backend;
use nixvirt::step::{Operation, Redacted, Shutdown};
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::xml;
use nixvirt_tests::libvirtd::{self, until};
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

/// A daemon with its own folders and sockets. It ends when this is dropped.
struct Daemon {
    folder: PathBuf,
    process: Option<Child>,
}

impl Daemon {
    /// A daemon that is not started yet.
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join("connections").join(name);
        let _ = fs::remove_dir_all(&folder);
        for part in ["run", "lib", "etc"] {
            fs::create_dir_all(folder.join(part)).expect("a writable folder");
        }
        Daemon { folder, process: None }
    }

    /// Starts the daemon with these lines of configuration.
    fn start(&mut self, settings: &str) {
        let folder = self.folder.display();
        let settings = format!(
            "unix_sock_dir = \"{folder}\"\nauth_unix_rw = \"none\"\nlisten_tls = 0\nlog_outputs = \"3:file:{folder}/log\"\n{settings}\n"
        );
        fs::write(self.folder.join("conf"), settings).expect("a writable folder");
        let script = format!(
            "(cat /etc/libvirt/qemu.conf; echo 'stdio_handler = \"file\"') > {folder}/etc/qemu.conf && mount --bind {folder}/run /run/libvirt && \
             mount --bind {folder}/lib /var/lib/libvirt && mount --bind {folder}/etc /etc/libvirt && \
             exec libvirtd --listen -f {folder}/conf -p {folder}/pid"
        );
        fs::create_dir_all("/run/libvirt").expect("a writable folder");
        let process = Command::new("unshare").args(["--mount", "sh", "-euc", &script]).spawn();
        self.process = Some(process.expect("`unshare` starts"));
    }

    fn uri(&self) -> String {
        format!("qemu+unix:///system?socket={}/libvirt-sock", self.folder.display())
    }

    fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().and_then(|()| process.wait()).expect("it runs");
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

fn domains_of(connection: &Connection) -> Inventory {
    connection.list(&BTreeSet::from([Type::Domain])).expect("the daemon lists")
}

fn execute(connection: &Connection, operation: Operation) -> Result<(), Error> {
    connection.execute(&Id::new(Type::Domain, "web"), &operation, &mut |_, _| ())
}

fn redacted(xml: &str) -> Redacted {
    Redacted(xml::element(xml).expect("XML"))
}

fn undefine() -> Operation {
    Operation::Undefine { purge: Vec::new(), keep: Vec::new(), must_be_off: false }
}

fn define() -> Operation {
    let definition = redacted(
        "<domain type='qemu'><name>web</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020100</uuid>\
         <memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os></domain>",
    );
    Operation::Define { definition }
}

#[test]
fn a_daemon_that_starts_later_is_waited_for() {
    let mut daemon = Daemon::new("later");
    let uri = daemon.uri();
    let begin = Instant::now();
    let why = Connection::open(&uri, Duration::from_millis(300)).err().expect("nothing listens").line();
    assert!(begin.elapsed() >= Duration::from_millis(300));
    expect!["cannot connect to qemu+unix:///system?socket=/tmp/connections/later/libvirt-sock: Failed to connect socket to '/tmp/connections/later/libvirt-sock': No such file or directory; check that the libvirt daemon is running"].assert_eq(&why);
    scope(|scope| {
        let waits =
            scope.spawn(|| Connection::open(&uri, Duration::from_secs(30)).map(|connection| domains_of(&connection)));
        sleep(Duration::from_millis(300));
        daemon.start("");
        let inventory = waits.join().expect("no panic").expect("it answers in time");
        assert!(inventory.objects.is_empty());
    });
}

#[test]
fn a_host_that_ssh_does_not_reach() {
    let why = Connection::open("qemu+ssh://host.invalid/system", Duration::ZERO).err().expect("there is no such host");
    expect!["check that `ssh` reaches the host, and that the libvirt daemon is running there"]
        .assert_eq(why.hint().unwrap_or_default());
}

#[test]
fn a_daemon_that_goes_away_is_asked_again() {
    let mut daemon = Daemon::new("away");
    daemon.start("");
    let connection = Connection::open(&daemon.uri(), Duration::from_secs(30)).expect("it answers");
    execute(&connection, define()).expect("it is defined");
    execute(&connection, Operation::Start).expect("it starts");
    let process = || fs::read_to_string(daemon.folder.join("run/qemu/web.pid")).expect("it runs");
    let before = process();
    daemon.kill();
    let why = connection.list(&BTreeSet::from([Type::Domain])).expect_err("it is gone").line();
    expect!["cannot list the domains: the connection to the libvirt daemon was lost; check that the libvirt daemon is running"].assert_eq(&why);
    daemon.start("");
    execute(&connection, Operation::Autostart { on: true }).expect("it is there again");
    let found = domains_of(&connection).get(&Id::new(Type::Domain, "web")).cloned().expect("it is defined");
    assert!(found.autostart && found.is_active);
    let process = || fs::read_to_string(daemon.folder.join("run/qemu/web.pid")).expect("it runs");
    assert_eq!(process(), before, "the guest noticed nothing");
    execute(&connection, Operation::Stop(Shutdown { timeout: 0, force: true })).expect("it stops");
}

/// A missing certificate, as libvirt words it up to 11.3, and in 12.8.
const CERTIFICATE: &str = "Cannot read CA certificate '/etc/pki/CA/cacert.pem'";
const CERTIFICATE_OF_12_8: &str = "CA certificate '/etc/pki/CA/cacert.pem' does not exist";

#[test]
fn what_waiting_does_not_heal_fails_at_once() {
    let _libvirtd = libvirtd::shared();
    let begin = Instant::now();
    let fails = |uri: &str| match Connection::open(uri, Duration::from_secs(60)) {
        Ok(_) => panic!("{uri} is no daemon"),
        Err(why) => why.line() + "\n",
    };
    let all = [
        fails("nonsense:///"),
        fails("qemu:///nonsense"),
        fails("qemu+tls://localhost/system"),
        fails("bhyve:///system"),
        fails("test:///\0"),
    ];
    expect![[r#"
        cannot connect to nonsense:///: no connection driver available for nonsense:///; check the URI: this libvirt has no driver for it
        cannot connect to qemu:///nonsense: internal error: unexpected qemu URI path '/nonsense', try qemu:///system
        cannot connect to qemu+tls://localhost/system: Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory; check your permissions (libvirtd group, polkit, SSH key or TLS certificate)
        cannot connect to bhyve:///system: no connection driver available for bhyve:///system; check the URI: this libvirt has no driver for it
        cannot connect to "test:///\0": the URI contains a null character
    "#]].assert_eq(&all.concat().replace(CERTIFICATE_OF_12_8, CERTIFICATE));
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn other_ways_to_a_daemon() {
    let mut daemon = Daemon::new("ways");
    daemon.start("listen_tcp = 1\ntcp_port = \"16599\"\nauth_tcp = \"none\"");
    let socket = daemon.folder.join("libvirt-sock");
    until("the daemon listens", || socket.exists());
    // A transport program only carries bytes between its standard streams and the daemon.
    let carries = daemon.folder.join("carries");
    let script = format!("#!/bin/sh\nexec virt-ssh-helper -r '{}'\n", daemon.uri());
    fs::write(&carries, script).expect("a writable folder");
    fs::set_permissions(&carries, fs::Permissions::from_mode(0o755)).expect("the script can be made executable");
    for uri in [
        daemon.uri(),
        "qemu+tcp://127.0.0.1:16599/system".to_owned(),
        format!("qemu+ext:///system?command={}", carries.display()),
    ] {
        let connection = Connection::open(&uri, Duration::from_secs(10));
        let connection = connection.unwrap_or_else(|why| panic!("{uri}: {}", why.line()));
        execute(&connection, define()).unwrap_or_else(|why| panic!("{uri}: {}", why.line()));
        assert_eq!(domains_of(&connection).objects.len(), 1, "{uri}");
    }
}

/// libvirt's test driver has all types but secrets and network filters. Its guests shut down on request.
#[test]
fn the_test_driver() {
    let connection = Connection::open("test:///default", Duration::ZERO).expect("it is in libvirt's library");
    let listed = || {
        let inventory = connection.list(&BTreeSet::from(Type::ALL)).expect("it lists");
        let line = |(id, found): (&Id, &Observed)| {
            format!(
                "{id}{}{}\n",
                if found.is_active { " runs" } else { "" },
                if found.autostart { " by itself" } else { "" }
            )
        };
        inventory.objects.iter().map(line).collect::<Vec<_>>().concat()
    };
    let does = |id: Id, operation: Operation| {
        for time in ["first", "second"] {
            let done = connection.execute(&id, &operation, &mut |_, _| ());
            done.unwrap_or_else(|why| panic!("{id}, for the {time} time: {operation:?}: {}", why.line()));
        }
    };
    let define = |id: Id, xml: &str| does(id, Operation::Define { definition: redacted(xml) });
    let [web, lan, pool] =
        [(Type::Domain, "web"), (Type::Network, "lan"), (Type::Pool, "disks")].map(|(kind, name)| Id::new(kind, name));
    let (volume, snapshot) = (Id::within(Type::Volume, "disks", "root"), Id::within(Type::Snapshot, "web", "fresh"));
    define(
        web.clone(),
        "<domain type='test'><name>web</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020100</uuid><memory>8192</memory>\
         <os><type>hvm</type></os></domain>",
    );
    define(
        lan.clone(),
        "<network><name>lan</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020101</uuid><bridge name='lan0'/></network>",
    );
    define(
        pool.clone(),
        "<pool type='dir'><name>disks</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020102</uuid>\
         <target><path>/disks</path></target></pool>",
    );
    for id in [&web, &lan, &pool] {
        does(id.clone(), Operation::Autostart { on: true });
        does(id.clone(), Operation::Start);
    }
    let xml = "<volume><name>root</name><capacity>1024</capacity></volume>";
    does(volume.clone(), Operation::CreateVolume { definition: redacted(xml) });
    let xml = "<domainsnapshot><name>fresh</name></domainsnapshot>";
    does(snapshot.clone(), Operation::CreateSnapshot { definition: redacted(xml) });
    expect![[r#"
        pool default-pool runs
        pool disks runs by itself
        volume disks/root runs
        network default runs
        network lan runs by itself
        domain test runs
        domain web runs by itself
        snapshot web/fresh runs
    "#]]
    .assert_eq(&listed());

    does(volume, Operation::DeleteVolume);
    does(snapshot, Operation::DeleteSnapshot);
    for id in [web, lan, pool] {
        does(id.clone(), Operation::Stop(Shutdown { timeout: 10, force: false }));
        does(id, undefine());
    }
    expect![[r#"
        pool default-pool runs
        network default runs
        domain test runs
    "#]]
    .assert_eq(&listed());
}

/// Containers are declared as guests are. No container is started, because a chroot may lack control groups.
#[test]
fn containers() {
    let _libvirtd = libvirtd::shared();
    let connection = Connection::open("lxc:///", Duration::from_secs(30)).expect("the daemon has the driver");
    let name = Id::new(Type::Domain, "web");
    let define = |init: &str| {
        let xml = format!(
            "<domain type='lxc'><name>web</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020103</uuid><memory>65536</memory>\
             <os><type>exe</type><init>{init}</init></os><devices><console type='pty'/></devices></domain>"
        );
        execute(&connection, Operation::Define { definition: redacted(&xml) }).expect("it is defined");
    };
    define("/bin/sh");
    define("/bin/init");
    execute(&connection, Operation::Autostart { on: true }).expect("it starts with the host");
    let mut found = domains_of(&connection).get(&name).cloned().expect("it is defined");
    connection.read(&name, &mut found).expect("it has XML");
    assert!(
        found.autostart
            && !found.is_active
            && found.definition.is_some_and(|it| it.to_string().contains("<init>/bin/init</init>"))
    );
    execute(&connection, undefine()).expect("it is undefined");
    assert!(domains_of(&connection).objects.is_empty());
}

/// A guest never runs on two hosts: where its declaration goes, it is created once it is off where it was.
#[test]
fn a_guest_whose_declaration_moves() {
    let [mut alpha, mut beta] = ["alpha", "beta"].map(Daemon::new);
    alpha.start("");
    beta.start("");
    let [alpha_uri, beta_uri] = [&alpha, &beta].map(Daemon::uri);
    for uri in [&alpha_uri, &beta_uri] {
        Connection::open(uri, Duration::from_secs(30)).expect("it answers");
    }
    let folder = alpha.folder.parent().expect("it is in a folder").join("moved");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("disks")).expect("a writable folder");
    let (manifest, disks) = (folder.join("manifest.json"), folder.join("disks"));
    let pool = format!("<pool type='dir'><name>disks</name><target><path>{}</path></target></pool>", disks.display());
    let guest = "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>\
         <disk type='volume'><source pool='disks' volume='web'/><target dev='vda'/></disk></devices></domain>";
    let volume = "<volume><name>web</name><capacity unit='MiB'>1</capacity></volume>";
    let domains = json!([{ "xml": guest, "active": true, "volumes": [{ "pool": "disks", "xml": volume }] }]);
    let run = |command: &str, at: [&Json; 2]| {
        let here = |domains: &Json| json!({ "pools": [{ "xml": pool }], "domains": domains });
        let connections = json!({ &alpha_uri: here(at[0]), &beta_uri: here(at[1]) });
        fs::write(&manifest, json!({ "version": 1, "connections": connections }).to_string())
            .expect("a writable folder");
        let mut nixvirt = Command::new("nixvirt");
        nixvirt.args([command, "--wait", "1", "--state"]).arg(folder.join("state")).arg("--manifest").arg(&manifest);
        nixvirt_tests::run(&mut nixvirt)
    };
    let nixvirt = |command: &str, at: [&Json; 2]| {
        let outcome = run(command, at);
        assert!(outcome.succeeded, "{}{}", outcome.stdout, outcome.stderr);
        outcome.stdout.replace(&alpha_uri, "ALPHA").replace(&beta_uri, "BETA")
    };
    let runs_at = |uri: &str| {
        let connection = Connection::open(uri, Duration::ZERO).expect("it answers");
        domains_of(&connection).get(&Id::new(Type::Domain, "web")).map(|found| found.is_active)
    };
    let force_off = |uri: &str| {
        let connection = Connection::open(uri, Duration::ZERO).expect("it answers");
        execute(&connection, Operation::Stop(Shutdown { timeout: 0, force: true })).expect("it stops");
    };
    let none = json!([]);
    nixvirt("apply", [&domains, &none]);
    fs::remove_file(disks.join("web")).expect("the hosts do not share their disks");
    expect![[r#"
        ALPHA
            domain web:       kept while the guest runs; now declared at BETA (shut the guest down, or set `move` there)
            volume disks/web: kept, no longer managed (set present = false to delete it)
        BETA
          > pool disks:       start
          . volume disks/web: depends on the contents of pool disks, which is started first
          . domain web:       created once the guest no longer runs at ALPHA, where it was declared before

        Legend: > change state, . deferred or pending restart
        1 to change, 2 deferred, 2 kept, 1 unchanged
    "#]]
    .assert_eq(&nixvirt("plan", [&none, &domains]));
    for _ in 0..2 {
        nixvirt("apply", [&none, &domains]);
        assert_eq!([&alpha_uri, &beta_uri].map(|uri| runs_at(uri)), [Some(true), None]);
    }
    force_off(&alpha_uri);
    expect![[r#"
        ALPHA
          - domain web: remove
        BETA
          + volume disks/web: create
          + domain web:       create, start

        Legend: + create, - remove
        2 to create, 1 to remove, 2 unchanged
    "#]]
    .assert_eq(&nixvirt("plan", [&none, &domains]));
    nixvirt("apply", [&none, &domains]);
    assert_eq!([&alpha_uri, &beta_uri].map(|uri| runs_at(uri)), [None, Some(true)]);

    // A host that does not answer may run the guest.
    beta.kill();
    let outcome = run("apply", [&domains, &none]);
    assert!(
        !outcome.succeeded && outcome.stdout.contains("created once the guest no longer runs at"),
        "{}",
        outcome.stdout
    );
    assert_eq!(runs_at(&alpha_uri), None);
    beta.start("");
    until("the daemon is there again", || Connection::open(&beta_uri, Duration::ZERO).is_ok());
    force_off(&beta_uri);
}
