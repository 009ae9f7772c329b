//! What others do beside `nixvirt`, and what hangs: each is the error of one object, within a stated time, and harms nothing.

use crate::faults::{Host, domain, domains, said};
use crate::reconcile::Report;
use expect_test::expect;
use nixvirt_tests::libvirtd::{self, process, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

impl Host {
    /// Runs a command on what was declared last.
    fn run(&self, command: &str, options: &[&str]) -> Output {
        let mut nixvirt = Command::new("nixvirt");
        nixvirt.arg(command).args(["--manifest", &self.path("manifest.json"), "--state", &self.path("state")]);
        nixvirt.args(options).env("NO_COLOR", "1").output().expect("nixvirt runs")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a writable folder");
    }
}

/// A process that is stopped until this is dropped.
struct Stopped(Pid);

impl Stopped {
    fn new(number: &str) -> Self {
        let pid = number.trim().parse().ok().and_then(Pid::from_raw).expect("the number of a process");
        kill_process(pid, Signal::STOP).expect("it runs");
        Stopped(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::CONT);
    }
}

/// A folder on a file system that never answers, until this is dropped.
struct Hanging {
    folder: PathBuf,
    /// The end of the server, which reads no request.
    server: Option<File>,
}

impl Hanging {
    fn new(host: &Host) -> Self {
        let folder = host.0.join("hanging");
        fs::create_dir(&folder).expect("a writable folder");
        let server = File::options().read(true).write(true).open("/dev/fuse").expect("Linux has FUSE");
        let options = "fd=0,rootmode=40000,user_id=0,group_id=0";
        let mut mount = Command::new("mount");
        mount.args(["-i", "-t", "fuse", "-o", options, "hanging"]).arg(&folder);
        mount.stdin(Stdio::from(server.try_clone().expect("a file")));
        assert!(run(&mut mount).succeeded);
        Hanging { folder, server: Some(server) }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        // All requests end with an error.
        self.server = None;
        run(Command::new("umount").arg("--lazy").arg(&self.folder));
    }
}

/// Runs `nixvirt` as a user who is not root, and may use the daemon.
fn as_user(arguments: &[&str]) -> Output {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "nixvirt"]).args(arguments);
    command.env("HOME", "/tmp/user").env("NO_COLOR", "1").output().expect("setpriv runs")
}

fn pool(host: &Host, volumes: Value) -> Value {
    let xml =
        format!("<pool type='dir'><name>fault-pool</name><target><path>{}</path></target></pool>", host.path("pool"));
    json!({ "pools": [{ "xml": xml, "active": true, "volumes": volumes }] })
}

fn volume(name: &str, content: Value) -> Value {
    let xml = format!(
        "<volume><name>{name}</name><capacity unit='KiB'>64</capacity><target><format type='raw'/></target></volume>"
    );
    json!({ "xml": xml, "content": content })
}

#[test]
fn a_file_that_is_there_is_not_overwritten() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("in-the-way");
    host.write("image", "an image");
    host.heal(&pool(&host, json!([volume("source.img", json!({ "file": host.path("image") }))])));
    let contents =
        [("b.img", json!({ "file": host.path("image") })), ("c.img", json!({ "volume": { "name": "source.img" } }))];
    for (name, content) in contents {
        // libvirt lists a file that is put there only after a refresh.
        host.write(&format!("pool/{name}"), "someone's data");
        let source = volume("source.img", json!({ "file": host.path("image") }));
        let declared = pool(&host, json!([source, volume(name, content)]));
        host.fail(&declared, "nothing was written to the volume");
        for _ in 0..2 {
            host.heal(&declared);
            let found = fs::read_to_string(host.0.join("pool").join(name)).expect("a file");
            assert!(found.starts_with("someone's data"), "{name}: {found:?}");
        }
        host.heal(&pool(&host, json!([{ "name": name, "present": false }])));
    }
}

#[test]
fn a_creation_that_failed_licenses_nothing() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("refused");
    host.write("image", "an image");
    host.heal(&pool(&host, json!([])));
    let xml =
        "<volume><name>a.img</name><capacity unit='EiB'>15</capacity><target><format type='raw'/></target></volume>";
    host.fail(
        &pool(&host, json!([{ "xml": xml, "content": { "file": host.path("image") } }])),
        "volume fault-pool/a.img",
    );
    host.write("pool/a.img", "someone's data");
    virsh(&["pool-refresh", "fault-pool"]);
    host.heal(&pool(&host, json!([volume("a.img", json!({ "file": host.path("image") }))])));
    assert!(fs::read_to_string(host.0.join("pool/a.img")).expect("a file").starts_with("someone's data"));
}

