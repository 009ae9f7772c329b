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
              <bridge name='br0'/>
            </network>
            exit code 0
        "#]],
    );
}

#[test]
fn a_bad_spec_exits_with_1() {
    let spec = "{\n  \"name\": \"lan\",\n  \"brigde\": {},\n  \"ip\": { \"address\": \"here\" }\n}";
    check(&["render", "--kind", "network", "-"], spec, expect![]);
    check(&["check", "--kind", "network", "-"], spec, expect![]);
    check(&["check", "--kind", "network", "--json", "-"], spec, expect![]);
}

#[test]
fn a_good_spec_says_nothing() {
    check(&["check", "--kind", "network", "-"], r#"{ "name": "lan" }"#, expect!["exit code 0\n"]);
    check(&["check", "--kind", "network", "--json", "-"], r#"{ "name": "lan" }"#, expect!["[]\nexit code 0\n"]);
}

#[test]
fn what_is_no_json() {
    check(&["render", "--kind", "network", "-"], "{ name = 1; }", expect![]);
    check(&["render", "--kind", "network", "-"], "", expect![]);
    check(&["render", "--kind", "network", "-"], r#"{ "name": "a", "name": "b" }"#, expect![]);
}

#[test]
fn what_is_no_file() {
    check(&["render", "--kind", "network", "/no/such/file"], "", expect![]);
}

#[test]
fn bad_usage_exits_with_2() {
    check(&["render", "--kind", "netwrok", "-"], "", expect![]);
    check(&["rendr"], "", expect![]);
}

#[test]
fn help_teaches() {
    check(&["--help"], "", expect![]);
    check(&["check", "--help"], "", expect![]);
}

#[test]
fn import_and_render_are_inverse() {
    check(&["import", "--kind", "network", "-"], "<network><name>lan</name><mtu size='9000'/></network>", expect![]);
    check(&["import", "--kind", "network", "-"], "<network><name>lan</nam></network>", expect![]);
    check(&["import", "--kind", "network", "-"], "<domain/>", expect![]);
}
