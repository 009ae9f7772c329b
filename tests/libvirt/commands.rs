//! The command `nixvirt` as a user runs it.

use expect_test::{Expect, expect};
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the command with that input and shows what came of it.
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
    // Help has blanks at the ends of some lines, which editors take away.
    let lines: String = shown.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    expected.assert_eq(&lines);
}

#[test]
fn render() {
    check(
        &["render", "--kind", "network", "-"],
        r#"{ "name": "lan", "bridge": { "name": "br0" } }"#,
        expect![[r#"
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <bridge name='br0'/>
            </network>
            exit code 0
        "#]],
    );
}

#[test]
fn a_bad_spec_exits_with_1() {
    let spec = "{\n  \"name\": \"lan\",\n  \"brigde\": {},\n  \"ip\": { \"address\": \"here\" }\n}";
    check(
        &["render", "--kind", "network", "-"],
        spec,
        expect![[r#"
        error: network "lan": 2 problems
          brigde: unknown attribute; did you mean "bridge"?
              at <stdin>:3:13
          ip.address: "here" is not an IP address such as 192.168.122.1 or fd00::1
              at <stdin>:4:22
        exit code 1
    "#]],
    );
    check(
        &["check", "--kind", "network", "-"],
        spec,
        expect![[r#"
        error: network "lan": 2 problems
          brigde: unknown attribute; did you mean "bridge"?
              at <stdin>:3:13
          ip.address: "here" is not an IP address such as 192.168.122.1 or fd00::1
              at <stdin>:4:22
        exit code 1
    "#]],
    );
    check(
        &["check", "--kind", "network", "--json", "-"],
        spec,
        expect![[r#"
        [
          {
            "severity": "error",
            "code": "unknown-attribute",
            "path": "brigde",
            "message": "unknown attribute",
            "suggestion": "bridge",
            "position": {
              "file": "<stdin>",
              "line": 3,
              "column": 13
            }
          },
          {
            "severity": "error",
            "code": "bad-form",
            "path": "ip.address",
            "message": "\"here\" is not an IP address such as 192.168.122.1 or fd00::1",
            "suggestion": null,
            "position": {
              "file": "<stdin>",
              "line": 4,
              "column": 22
            }
          }
        ]
        exit code 1
    "#]],
    );
}

#[test]
fn render_in_spite_of_the_rules() {
    let two_of_a_name = r#"{ "name": "lan", "dns": { "host": [
        { "ip": "10.0.0.1", "hostname": "a" }, { "ip": "10.0.0.1", "hostname": "b" } ] }, "bridge": { "name": "a-name-of-over-15" } }"#;
    check(
        &["render", "--kind", "network", "--in-spite-of-rules", "-"],
        two_of_a_name,
        expect![[r#"
        <network>
          <name>lan</name>
          <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
          <bridge name='a-name-of-over-15'/>
          <dns>
            <host ip='10.0.0.1'>
              <hostname>a</hostname>
            </host>
            <host ip='10.0.0.1'>
              <hostname>b</hostname>
            </host>
          </dns>
        </network>
        warning: network "lan": 1 problem
          bridge.name: "a-name-of-over-15" is longer than the 15 characters that the host takes
              at <stdin>:2:111
        exit code 0
    "#]],
    );
    let no_type = r#"{ "name": "lan", "brigde": {} }"#;
    check(
        &["render", "--kind", "network", "--in-spite-of-rules", "-"],
        no_type,
        expect![[r#"
        error: network "lan": 1 problem
          brigde: unknown attribute; did you mean "bridge"?
              at <stdin>:1:28
        exit code 1
    "#]],
    );
}

#[test]
fn a_good_spec_says_nothing() {
    check(&["check", "--kind", "network", "-"], r#"{ "name": "lan" }"#, expect!["exit code 0\n"]);
    check(&["check", "--kind", "network", "--json", "-"], r#"{ "name": "lan" }"#, expect!["[]\nexit code 0\n"]);
}

#[test]
fn what_is_no_json() {
    check(
        &["render", "--kind", "network", "-"],
        "{ name = 1; }",
        expect![[r#"
        error: <stdin> is not JSON: line 1, column 3: key must be a string
        exit code 1
    "#]],
    );
    check(
        &["render", "--kind", "network", "-"],
        "",
        expect![[r#"
        error: <stdin> is not JSON: line 1, column 1: EOF while parsing a value
        exit code 1
    "#]],
    );
    check(
        &["render", "--kind", "network", "-"],
        r#"{ "name": "a", "name": "b" }"#,
        expect![[r#"
        error: network "a": 1 problem
          name: is there twice
              at <stdin>:1:24
        exit code 1
    "#]],
    );
}

#[test]
fn what_is_no_file() {
    check(
        &["render", "--kind", "network", "/no/such/file"],
        "",
        expect![[r#"
        error: cannot read /no/such/file: No such file or directory (os error 2)
        exit code 1
    "#]],
    );
}

#[test]
fn bad_usage_exits_with_2() {
    check(
        &["render", "--kind", "netwrok", "-"],
        "",
        expect![[r#"
            error: invalid value 'netwrok' for '--kind <KIND>': expected one of domain, network, pool, volume, secret, nwfilter, nodedev, interface, snapshot, checkpoint

            For more information, try '--help'.
            exit code 2
        "#]],
    );
    check(
        &["rendr"],
        "",
        expect![[r#"
        error: unrecognized subcommand 'rendr'

          tip: a similar subcommand exists: 'render'

        Usage: nixvirt <COMMAND>

        For more information, try '--help'.
        exit code 2
    "#]],
    );
}

#[test]
fn help_teaches() {
    check(
        &["--help"],
        "",
        expect![[r#"
            Declare libvirt's virtual machines, networks, pools, volumes and other objects.

            A spec is JSON that mirrors libvirt's XML: an element is an object, its attributes and children are
            members under their XML names. Nix makes such specs with `nix eval --json`.

            Usage: nixvirt <COMMAND>

            Commands:
              render       Print the XML that a spec stands for
              check        Say what is wrong with a spec
              import       Print the spec that libvirt XML stands for, as a Nix expression
              plan         Say what would change in libvirt to make it as declared, and change nothing
              apply        Make libvirt as it is declared
              status       Say how the objects stand that are declared or ours
              adopt        Take over objects that exist and are declared, as they are
              forget       Give objects up, and leave them as they are
              schema       Print the JSON Schema of a kind of spec, of the manifest, or of what commands print
                           as JSON
              completions  Print the script that completes this command in a shell
              man          Print the manual page
              help         Print this message or the help of the given subcommand(s)

            Options:
              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version
            exit code 0
        "#]],
    );
    check(
        &["check", "--help"],
        "",
        expect![[r#"
            Say what is wrong with a spec.

            Every problem at once, each with its path, what was expected, and what was probably meant. Exits
            with 0 when there is no error, with 1 when there is.

            Usage: nixvirt check [OPTIONS] --kind <KIND> <FILE>

            Arguments:
              <FILE>
                      The file to read, or - for standard input

            Options:
                  --kind <KIND>
                      The kind of object: domain, network, pool, volume, secret, nwfilter, nodedev, interface,
                      snapshot, checkpoint

                  --json
                      Print the problems as a JSON list on standard output: severity, code, path, message,
                      suggestion, position

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Example: nixvirt check --kind domain --json vm.json
            exit code 0
        "#]],
    );
}

#[test]
fn import_and_render_are_inverse() {
    check(
        &["import", "--kind", "network", "-"],
        "<network><name>lan</name><mtu size='9000'/></network>",
        expect![[r#"
            {
              name = "lan";
              uuid = false;
              mtu.size = 9000;
            }
            exit code 0
        "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<network><name>lan</nam></network>",
        expect![[r#"
        error: <stdin>: line 1, column 19: ill-formed document: expected `</name>`, but `</nam>` was found
        exit code 1
    "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<domain/>",
        expect![[r#"
        error: <stdin>: line 1, column 1: expected <network>, found <domain>
        exit code 1
    "#]],
    );
}

/// Runs a command on a manifest, with libvirt's test driver, whose objects are gone with each process.
#[track_caller]
fn check_manifest(arguments: &[&str], manifest: &str, expected: Expect) {
    let name = std::thread::current().name().map(|name| name.replace("::", "-")).unwrap_or_default();
    let state = std::env::temp_dir().join(format!("state-of-{name}"));
    let state = state.to_str().expect("a plain path");
    check(&[arguments, &["--manifest", "-", "--state", state]].concat(), manifest, expected);
}

const NETWORK: &str = "<network><name>lan</name><ip address='10.9.0.1' netmask='255.255.255.0'/></network>";

/// A manifest of libvirt's test driver.
fn manifest(connection: &str) -> String {
    format!(r#"{{ "version": 1, "connections": {{ "test:///default": {connection} }} }}"#)
}

#[test]
fn plan_and_apply() {
    let lan = manifest(&format!(r#"{{ "networks": [{{ "xml": "{NETWORK}", "active": true }}] }}"#));
    check_manifest(
        &["plan"],
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
            exit code 2
        "#]],
    );
    check_manifest(
        &["apply", "-v"],
        &lan,
        expect![[r#"
            test:///default
              + network lan: created, started
            1 created
            nixvirt: test:///default: network lan: define
            nixvirt: test:///default: network lan: save its state record
            nixvirt: test:///default: network lan: start
            exit code 0
        "#]],
    );
    check_manifest(
        &["plan", "--json"],
        &lan,
        expect![[r#"
            {
              "version": 2,
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
                      "warnings": []
                    }
                  ]
                }
              },
              "summary": {
                "create": 1,
                "change": 0,
                "adopt": 0,
                "remove": 0,
                "pendingRestart": 0,
                "deferred": 0,
                "kept": 0,
                "unchanged": 0,
                "errors": 0
              }
            }
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
                      "managed": true,
                      "active": null,
                      "changes": [],
                      "secrets": null,
                      "pending": [],
                      "drift": [],
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

#[test]
fn nothing_to_do() {
    check_manifest(
        &["plan"],
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
                "remove": 0,
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
        &["status"],
        &manifest(r#"{ "domains": [] }"#),
        expect![[r#"
            test:///default
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
        exit code 1
    "#]],
    );
    check_manifest(
        &["apply"],
        "{ \"version\": 1",
        expect![[r#"
        error: <stdin> is not JSON: line 1, column 14: EOF while parsing an object
        exit code 1
    "#]],
    );
    check_manifest(
        &["apply"],
        r#"{ "version": 7, "connections": {} }"#,
        expect![[r#"
        error: <stdin> has version 7 of the format, but this nixvirt reads version 1
        hint: use the module and the command of the same release
        exit code 1
    "#]],
    );
    check_manifest(
        &["apply"],
        &manifest(r#"{ "prune": "everything", "domains": [{ "definition": "a.xml", "autostrat": true }] }"#),
        expect![[r#"
            error: <stdin>: 2 problems
              connections."test:///default".prune: "everything" is none of owned, all, none
                  at <stdin>:1:64
              connections."test:///default".domains[0].autostrat: unknown field; did you mean "autostart"?
                  at <stdin>:1:128
            exit code 1
        "#]],
    );
    check_manifest(
        &["plan", "--connect", "qemu:///session"],
        &manifest("{}"),
        expect![[r#"
        error: <stdin> has no connection qemu:///session; it has test:///default
        exit code 1
    "#]],
    );
    check_manifest(
        &["plan"],
        r#"{ "domains": [] }"#,
        expect![[r#"
        error: <stdin> declares one connection without its URI, as NixVirt writes it
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
            exit code 2
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
        &["apply"],
        &broken,
        expect![[r#"
            test:///default
              ! networks[3]:
                  error: invalid XML, line 1, column 19: <name> is not closed
              ! networks[4]:
                  error: invalid XML, line 1, column 1: expected <network>, found <domain>
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
            exit code 1
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
        domain test is ours now
        error: there is no domain other at test:///default
        exit code 1
    "#]],
    );
    check_manifest(
        &["adopt", "domain", "test"],
        &declared,
        expect![[r#"
        domain test is ours already
        exit code 0
    "#]],
    );
    check_manifest(
        &["forget", "domain", "test", "other"],
        &declared,
        expect![[r#"
        domain test is no longer ours; it is still declared, and `nixvirt apply` takes it over again
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
        exit code 1
    "#]],
    );
}

#[test]
fn help_of_what_is_declared() {
    check(
        &["plan", "--help"],
        "",
        expect![[r#"
            Say what would change in libvirt to make it as declared, and change nothing.

            For each object what is done, each field that changes with what it was and what it becomes, when a
            guest has it, and what a guest notices. Exits with 0 where there is nothing to do, with 2 where
            there is, and with 1 where something cannot be made as declared.

            Usage: nixvirt plan [OPTIONS]

            Options:
                  --manifest <FILE>
                      The manifest: a JSON file that says what is declared, or - for standard input

                      [default: /etc/nixvirt/manifest.json]

                  --connect <URI>
                      Take this connection alone, as in qemu:///system.

                      The manifest may then also be what NixVirt's module writes: one object with `domains`,
                      `networks` and `pools`.

                  --state <DIR>
                      Where it is noted what was applied. Default: /var/lib/nixvirt for root, else
                      $XDG_STATE_HOME/nixvirt, which is ~/.local/state/nixvirt where that is not set

                  --wait <SECONDS>
                      How many seconds to wait for a daemon that does not answer because it is starting

                      [default: 10]

              -v, --verbose
                      Say more: of each object and, while things are done, of each step

                  --json
                      Print JSON instead, as `nixvirt schema` describes it

                  --diff
                      Show how the XML of each object that changes differs from what was applied, without the
                      secrets in it

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Example: nixvirt plan --manifest ./manifest.json --diff
            exit code 0
        "#]],
    );
    check(
        &["apply", "--help"],
        "",
        expect![[r#"
            Make libvirt as it is declared.

            What is not declared, and never was, is left alone. No guest is stopped unless the manifest asks for
            that. What goes wrong with one object stops that object alone, and the next run goes on from there.
            Exits with 0 where all is as declared, with 1 where something went wrong.

            Usage: nixvirt apply [OPTIONS]

            Options:
                  --manifest <FILE>
                      The manifest: a JSON file that says what is declared, or - for standard input

                      [default: /etc/nixvirt/manifest.json]

                  --connect <URI>
                      Take this connection alone, as in qemu:///system.

                      The manifest may then also be what NixVirt's module writes: one object with `domains`,
                      `networks` and `pools`.

                  --state <DIR>
                      Where it is noted what was applied. Default: /var/lib/nixvirt for root, else
                      $XDG_STATE_HOME/nixvirt, which is ~/.local/state/nixvirt where that is not set

                  --wait <SECONDS>
                      How many seconds to wait for a daemon that does not answer because it is starting

                      [default: 10]

              -v, --verbose
                      Say more: of each object and, while things are done, of each step

                  --json
                      Print JSON instead, as `nixvirt schema` describes it

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Example: nixvirt apply --wait 60
            exit code 0
        "#]],
    );
    check(
        &["status", "-h"],
        "",
        expect![[r#"
        Say how the objects stand that are declared or ours

        Usage: nixvirt status [OPTIONS]

        Options:
              --manifest <FILE>  The manifest: a JSON file that says what is declared, or - for standard
                                 input [default: /etc/nixvirt/manifest.json]
              --connect <URI>    Take this connection alone, as in qemu:///system
              --state <DIR>      Where it is noted what was applied. Default: /var/lib/nixvirt for root,
                                 else $XDG_STATE_HOME/nixvirt, which is ~/.local/state/nixvirt where that is
                                 not set
              --wait <SECONDS>   How many seconds to wait for a daemon that does not answer because it is
                                 starting [default: 10]
          -v, --verbose          Say more: of each object and, while things are done, of each step
              --json             Print JSON instead, as `nixvirt schema` describes it
          -h, --help             Print help (see more with '--help')
          -V, --version          Print version
        exit code 0
    "#]],
    );
    check(
        &["adopt", "--help"],
        "",
        expect![[r#"
            Take over objects that exist and are declared, as they are.

            `nixvirt apply` does that by itself when it first finds them. From then on they are ours: what is no
            longer declared is removed.

            Usage: nixvirt adopt [OPTIONS] <TYPE> <NAME>...

            Arguments:
              <TYPE>
                      The type of the objects: secret, nwfilter, pool, volume, network, domain, snapshot

              <NAME>...
                      Their names; POOL/NAME for a volume, DOMAIN/NAME for a snapshot

            Options:
                  --manifest <FILE>
                      The manifest: a JSON file that says what is declared, or - for standard input

                      [default: /etc/nixvirt/manifest.json]

                  --connect <URI>
                      Take this connection alone, as in qemu:///system.

                      The manifest may then also be what NixVirt's module writes: one object with `domains`,
                      `networks` and `pools`.

                  --state <DIR>
                      Where it is noted what was applied. Default: /var/lib/nixvirt for root, else
                      $XDG_STATE_HOME/nixvirt, which is ~/.local/state/nixvirt where that is not set

                  --wait <SECONDS>
                      How many seconds to wait for a daemon that does not answer because it is starting

                      [default: 10]

              -v, --verbose
                      Say more: of each object and, while things are done, of each step

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Example: nixvirt adopt domain web db
            exit code 0
        "#]],
    );
    check(
        &["forget", "-h"],
        "",
        expect![[r#"
        Give objects up, and leave them as they are

        Usage: nixvirt forget [OPTIONS] <TYPE> <NAME>...

        Arguments:
          <TYPE>     The type of the objects: secret, nwfilter, pool, volume, network, domain, snapshot
          <NAME>...  Their names; POOL/NAME for a volume, DOMAIN/NAME for a snapshot

        Options:
              --manifest <FILE>  The manifest: a JSON file that says what is declared, or - for standard
                                 input [default: /etc/nixvirt/manifest.json]
              --connect <URI>    Take this connection alone, as in qemu:///system
              --state <DIR>      Where it is noted what was applied. Default: /var/lib/nixvirt for root,
                                 else $XDG_STATE_HOME/nixvirt, which is ~/.local/state/nixvirt where that is
                                 not set
              --wait <SECONDS>   How many seconds to wait for a daemon that does not answer because it is
                                 starting [default: 10]
          -v, --verbose          Say more: of each object and, while things are done, of each step
          -h, --help             Print help (see more with '--help')
          -V, --version          Print version

        Example: nixvirt forget --connect qemu:///system domain web
        exit code 0
    "#]],
    );
    check(
        &["schema", "-h"],
        "",
        expect![[r#"
            Print the JSON Schema of a kind of spec, of the manifest, or of what commands print as JSON

            Usage: nixvirt schema <KIND>

            Arguments:
              <KIND>  The kind of object: domain, network, pool, volume, secret, nwfilter, nodedev, interface,
                      snapshot, checkpoint; or manifest, or plan (what `plan` and `apply` print), or status

            Options:
              -h, --help     Print help
              -V, --version  Print version
            exit code 0
        "#]],
    );
}
