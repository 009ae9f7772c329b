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
    expected.assert_eq(&shown);
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
        nixvirt: <stdin> is not JSON: line 1, column 3: key must be a string
        exit code 1
    "#]],
    );
    check(
        &["render", "--kind", "network", "-"],
        "",
        expect![[r#"
        nixvirt: <stdin> is not JSON: line 1, column 1: EOF while parsing a value
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
        nixvirt: cannot read /no/such/file: No such file or directory (os error 2)
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
              schema       Print the JSON Schema of a kind of spec
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
        nixvirt: <stdin>: line 1, column 19: ill-formed document: expected `</name>`, but `</nam>` was found
        exit code 1
    "#]],
    );
    check(
        &["import", "--kind", "network", "-"],
        "<domain/>",
        expect![[r#"
        nixvirt: <stdin>: line 1, column 1: expected <network>, found <domain>
        exit code 1
    "#]],
    );
}
