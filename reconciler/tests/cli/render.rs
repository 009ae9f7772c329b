//! `nixvirt render`.

use super::{Folder, check};
use expect_test::expect;

#[test]
fn many_files() {
    let folder = Folder::new(&[
        ("networks/lan.json", r#"{ "name": "lan" }"#),
        ("networks/dmz.json", r#"{ "name": "dmz", "brigde": {} }"#),
        ("networks/guests/lan.json", r#"{ "name": "lan2" }"#),
        ("manifest.json", r#"{ "version": 1, "connections": {} }"#),
    ]);
    folder.check(
        &["render", "networks"],
        expect![[r#"
            <network>
              <name>lan2</name>
              <uuid>f8d6e19d-be07-82bc-ab83-3d88599b40ce</uuid>
            </network>
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
            </network>
            error: network "dmz": 1 error
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at networks/dmz.json:1:28
            3 files: 1 error
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
    folder.check(
        &["render", "--output", "xml/all", "networks"],
        expect![[r#"
            error: network "dmz": 1 error
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at networks/dmz.json:1:28
            error: cannot write the XML of networks/lan.json: xml/all/lan.xml already has that of networks/guests/lan.json
            hint: rename one of them, or use another folder for --output
            3 files: 2 errors
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
    expect![[r#"
        <network>
          <name>lan2</name>
          <uuid>f8d6e19d-be07-82bc-ab83-3d88599b40ce</uuid>
        </network>
    "#]]
    .assert_eq(&folder.read("xml/all/lan.xml"));
    folder.check(
        &["render", "manifest.json"],
        expect![[r#"
        error: manifest.json is a manifest, which has no XML of its own
        hint: render the specs, or see the changes with `nixvirt plan --diff`
        exit code 1
    "#]],
    );
    folder.check_with(
        &["render", "--kind", "network", "--output", "xml", "-"],
        r#"{ "name": "lan" }"#,
        expect![[r#"
        error: standard input has no file name, which --output needs
        exit code 1
    "#]],
    );
}

#[test]
fn warnings_can_be_denied() {
    let warned = r#"{ "name": "lan", "bridge": { "name": "a-name-of-over-15" } }"#;
    check(
        &["render", "--kind", "network", "--deny-warnings", "-"],
        warned,
        expect![[r#"
            warning: network "lan": 1 warning
              warning[bridge-name-too-long]: bridge.name: bridge name "a-name-of-over-15" is longer than 15 characters, the most that the host accepts
                at <stdin>:1:38
            hint: for an explanation with examples, run `nixvirt explain bridge-name-too-long`
            exit code 1
        "#]],
    );
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
fn rules_can_be_ignored() {
    let two_of_a_name = r#"{ "name": "lan", "dns": { "host": [
        { "ip": "10.0.0.1", "hostname": "a" }, { "ip": "10.0.0.1", "hostname": "b" } ] }, "bridge": { "name": "br/0" } }"#;
    // The second name is that of earlier versions.
    for option in ["--ignore-rules", "--in-spite-of-rules"] {
        check(
            &["render", "--kind", "network", option, "-"],
            two_of_a_name,
            expect![[r#"
                <network>
                  <name>lan</name>
                  <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
                  <bridge name='br/0'/>
                  <dns>
                    <host ip='10.0.0.1'>
                      <hostname>a</hostname>
                    </host>
                    <host ip='10.0.0.1'>
                      <hostname>b</hostname>
                    </host>
                  </dns>
                </network>
                warning: network "lan": 1 error
                  error[device-name-character]: bridge.name: device name "br/0" contains a blank, a slash or a colon, which the host refuses
                    at <stdin>:2:111
                hint: for an explanation with examples, run `nixvirt explain device-name-character`
                exit code 0
            "#]],
        );
    }
    let no_type = r#"{ "name": "lan", "brigde": {} }"#;
    check(
        &["render", "--kind", "network", "--ignore-rules", "-"],
        no_type,
        expect![[r#"
            error: network "lan": 1 error
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at <stdin>:1:28
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
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
            error: <stdin> is not JSON: line 1, column 1: the text is empty
            exit code 1
        "#]],
    );
    check(
        &["render", "--kind", "network", "-"],
        r#"{ "name": "a", "name": "b" }"#,
        expect![[r#"
            error: network "a": 1 error
              error[said-twice]: name: attribute "name" is given twice
                at <stdin>:1:24
            hint: for an explanation with examples, run `nixvirt explain said-twice`
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