/// The record of an earlier version, which was saved before the volume was created.
#[test]
fn the_record_of_a_volume_that_may_be_another() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("unclear");
    host.write("image", "an image");
    let declared = pool(&host, json!([volume("a.img", json!({ "file": host.path("image") }))]));
    host.heal(&declared);
    let record = nixvirt_tests::files(&host.0.join("state"), "json");
    let record = record.iter().find(|path| path.to_string_lossy().contains("a.img")).expect("a record");
    let begun = fs::read_to_string(record).expect("a record").replacen('{', "{ \"isHalfFilled\": true,", 1);
    fs::write(record, &begun).expect("a writable folder");
    host.write("pool/a.img", "someone's data");
    host.fail(&declared, "not empty");
    assert_eq!(fs::read_to_string(host.0.join("pool/a.img")).expect("a file"), "someone's data");
    // The run was killed after the volume was created, and nothing was written to it.
    fs::write(host.0.join("pool/a.img"), vec![0; 65536]).expect("a writable folder");
    host.heal(&declared);
    assert!(fs::read_to_string(host.0.join("pool/a.img")).expect("a file").starts_with("an image"));
}

#[test]
fn another_guest_of_the_name() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("another");
    let xml = "<domain type='qemu'><name>fault9</name><memory unit='MiB'>64</memory>\
               <os><type arch='x86_64' machine='q35'>hvm</type></os></domain>";
    let declared = json!({ "domains": [{ "xml": xml }] });
    host.heal(&declared);
    virsh(&["undefine", "fault9"]);
    host.write("other.xml", &xml.replace("<memory", "<uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999</uuid><memory"));
    virsh(&["define", &host.path("other.xml")]);
    let whole = virsh(&["dumpxml", "fault9"]);
    host.fail(&declared, "libvirt has another domain fault9");
    assert_eq!(virsh(&["dumpxml", "fault9"]), whole);
    host.heal(&json!({ "domains": [] }));
    assert_eq!(virsh(&["dumpxml", "fault9"]), whole, "it is not the one that was applied");
    host.heal(&declared);
    assert_eq!(domains(), ["fault9"]);
}

#[test]
fn a_volume_whose_file_is_gone() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("vanished");
    let mut declared = pool(&host, json!([volume("a.img", Value::Null), volume("b.img", Value::Null)]));
    declared["domains"] = json!([domain(1, "One", 64)]);
    host.heal(&declared);
    fs::remove_file(host.0.join("pool/a.img")).expect("it is there");
    expect![[r#"
        pool fault-pool in-sync unchanged
        volume a.img error error
          unreadable-definition
        volume b.img in-sync unchanged
        domain fault1 in-sync unchanged
    "#]]
    .assert_eq(&Report::read(&said(&host.run("status", &["--json"]))).facts());
    declared["domains"] = json!([domain(1, "Another title", 64)]);
    let text = said(&host.apply(&declared));
    assert!(virsh(&["dumpxml", "fault1"]).contains("Another title"), "{text}");
}

#[test]
fn pipes_in_place_of_files() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("pipes");
    let good = domain(1, "One", 64);
    host.heal(&json!({ "domains": [good] }));
    for name in ["definition", "value", "content"] {
        assert!(run(Command::new("mkfifo").arg(host.path(name))).succeeded);
    }
    let secret = "<secret><usage type='ceph'><name>fault</name></usage></secret>";
    let mut declared = pool(&host, json!([volume("a.img", json!({ "file": host.path("content") }))]));
    declared["secrets"] = json!([{ "xml": secret, "valueFile": host.path("value") }]);
    declared["domains"] = json!([good, domain(2, "Two", 64), { "definition": host.path("definition") }]);
    let begin = Instant::now();
    let output = host.apply(&declared);
    let text = said(&output);
    assert_eq!(text.matches("it is not a regular file").count(), 3, "{text}");
    assert_eq!(domains(), ["fault1", "fault2"], "{text}");
    for (name, because) in [("/dev/zero", "it is not a regular file"), ("/dev/null", "it is not a regular file")] {
        host.fail(&pool(&host, json!([volume("a.img", json!({ "file": name }))])), because);
    }
    host.write("empty", "");
    host.fail(&pool(&host, json!([volume("a.img", json!({ "file": host.path("empty") }))])), "is empty");
    assert!(!host.0.join("pool/a.img").exists(), "nothing is created for it");
    assert!(begin.elapsed() < Duration::from_secs(60));
}

