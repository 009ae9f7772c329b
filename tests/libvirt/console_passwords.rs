//! Passwords of graphics consoles that come from files: libvirt gets them, and nothing else does.

use crate::reconcile::{Host, guest};
use nixvirt_tests::libvirtd::{process, virsh};
use nixvirt_tests::run;
use pretty_assertions::{assert_eq, assert_ne};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

const NAME: &str = "console";
const VNC: &str = "<graphics type='vnc' autoport='yes'/>";

/// In two parts, because the store also holds this file when the flake is tested.
const PASSWORD: &str = concat!("zq4K", "p7xA");

/// The definition with its secrets, of the running guest or for the next start.
fn definition(arguments: &[&str]) -> String {
    virsh(&[&["dumpxml", NAME, "--security-info"], arguments].concat())
}

fn has_password(definition: &str, password: &str) -> bool {
    definition.contains(&format!("passwd='{password}'"))
}

/// A running guest with a VNC console, whose password is in a file if one is given.
fn declared(file: Option<&str>) -> Value {
    let domain = json!({ "xml": guest(NAME, "", VNC), "active": true, "graphicsPasswordFile": { "vnc": file } });
    json!({ "domains": [domain] })
}

/// The output of all commands that report on the manifest.
pub fn reports(host: &Host) -> String {
    let commands: [&[&str]; 5] =
        [&["plan"], &["plan", "--diff", "--verbose"], &["plan", "--json"], &["status"], &["status", "--json"]];
    let report = |command: &&[&str]| {
        let mut nixvirt = Command::new("nixvirt");
        let (manifest, state) = (host.path("manifest.json"), host.path("state"));
        let output = run(nixvirt.args(*command).args(["--manifest", &manifest, "--state", &state]));
        output.stdout + &output.stderr
    };
    commands.iter().map(report).collect()
}

/// Checks that a text is in no file of the state directory or of a log, and in no command line.
#[track_caller]
fn assert_is_nowhere(host: &Host, secret: &str) {
    let found =
        run(Command::new("grep").args(["-rslaF", secret, &host.path("state"), "/var/log/libvirt", "/nix/store"]));
    assert_eq!(found.stdout, "", "files with the password");
    let lines = fs::read_dir("/proc").expect("there are processes").flatten();
    let arguments = lines.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let with_secret: Vec<_> = arguments
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .filter(|line| line.contains(secret))
        .collect();
    assert_eq!(with_secret, [""; 0], "processes with the password in their arguments");
}

#[test]
fn a_password_comes_from_a_file() {
    let host = Host::new();
    let file = host.path("password");
    fs::write(&file, format!("{PASSWORD}\n")).expect("a writable folder");
    let manifest = declared(Some(&file));
    let mut said = host.nixvirt("plan", &manifest).is(2).said.clone();
    said += &reports(&host);
    said += &host.apply(&manifest);
    said += &reports(&host);
    assert!(has_password(&definition(&[]), PASSWORD));
    assert!(has_password(&definition(&["--inactive"]), PASSWORD));
    assert!(virsh(&["qemu-monitor-command", NAME, "--hmp", "info vnc"]).contains("Auth: vnc"));

    // A new password takes effect while the guest runs.
    let pid = process(NAME);
    fs::write(&file, concat!("Yw8", "-<&'m")).expect("a writable folder");
    said += &host.nixvirt("plan", &manifest).is(2).said;
    said += &reports(&host);
    said += &host.apply(&manifest);
    said += &reports(&host);
    let escaped = concat!("Yw8", "-&lt;&amp;&apos;m");
    assert!(has_password(&definition(&[]), escaped), "{}", definition(&[]));
    assert!(has_password(&definition(&["--inactive"]), escaped));
    assert_eq!(process(NAME), pid);

    for secret in [PASSWORD, concat!("Yw8", "-"), escaped] {
        assert!(!said.contains(secret), "{said}");
        assert_is_nowhere(&host, secret);
    }
    host.apply(&json!({ "domains": [] }));
}

#[test]
fn an_invalid_password_file_concerns_one_guest() {
    let host = Host::new();
    let file = host.path("password");
    fs::write(&file, PASSWORD).expect("a writable folder");
    host.apply(&declared(Some(&file)));
    let before = definition(&[]);
    let mut manifest = declared(Some(&file));
    for (content, kind, problem) in [
        (Some("far-too-long"), "invalid-password", json!({ "too-long": { "max": 8 } })),
        (Some(""), "invalid-password", json!("empty")),
        (Some("two\nlines"), "invalid-password", json!("not-a-line")),
        (None, "unreadable-password", Value::Null),
    ] {
        match content {
            Some(content) => fs::write(&file, content).expect("a writable folder"),
            None => fs::remove_file(&file).expect("the file exists"),
        }
        let said = host.nixvirt("apply", &manifest).is(1).said.clone();
        let report = host.report("apply", &[], &manifest, 1);
        let reason = &report.object(NAME)["reasons"][0];
        let error = &reason["error"];
        assert_eq!([&reason["reason"], &error["kind"], &error["file"]], ["invalid-declaration", kind, "password"]);
        assert_eq!(error["problem"], problem);
        assert!(content.is_none_or(|content| content.is_empty() || !said.contains(content)), "{said}");
        assert_eq!(definition(&[]), before);
    }
    // Other guests are applied.
    let other = json!({ "xml": guest("other", "", VNC) });
    manifest["domains"].as_array_mut().expect("it is a list").push(other);
    let said = host.nixvirt("apply", &manifest).is(1).said.clone();
    assert_ne!(virsh(&["domstate", "other"]), "", "{said}");
    host.apply(&json!({ "domains": [] }));
}
