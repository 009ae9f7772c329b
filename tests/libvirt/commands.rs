//! The command `nixvirt` as a user runs it.

use expect_test::{Expect, expect};
use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the command with this input, and returns its output.
#[track_caller]
fn check(arguments: &[&str], input: &str, expected: Expect) {
    let mut child = Command::new("nixvirt")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`dev/run test` puts nixvirt on the path");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads all of it");
    let output = child.wait_with_output().expect("it ends");
    let shown = format!(
        "{}{}exit code {}\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().expect("it exits by itself"),
    );
    // Help has trailing blanks, which editors remove from the expected output.
    let lines: String = shown.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    expected.assert_eq(&lines);
}

/// Runs a command on a manifest with libvirt's test driver, whose objects end with the process.
#[track_caller]
fn check_manifest(arguments: &[&str], manifest: &str, expected: Expect) {
    let name = std::thread::current().name().map(|name| name.replace("::", "-")).unwrap_or_default();
    let state = std::env::temp_dir().join(format!("state-of-{name}"));
    let state = state.to_str().expect("a plain path");
    check(&[arguments, &["--manifest", "-", "--state", state]].concat(), manifest, expected);
}

const NETWORK: &str = "<network><name>lan</name><ip address='10.9.0.1' netmask='255.255.255.0'/></network>";