/// A user's link to a file of root, which the user cannot read.
#[test]
fn a_link_of_a_user_leads_to_no_file_of_root() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("link");
    fs::create_dir(host.0.join("user")).expect("a writable folder");
    let link = host.0.join("user/image");
    symlink("/etc/shadow", &link).expect("a writable folder");
    lchown(&link, Some(1234), Some(1234)).expect("root may");
    let because = "a symbolic link to the file belongs to user 1234";
    let content = json!({ "file": link });
    host.fail(&pool(&host, json!([volume("a.img", content)])), because);
    assert!(!host.0.join("pool/a.img").exists(), "nothing is created for it");
    host.fail(&json!({ "domains": [{ "definition": link }] }), because);
    let secret = "<secret><usage type='ceph'><name>fault</name></usage></secret>";
    host.fail(&json!({ "secrets": [{ "xml": secret, "valueFile": link }] }), because);
}

#[test]
fn a_file_system_that_hangs_is_the_error_of_its_objects() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("hanging");
    host.write("image", "an image");
    let on = |file: &str| {
        let mut guest = domain(2, "Two", 64);
        let disk = format!("<disk type='file'><source file='{file}'/><target dev='vda' bus='virtio'/></disk>");
        let xml = guest["xml"].as_str().expect("XML").replace("<devices>", &format!("<devices>{disk}"));
        guest["xml"] = json!(xml);
        guest
    };
    host.heal(&json!({ "domains": [domain(1, "One", 64), on(&host.path("hanging/disk"))] }));
    let hanging = Hanging::new(&host);
    let mut declared = pool(&host, json!([volume("a.img", json!({ "file": hanging.path("image") }))]));
    let mut changed = on(&hanging.path("disk"));
    changed["xml"] = json!(changed["xml"].as_str().expect("XML").replace("Two", "Another title"));
    declared["domains"] = json!([domain(1, "Another title", 64), changed, { "definition": hanging.path("guest.xml") }]);
    let begin = Instant::now();
    let output = host.apply(&declared);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(text.matches("its file system has not answered in 20 s").count(), 3, "{text}");
    assert!(begin.elapsed() < Duration::from_secs(90), "{text}");
    assert!(virsh(&["dumpxml", "fault1"]).contains("Another title"), "{text}");
    assert!(!virsh(&["dumpxml", "fault2"]).contains("Another title"), "{text}");
    drop(hanging);
    declared["pools"] = json!([]);
    declared["domains"] = json!([domain(1, "Another title", 64), changed]);
    host.heal(&declared);
}

/// An image on a file system whose server stops answering while the image is read: at 2 MiB in a second, that takes a while.
struct Stalling {
    server: Child,
    path: PathBuf,
}

impl Stalling {
    fn new(host: &Host) -> Self {
        let (image, path) = (host.0.join("image"), host.0.join("stalling"));
        fs::write(&image, vec![b'x'; 16 << 20]).expect("a writable folder");
        fs::write(&path, "").expect("a writable folder");
        let limit = json!({ "qom-type": "throttle-group", "id": "slow", "limits": { "bps-read": 2 << 20 } });
        let node = json!({
            "driver": "throttle", "throttle-group": "slow", "node-name": "image", "read-only": true,
            "file": { "driver": "file", "filename": image, "read-only": true },
        });
        let export = json!({ "type": "fuse", "id": "image", "node-name": "image", "mountpoint": path });
        let mut server = Command::new("qemu-storage-daemon");
        server.args(["--object", &limit.to_string(), "--blockdev", &node.to_string(), "--export", &export.to_string()]);
        let server = server.spawn().expect("qemu-storage-daemon runs");
        wait_until(|| fs::metadata(&path).is_ok_and(|found| found.len() == 16 << 20));
        Stalling { server, path }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.server), signal).expect("it runs");
    }
}

impl Drop for Stalling {
    fn drop(&mut self) {
        self.signal(Signal::CONT);
        self.signal(Signal::TERM);
        let _ = self.server.wait();
    }
}

