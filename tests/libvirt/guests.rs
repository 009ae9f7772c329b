//! `nixvirt list`, `wait`, `ssh`, `console` and `view` with guests that have no operating system.

use crate::reconcile::{Host, disk, domains, guest, printed};
use expect_test::expect;
use nixvirt_tests::libvirtd::{URI, virsh};
use nixvirt_tests::{Outcome, boot_disk, run};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

fn nixvirt(arguments: &[&str]) -> Outcome {
    run(Command::new("nixvirt").args(arguments))
}

/// The list in JSON.
fn list(arguments: &[&str]) -> Value {
    printed(&nixvirt(&[&["list", "--json"], arguments].concat()), "guests")
}

/// The guests in the list, without what differs between runs.
fn listed() -> Value {
    let mut list = list(&[]);
    for guest in list["guests"].as_array_mut().expect("a list") {
        assert_eq!(guest["since"].is_u64(), guest["state"] == "running", "{guest}");
        guest.as_object_mut().expect("an object").retain(|key, _| !matches!(key.as_str(), "since" | "uuid" | "disks"));
    }
    list["guests"].take()
}

#[test]
fn guests_are_listed() {
    let host = Host::new();
    let disk = disk(&host, "vda");
    assert_eq!(nixvirt(&["list"]).stdout, format!("{URI} has no guests\n"));
    host.apply(&domains(&guest("listed", "", &disk)));
    host.apply(&domains(&guest("listed", "<vcpu>2</vcpu>", &disk)));
    expect![[r#"
        [
          {
            "addresses": [],
            "agent": false,
            "memory": 65536,
            "name": "listed",
            "pending": true,
            "persistent": true,
            "state": "running",
            "uri": "qemu:///system",
            "vcpus": 1
          }
        ]"#]]
    .assert_eq(&format!("{:#}", listed()));
    let table = nixvirt(&["list"]).stdout;
    let row: Vec<_> =
        table.lines().nth(1).expect("a row").split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(&row[..5], ["listed", "running, pending restart", "64 MiB", "1", "vda"], "{table}");
    virsh(&["destroy", "listed"]);
    assert_eq!((&listed()[0]["state"], &listed()[0]["pending"]), (&Value::from("off"), &Value::from(false)));
    assert!(nixvirt(&["list", "--watch"]).stderr.contains("--watch needs a terminal"));
}

/// On a terminal, the list follows the guests.
#[test]
fn a_list_is_watched() {
    let host = Host::new();
    host.apply(&domains(&guest("watched", "", "")));
    // `script` gives it a terminal.
    let command = ["--quiet", "--return", "--command", "timeout 300 nixvirt list --watch", "/dev/null"];
    let mut watch = Command::new("script").args(command).stdout(Stdio::piped()).spawn().expect("it runs");
    let output = BufReader::new(watch.stdout.take().expect("it is piped"));
    let mut rows = output.lines().map(|line| line.expect("text")).filter(|line| line.contains("watched"));
    assert!(rows.next().is_some_and(|row| row.contains("running")));
    virsh(&["destroy", "watched"]);
    assert!(rows.any(|row| row.contains("off")));
    watch.kill().expect("it runs");
    watch.wait().expect("it ends");
}

#[test]
fn a_list_that_fails_is_json() {
    let gone = |arguments: &[&str]| list(arguments)["error"]["message"].take();
    assert_eq!(
        gone(&["--connect", "qemu+unix:///system?socket=/gone"]),
        "cannot connect to qemu+unix:///system?socket=/gone: Failed to connect socket to '/gone': No such file or directory"
    );
    assert_eq!(gone(&["--manifest", "/gone.json"]), "cannot read /gone.json: No such file or directory (os error 2)");
}

#[test]
fn guests_that_are_not_ready() {
    let host = Host::new();
    host.apply(&domains(&guest("empty", "", "")));
    assert!(nixvirt(&["wait", "empty", "--for", "running"]).succeeded);
    let said = |arguments: &[&str]| nixvirt(arguments).stderr;
    expect![[r#"
        error: empty is not ready after 0 s: it has no address
        hint: check with `nixvirt console empty` that the guest has booted; a guest without an address from libvirt's DHCP needs the guest agent
    "#]].assert_eq(&said(&["wait", "empty", "--for", "ip", "--timeout", "0"]));
    // A wait of two seconds says what it is for.
    expect![[r#"
        empty: waiting until it has an address (up to 3 s) …
        error: empty is not ready after 3 s: it has no address
        hint: check with `nixvirt console empty` that the guest has booted; a guest without an address from libvirt's DHCP needs the guest agent
    "#]].assert_eq(&said(&["wait", "empty", "--for", "ip", "--timeout", "3"]));
    expect![[r#"
        error: empty is not ready after 0 s: its guest agent does not answer
        hint: install qemu-guest-agent in the guest, and declare the channel org.qemu.guest_agent.0
    "#]]
    .assert_eq(&said(&["wait", "empty", "--for", "agent", "--timeout", "0"]));
    expect![[r#"
        error: empty is not ready after 0 s: it has no address
        hint: check with `nixvirt console empty` that the guest has booted; a guest without an address from libvirt's DHCP needs the guest agent
    "#]].assert_eq(&said(&["ssh", "--timeout", "0", "me@empty", "uname"]));
    virsh(&["destroy", "empty"]);
    expect![[r#"
        error: empty is not ready after 0 s: it is off
        hint: run `virsh --connect qemu:///system start empty`, or set `active = true` in the declaration
    "#]]
    .assert_eq(&said(&["wait", "empty", "--for", "cloud-init", "--timeout", "0"]));
    expect![[r#"
        error: there is no guest "other" at qemu:///system
        hint: `nixvirt list` shows the guests
    "#]]
    .assert_eq(&said(&["wait", "other"]));
}

/// The programs that these commands run get the right arguments. If one is missing, a hint names its package.
#[test]
fn programs_that_show_a_guest() {
    let host = Host::new();
    host.apply(&domains(&guest("web", "", "")));
    let said = |path: &str, arguments: &[&str]| {
        let nixvirt = std::env::split_paths(&std::env::var_os("PATH").expect("a path"))
            .map(|folder| folder.join("nixvirt"))
            .find(|file| file.exists())
            .expect("it is built");
        let outcome = run(Command::new(nixvirt).args(arguments).env("PATH", path));
        outcome.stdout + &outcome.stderr
    };
    expect![[r#"
        error: cannot run virt-viewer: No such file or directory (os error 2)
        hint: install virt-viewer
    "#]]
    .assert_eq(&said("/gone", &["view", "web"]));
    expect![[r#"
        error: cannot run virsh: No such file or directory (os error 2)
        hint: install virsh, which is in the package libvirt-clients or libvirt
    "#]]
    .assert_eq(&said("/gone", &["console", "web"]));
    expect![[r#"
        error: there is no guest "wbe" at qemu:///system; did you mean "web"?
        hint: `nixvirt list` shows the guests
    "#]]
    .assert_eq(&said("/gone", &["console", "wbe"]));
    for program in ["virsh", "virt-viewer"] {
        let file = host.path(program);
        fs::write(&file, format!("#!/bin/sh\necho {program} \"$@\"\n")).expect("a writable folder");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a writable folder");
    }
    let path = host.path("");
    expect![[r#"
        virt-viewer --connect qemu:///system --wait --reconnect --attach --full-screen --domain-name -- web
    "#]]
    .assert_eq(&said(&path, &["view", "web", "--full-screen"]));
    expect![[r#"
        virt-viewer --connect qemu+ssh://host/system --wait --reconnect --domain-name -- web
    "#]]
    .assert_eq(&said(&path, &["view", "web", "--connect", "qemu+ssh://host/system"]));
    expect![[r#"
        virsh --connect qemu:///system console --domain web --force
    "#]]
    .assert_eq(&said(&path, &["console", "web", "--force"]));
}

/// Code that a guest boots: it sends back what comes from the serial port, in capital letters.
const CAPITALS: [u8; 16] = [
    0xba, 0xfd, 0x03, // again: mov dx, 0x3fd
    0xec, 0xa8, 0x01, 0x74, 0xfb, // wait: in al, dx; test al, 1; jz wait
    0xb2, 0xf8, 0xec, // mov dl, 0xf8; in al, dx
    0x24, 0xdf, 0xee, 0xeb, 0xf0, // and al, 0xdf; out dx, al; jmp again
];

/// What is typed reaches the guest, and its answer the terminal, until the escape character is typed.
#[test]
fn a_console_is_connected() {
    let host = Host::new();
    fs::write(host.path("boot"), boot_disk(&CAPITALS, 1 << 20)).expect("a writable folder");
    // virsh locks the console there. A host makes the folder when it boots.
    fs::create_dir_all("/run/lock").expect("a writable folder");
    let disk = format!(
        "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{}'/><target dev='vda' bus='virtio'/></disk>",
        host.path("boot")
    );
    host.apply(&domains(&guest("speaks", "", &(disk + "<serial type='pty'/>"))));
    // `script` gives it a terminal.
    // virsh ignores the other signals while it waits for the console.
    let connected = "timeout --foreground --signal=KILL 120 nixvirt console speaks";
    let mut console = Command::new("script");
    console.args(["--quiet", "--return", "--command", connected, "/dev/null"]);
    let mut console = console.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut input = console.stdin.take().expect("it is piped");
    let output = BufReader::new(console.stdout.take().expect("it is piped"));
    let mut lines = output.lines().map(|line| line.expect("text"));
    assert!(lines.any(|line| line.contains("Escape character is ^]")));
    let (answered, answer) = mpsc::channel::<()>();
    // The guest loses what is typed before its firmware has started its program.
    let typing = thread::spawn(move || {
        while answer.recv_timeout(Duration::from_millis(200)) == Err(RecvTimeoutError::Timeout) {
            writeln!(input, "hello").expect("it is read");
        }
        write!(input, "\x1d").expect("it is read");
    });
    assert!(lines.any(|line| line.contains("HELLO")));
    drop(answered);
    typing.join().expect("what is typed is read");
    // The rest of the output is read, so that `script` can end.
    lines.for_each(drop);
    assert!(console.wait().expect("it ends").success());
    virsh(&["destroy", "speaks"]);
}

/// What bash completes a command line to, and the seconds that it takes.
fn completed(line: &[&str]) -> (String, f64) {
    let script = r#"
        source <(nixvirt completions bash)
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
        "$(complete -p nixvirt | sed 's/.*-F \([^ ]*\).*/\1/')" nixvirt "${@: -1}"
        echo "${COMPREPLY[*]}"
    "#;
    let begin = Instant::now();
    let outcome = run(Command::new("bash").args(["-c", script, "bash"]).args(line));
    assert!(outcome.stderr.is_empty(), "{}", outcome.stderr);
    (outcome.stdout.trim().to_owned(), begin.elapsed().as_secs_f64())
}

#[test]
fn bash_completes_names() {
    let host = Host::new();
    let declared = ["alpha", "alphabet"].map(|name| json!({ "xml": guest(name, "", "") }));
    host.apply(&json!({ "domains": declared }));
    let manifest = host.path("manifest.json");
    for (line, expected) in [
        (&["nixvirt", "wait", "al"][..], "alpha alphabet"),
        (&["nixvirt", "ssh", "alphab"], "alphabet"),
        (&["nixvirt", "console", "--connect", URI, "alphab"], "alphabet"),
        (&["nixvirt", "view", "z"], ""),
        (&["nixvirt", "plan", "--manifest", &manifest, "--reset", "alphab"], "alphabet"),
        (&["nixvirt", "sta"], "status"),
        // Nobody answers there.
        (&["nixvirt", "wait", "--connect", "qemu+unix:///system?socket=/gone", "al"], ""),
    ] {
        let (words, seconds) = completed(line);
        assert_eq!(words, expected, "{line:?}");
        assert!(seconds < 5.0, "{line:?} takes {seconds} s");
    }
}