/// A manifest for libvirt's test driver.
fn manifest(connection: &str) -> String {
    format!(r#"{{ "version": 1, "connections": {{ "test:///default": {connection} }} }}"#)
}

#[test]
fn plan_and_apply() {
    let lan = manifest(&format!(r#"{{ "networks": [{{ "xml": "{NETWORK}", "active": true }}] }}"#));
    check_manifest(
        &["plan", "--detailed-exitcode"],
        &lan,
        expect![[r#"
            test:///default
              + network lan: create, start

            Legend: + create
            1 to create
            exit code 2
        "#]],
    );
    check_manifest(
        &["plan", "--diff"],
        &lan,
        expect![[r#"
            test:///default
              + network lan: create, start
                  --- network lan (libvirt's)
                  +++ network lan (declared)
                  @@ -0,0 +1,4 @@
                  +<network>
                  +  <name>lan</name>
                  +  <ip address='10.9.0.1' netmask='255.255.255.0'/>
                  +</network>

            Legend: + create
            1 to create
            exit code 0
        "#]],
    );
    check_manifest(
        &["apply", "-v"],
        &lan,
        expect![[r#"
            test:///default
              + network lan: created, started
            1 created
            test:///default: network lan: define (up to 60 s)
            test:///default: network lan: save its state record
            test:///default: network lan: start (up to 10 min)
            exit code 0
        "#]],
    );
    check_manifest(
        &["plan", "--json"],
        &lan,
        expect![[r#"
            {
              "version": 2,
              "error": null,
              "connections": {
                "test:///default": {
                  "error": null,
                  "unreadableRecords": [],
                  "invalidDeclarations": [],
                  "objects": [
                    {
                      "type": "network",
                      "name": "lan",
                      "verdict": "create",
                      "effect": "none",
                      "changes": [],
                      "secrets": null,
                      "pending": [],
                      "undone": [],
                      "reasons": [],
                      "steps": [
                        {
                          "action": "define"
                        },
                        {
                          "action": "save-record"
                        },
                        {
                          "action": "start"
                        }
                      ],
                      "error": null,
                      "warnings": [],
                      "lacks": []
                    }
                  ]
                }
              },
              "summary": {
                "create": 1,
                "change": 0,
                "adopt": 0,
                "move": 0,
                "remove": 0,
                "keptUntilShutdown": 0,
                "alreadyGone": 0,
                "pendingRestart": 0,
                "deferred": 0,
                "kept": 0,
                "unchanged": 0,
                "errors": 0
              }
            }
            exit code 0
        "#]],
    );
    check_manifest(
        &["status", "--exit-code"],
        &lan,
        expect![[r#"
        test:///default
          network lan: missing
        1 missing
        exit code 2
    "#]],
    );
    check_manifest(
        &["status"],
        &lan,
        expect![[r#"
        test:///default
          network lan: missing
        1 missing
        exit code 0
    "#]],
    );
    check_manifest(
        &["status", "--json"],
        &lan,
        expect![[r#"
            {
              "version": 2,
              "error": null,
              "connections": {
                "test:///default": {
                  "error": null,
                  "unreadableRecords": [],
                  "invalidDeclarations": [],
                  "objects": [
                    {
                      "type": "network",
                      "name": "lan",
                      "state": "missing",
                      "verdict": "create",
                      "managed": true,
                      "active": null,
                      "changes": [],
                      "secrets": null,
                      "pending": [],
                      "drift": [],
                      "failures": [],
                      "reasons": []
                    }
                  ]
                }
              }
            }
            exit code 0
        "#]],
    );
}

/// If nobody reads the steps, `apply` still takes all of them.
#[test]
fn steps_that_nobody_reads() {
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    let state = tempfile::tempdir().expect("a folder");
    let mut child = Command::new("nixvirt")
        .args(["apply", "--verbose", "--manifest", "-", "--state"])
        .arg(state.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(full)
        .spawn()
        .expect("`dev/run test` puts nixvirt on the path");
    let networks = format!(r#"{{ "networks": [{{ "xml": "{NETWORK}" }}] }}"#);
    child.stdin.take().expect("it is piped").write_all(manifest(&networks).as_bytes()).expect("it reads all of it");
    let output = child.wait_with_output().expect("it ends");
    expect!["test:///default\n  + network lan: created\n1 created\n"]
        .assert_eq(&String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{:?}", output.status);
}

#[test]
fn nothing_to_do() {
    check_manifest(
        &["plan", "--detailed-exitcode"],
        &manifest("{}"),
        expect![[r#"
            no objects declared
            exit code 0
        "#]],
    );
    check_manifest(
        &["apply"],
        &manifest("{}"),
        expect![[r#"
            no objects declared
            exit code 0
        "#]],
    );
    check_manifest(
        &["apply", "--json"],
        &manifest(r#"{ "domains": [] }"#),
        expect![[r#"
            {
              "version": 2,
              "error": null,
              "connections": {
                "test:///default": {
                  "error": null,
                  "unreadableRecords": [],
                  "invalidDeclarations": [],
                  "objects": []
                }
              },
              "summary": {
                "create": 0,
                "change": 0,
                "adopt": 0,
                "move": 0,
                "remove": 0,
                "keptUntilShutdown": 0,
                "alreadyGone": 0,
                "pendingRestart": 0,
                "deferred": 0,
                "kept": 0,
                "unchanged": 0,
                "errors": 0
              }
            }
            exit code 0
        "#]],
    );
    check_manifest(
        &["status", "--exit-code"],
        &manifest(r#"{ "domains": [] }"#),
        expect![[r#"
            no objects declared
            exit code 0
        "#]],
    );
}

#[test]
fn what_is_no_manifest() {
    check(
        &["plan", "--manifest", "/no/such/manifest.json"],
        "",
        expect![[r#"
        error: cannot read /no/such/manifest.json: No such file or directory (os error 2)
        exit code 66
    "#]],
    );
    check_manifest(
        &["apply"],
        "{ \"version\": 1",
        expect![[r#"
        error: <stdin> is not JSON: line 1, column 14: the text ends within a value
        exit code 66
    "#]],
    );
    check_manifest(
        &["apply"],
        r#"{ "version": 7, "connections": {} }"#,
        expect![[r#"
        error: <stdin> is a manifest of version 7, but this nixvirt reads version 1
        hint: use the module and the command of the same release
        exit code 66
    "#]],
    );
    check_manifest(
        &["apply"],
        &manifest(r#"{ "prune": "everything", "domains": [{ "definition": "a.xml", "autostrat": true }] }"#),
        expect![[r#"
            error: manifest "<stdin>": 2 errors
              error[unknown-word]: connections."test:///default".prune: invalid value "everything": expected owned, all or none
                at <stdin>:1:64
              error[unknown-attribute]: connections."test:///default".domains[0].autostrat: unknown field "autostrat"; did you mean "autostart"?
                at <stdin>:1:128
            hint: for an explanation with examples, run `nixvirt explain CODE`
            exit code 66
        "#]],
    );
    check_manifest(
        &["plan", "--connect", "qemu:///session"],
        &manifest("{}"),
        expect![[r#"
        error: <stdin> has no connection qemu:///session
        hint: its connections are: test:///default
        exit code 1
    "#]],
    );
    check_manifest(
        &["plan"],
        r#"{ "domains": [] }"#,
        expect![[r#"
        error: <stdin> is a manifest of NixVirt 0.6, which does not name its connection
        hint: name the connection with --connect
        exit code 1
    "#]],
    );
}

#[test]
fn what_nixvirt_writes() {
    let lan =
        format!(r#"{{ "networks": [{{ "xml": "{NETWORK}", "active": null, "restart": null }}], "domains": null }}"#);
    check_manifest(
        &["plan", "--connect", "test:///default"],
        &lan,
        expect![[r#"
            test:///default
              + network lan: create

            Legend: + create
            1 to create
            exit code 0
        "#]],
    );
}

#[test]
fn broken_objects_stop_no_others() {
    let lan = |name: &str| NETWORK.replace("lan", name);
    let networks = [lan("one"), lan("two"), lan("two"), "<network><name>cut".to_owned(), "<domain/>".to_owned()];
    let networks: Vec<_> = networks.iter().map(|xml| format!(r#"{{ "xml": "{xml}" }}"#)).collect();
    let broken = manifest(&format!(
        r#"{{ "networks": [{}], "domains": [{{ "definition": "/no/such.xml" }}] }}"#,
        networks.join(", ")
    ));
    check_manifest(
        &["plan", "--detailed-exitcode"],
        &broken,
        expect![[r#"
            test:///default
              ! networks[3]:
                  error: invalid XML, line 1, column 19: <name> is not closed
              ! networks[4]:
                  error: invalid XML, line 1, column 1: expected the root element <network>, found <domain>
              ! domains[0] (/no/such.xml):
                  error: cannot read /no/such.xml: No such file or directory (os error 2)
              ! network two:
                  error: declared 2 times: networks[1], networks[2]
              + network one: create

            Legend: + create, ! error
            1 to create, 4 errors
            exit code 1
        "#]],
    );
    check_manifest(
        &["apply"],
        &broken,
        expect![[r#"
            test:///default
              ! networks[3]:
                  error: invalid XML, line 1, column 19: <name> is not closed
              ! networks[4]:
                  error: invalid XML, line 1, column 1: expected the root element <network>, found <domain>
              ! domains[0] (/no/such.xml):
                  error: cannot read /no/such.xml: No such file or directory (os error 2)
              ! network two:
                  error: declared 2 times: networks[1], networks[2]
              + network one: created
            1 created, 4 errors
            exit code 1
        "#]],
    );
}

#[test]
fn a_connection_fails_alone() {
    let two = format!(
        r#"{{ "version": 1, "connections": {{
            "test:///default": {{ "networks": [{{ "xml": "{NETWORK}" }}] }},
            "qemu+unix:///system?socket=/no/such/socket": {{ "domains": [] }}
        }} }}"#
    );
    check_manifest(
        &["apply", "--wait", "0"],
        &two,
        expect![[r#"
            qemu+unix:///system?socket=/no/such/socket
              error: cannot connect to qemu+unix:///system?socket=/no/such/socket: Failed to connect socket to '/no/such/socket': No such file or directory
              hint: check that the libvirt daemon is running
            test:///default
              + network lan: created
            1 created, 1 error
            exit code 69
        "#]],
    );
}

#[test]
fn adopt_and_forget() {
    let declared = manifest(r#"{ "domains": [{ "xml": "<domain type='test'><name>test</name></domain>" }] }"#);
    check_manifest(
        &["adopt", "domain", "test", "other"],
        &declared,
        expect![[r#"
        domain test is now managed
        error: there is no domain other at test:///default
        exit code 1
    "#]],
    );
    check_manifest(
        &["adopt", "domain", "test"],
        &declared,
        expect![[r#"
        domain test is already managed
        exit code 0
    "#]],
    );
    check_manifest(
        &["forget", "domain", "test", "other"],
        &declared,
        expect![[r#"
        domain test is no longer managed; it is still declared, so the next apply adopts it again
        error: domain other is not managed
        exit code 1
    "#]],
    );
    check_manifest(
        &["adopt", "domain", "test"],
        &manifest("{}"),
        expect![[r#"
        error: domain test is not declared, so the next apply would remove it
        hint: declare it first: `nixvirt import test:///default/test` prints its spec
        exit code 1
    "#]],
    );
    check_manifest(
        &["adopt", "volume", "disk"],
        &declared,
        expect![[r#"
        error: volume "disk" has no pool
        hint: name it as POOL/disk
        exit code 1
    "#]],
    );
    check(
        &["forget", "domain", "test", "--manifest", "/no/such/file"],
        "",
        expect![[r#"
        error: cannot read /no/such/file: No such file or directory (os error 2)
        hint: without a manifest, name the connection with --connect
        exit code 66
    "#]],
    );
}

#[test]
fn errors_are_reports_in_json() {
    check_manifest(
        &["plan", "--json"],
        "",
        expect![[r#"
            {
              "version": 2,
              "error": {
                "message": "<stdin> is not JSON: line 1, column 1: the text is empty",
                "hint": null
              },
              "connections": {},
              "summary": {
                "create": 0,
                "change": 0,
                "adopt": 0,
                "move": 0,
                "remove": 0,
                "keptUntilShutdown": 0,
                "alreadyGone": 0,
                "pendingRestart": 0,
                "deferred": 0,
                "kept": 0,
                "unchanged": 0,
                "errors": 1
              }
            }
            error: <stdin> is not JSON: line 1, column 1: the text is empty
            exit code 66
        "#]],
    );
    check_manifest(
        &["status", "--json"],
        r#"{ "version": 7, "connections": {} }"#,
        expect![[r#"
        {
          "version": 2,
          "error": {
            "message": "<stdin> is a manifest of version 7, but this nixvirt reads version 1",
            "hint": "use the module and the command of the same release"
          },
          "connections": {}
        }
        error: <stdin> is a manifest of version 7, but this nixvirt reads version 1
        hint: use the module and the command of the same release
        exit code 66
    "#]],
    );
}