/// Waits until something is so, for half a minute.
#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it is not so in half a minute");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_content_that_hangs_in_the_middle_is_the_error_of_its_volume() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("stalling");
    let stalling = Stalling::new(&host);
    let mut declared = pool(&host, json!([volume("a.img", json!({ "file": stalling.path }))]));
    declared["domains"] = json!([domain(1, "One", 64)]);
    let mut apply = host.command(&declared).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("nixvirt runs");
    let volume = host.0.join("pool/a.img");
    wait_until(|| fs::metadata(&volume).is_ok_and(|found| found.blocks() * 512 > 1 << 20));
    stalling.signal(Signal::STOP);
    let begin = Instant::now();
    let mut text = String::new();
    for line in BufReader::new(apply.stdout.take().expect("it is piped")).lines() {
        text += &line.expect("it is text");
        if text.contains("its file system has not answered in 20 s") {
            break;
        }
    }
    assert!(begin.elapsed() < Duration::from_secs(40), "{text}");
    assert!(virsh(&["dumpxml", "fault1"]).contains("One"), "{text}");
    // Linux lets no process end that has a file of such a file system open.
    stalling.signal(Signal::CONT);
    assert_eq!(apply.wait().expect("it ends").code(), Some(1), "{text}");
    // Once the file system answers, the whole image is written.
    host.heal(&declared);
    assert!(fs::read(&volume).expect("a file").iter().all(|byte| *byte == b'x'));
}

/// Another user would report root's objects as new, and manage them a second time. libvirt's test driver needs no permission.
#[test]
fn records_of_root_are_not_doubled() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("of-root");
    for folder in ["/tmp/user", &host.path("own")] {
        fs::create_dir_all(folder).expect("a writable folder");
        chown(folder, Some(65534), Some(65534)).expect("root may");
    }
    let network = "<network><name>of-root</name></network>";
    let manifest = json!({ "version": 1, "connections": { "test:///default": { "networks": [{ "xml": network }] } } });
    host.write("manifest.json", &manifest.to_string());
    let manifest = host.path("manifest.json");
    let root = run(Command::new("nixvirt").args(["apply", "--manifest", &manifest]));
    assert!(root.succeeded, "{}", root.stderr);
    fs::set_permissions("/var/lib/nixvirt", fs::Permissions::from_mode(0o700)).expect("root may");
    for command in ["status", "plan", "apply"] {
        let output = as_user(&[command, "--manifest", &manifest]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(69), "{text}");
        assert!(text.contains("root manages this connection"), "{text}");
        assert!(text.contains("hint: run the command as root"), "{text}");
    }
    let output = as_user(&["plan", "--manifest", &manifest, "--state", &host.path("own")]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    fs::remove_dir_all("/var/lib/nixvirt/test%3A%2F%2F%2Fdefault").expect("root may");
}

/// A run that waits for a guest holds the lock of the connection, which reports do not need.
#[test]
fn plan_and_status_answer_while_a_run_waits() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("meanwhile");
    let guest = |active: bool| {
        let mut guest = domain(1, "One", 64);
        guest["active"] = json!(active);
        guest["shutdown"] = json!({ "timeout": 15 });
        json!({ "domains": [guest] })
    };
    host.heal(&guest(true));
    // A guest without a system does not shut down.
    let mut apply = host.command(&guest(false));
    let mut apply = apply.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("nixvirt runs");
    sleep(Duration::from_secs(2));
    for command in ["plan", "status"] {
        let begin = Instant::now();
        let text = said(&host.run(command, &[]));
        assert!(begin.elapsed() < Duration::from_secs(5) && text.contains("fault1"), "{command}: {text}");
        assert_eq!(apply.try_wait().expect("it is a child"), None, "the run still waits");
    }
    assert_eq!(apply.wait().expect("it ends").code(), Some(1));
    virsh(&["destroy", "fault1"]);
}

#[test]
fn a_stopped_guest_is_the_error_of_that_guest() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("stopped-guest");
    let guest = |number: u32, title: &str, memory: u32| {
        let mut guest = domain(number, title, 64);
        let xml = guest["xml"]
            .as_str()
            .expect("XML")
            .replace("<os>", &format!("<currentMemory unit='MiB'>{memory}</currentMemory><os>"));
        guest["xml"] = json!(xml);
        guest["active"] = json!(true);
        guest
    };
    host.heal(&json!({ "domains": [guest(1, "One", 64), guest(2, "Two", 64)] }));
    let stopped = Stopped::new(&process("fault1"));
    host.declare(&json!({ "domains": [guest(1, "One", 48), guest(2, "Another title", 64)] }));
    let begin = Instant::now();
    let output = host.run("apply", &["--timeout", "3"]);
    let text = said(&output);
    assert!(begin.elapsed() < Duration::from_secs(40), "{text}");
    assert!(text.contains("has not answered in 3 s"), "{text}");
    assert!(virsh(&["dumpxml", "fault2"]).contains("Another title"), "{text}");
    for command in ["plan", "status"] {
        let begin = Instant::now();
        let text = said(&host.run(command, &["--timeout", "3"]));
        assert!(begin.elapsed() < Duration::from_secs(20) && text.contains("fault1"), "{command}: {text}");
    }
    let begin = Instant::now();
    let mut virtdeclare = Command::new("virtdeclare");
    virtdeclare.args(["--connect", libvirtd::URI, "--type", "domain", "--name", "fault1", "--state", "inactive"]);
    let output = virtdeclare.args(["--call-timeout", "3"]).output().expect("virtdeclare runs");
    let text = said(&output);
    assert!(begin.elapsed() < Duration::from_secs(20), "{text}");
    assert!(text.contains("domain \"fault1\"") && text.contains("has not answered in 3 s"), "{text}");
    assert!(text.contains("--call-timeout"), "{text}");
    drop(stopped);
    virsh(&["destroy", "fault1"]);
    virsh(&["destroy", "fault2"]);
}

#[test]
fn a_stopped_daemon_is_told_in_time() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("stopped-daemon");
    host.heal(&json!({ "domains": [domain(1, "One", 64)] }));
    let stopped = Stopped::new(&fs::read_to_string("/run/libvirtd.pid").expect("libvirtd runs"));
    for command in ["plan", "status", "apply"] {
        let begin = Instant::now();
        let output = host.run(command, &["--wait", "2", "--timeout", "3"]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(69), "{text}");
        assert!(begin.elapsed() < Duration::from_secs(15), "{command}: {text}");
        assert!(text.contains("no answer in 3 s") && text.contains("up to 3 s"), "{command}: {text}");
    }
    let begin = Instant::now();
    let doctor = run(Command::new("nixvirt").args(["doctor", "--timeout", "2"]));
    assert!(begin.elapsed() < Duration::from_secs(15), "{}", doctor.stdout);
    assert!(doctor.stdout.contains("no answer in 2 s") && doctor.stdout.contains("Nix plugin:"), "{}", doctor.stdout);
    drop(stopped);
}

#[test]
fn names_and_titles_reach_no_terminal_as_they_are() {
    let _libvirtd = libvirtd::alone();
    let host = Host::new("terminal");
    let deceptive = "\u{202e}evil\u{2028}x";
    let guest = |title: &str| {
        let mut guest = domain(1, title, 64);
        let xml = guest["xml"].as_str().expect("XML").replace("<name>fault1<", &format!("<name>fault1{deceptive}<"));
        guest["xml"] = json!(xml);
        guest
    };
    let title = format!("a\u{9b}31m{deceptive}");
    let is_plain = |text: &str, of: &str| {
        let strange: Vec<_> = text
            .chars()
            .filter(|it| (it.is_control() && *it != '\n') || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2028}'))
            .collect();
        assert!(strange.is_empty(), "{of}: {strange:?} in {text:?}");
    };
    let mut declared = json!({ "domains": [guest(&title), { "definition": format!("/none{deceptive}\n") }] });
    for round in 0..2 {
        host.declare(&declared);
        for command in ["plan", "status", "apply", "status"] {
            let text = said(&host.run(command, &["--verbose"]));
            assert!(text.contains("evil"), "{command} names it: {text:?}");
            is_plain(&text, &format!("{command} in round {round}"));
        }
        declared = json!({ "domains": [guest("other")] });
    }
    let imported = said(&run_import());
    assert!(imported.contains("evil"), "{imported:?}");
    is_plain(&imported, "import");
    host.fail(&json!({ "domains": [{ "xml": "<domain type='qemu'><name>..</name></domain>" }] }), "the name \"..\"");
    fs::write(
        host.0.join("manifest.json"),
        format!("{{ \"version\": 1, \"connections\": {{ \"none{deceptive}:///\": {{}} }} }}"),
    )
    .expect("a writable folder");
    is_plain(&said(&host.run("plan", &[])), "the URI");
    let nul = "{ \"version\": 1, \"connections\": { \"none\\u0000\": {} } }";
    fs::write(host.0.join("manifest.json"), nul).expect("a writable folder");
    let text = said(&host.run("plan", &[]));
    assert!(text.contains("null character"), "{text:?}");
}

fn run_import() -> Output {
    Command::new("nixvirt").args(["import", libvirtd::URI]).output().expect("nixvirt runs")
}
