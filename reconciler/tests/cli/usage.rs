//! Mistakes on the command line.

use super::{Folder, check};
use expect_test::expect;
use pretty_assertions::assert_eq;
use std::fs::File;
use std::process::Command;

#[test]
fn a_mistake_exits_with_64() {
    check(
        &["rendr"],
        "",
        expect![[r#"
        error: unrecognized subcommand 'rendr'
        hint: did you mean 'render'?
        hint: see `nixvirt --help`
        exit code 64
    "#]],
    );
    check(
        &["render"],
        "",
        expect![[r#"
        error: the following required arguments were not provided:
          <FILE>...
        hint: see `nixvirt render --help`
        exit code 64
    "#]],
    );
    check(
        &["render", "--kind", "netwrok", "-"],
        "",
        expect![[r#"
        error: invalid value 'netwrok' for '--kind <KIND>'
          [possible values: domain, network, pool, volume, secret, nwfilter, nodedev, interface, snapshot, checkpoint, manifest]
        hint: did you mean 'network'?
        hint: see `nixvirt render --help`
        exit code 64
    "#]],
    );
    check(
        &["plan", "--detailed-exit-code"],
        "",
        expect![[r#"
        error: unexpected argument '--detailed-exit-code' found
        hint: did you mean '--detailed-exitcode'?
        hint: see `nixvirt plan --help`
        exit code 64
    "#]],
    );
    check(
        &["plan", "--connect", "qemu://system"],
        "",
        expect![[r#"
        error: invalid value 'qemu://system' for '--connect <URI>': did you mean "qemu:///system"?
        hint: see `nixvirt plan --help`
        exit code 64
    "#]],
    );
    check(
        &["list", "--connect", ""],
        "",
        expect![[r#"
        error: invalid value '' for '--connect <URI>': did you mean "qemu:///system"?
        hint: see `nixvirt list --help`
        exit code 64
    "#]],
    );
    check(
        &["graph", "qemu+ssh:///alpha/system"],
        "",
        expect![[r#"
        error: invalid value 'qemu+ssh:///alpha/system' for '[URI]...': did you mean "qemu+ssh://alpha/system"?
        hint: see `nixvirt graph --help`
        exit code 64
    "#]],
    );
    check(
        &["import", "lxc://system"],
        "",
        expect![[r#"
            error: invalid connection URI "lxc://system"
            hint: did you mean "lxc:///system"?
            exit code 1
        "#]],
    );
    check(
        &["plan", "--wait", "18446744073709551615"],
        "",
        expect![[r#"
        error: invalid value '18446744073709551615' for '--wait <SECONDS>': expected a whole number from 0 to 31536000
        hint: see `nixvirt plan --help`
        exit code 64
    "#]],
    );
    check(
        &["plan", "--timeout", "0"],
        "",
        expect![[r#"
            error: invalid value '0' for '--timeout <SECONDS>': expected a whole number from 1 to 31536000
            hint: see `nixvirt plan --help`
            exit code 64
        "#]],
    );
    check(
        &["adopt", "domian", "web"],
        "",
        expect![[r#"
        error: invalid value 'domian' for '<TYPE>'
          [possible values: secret, nwfilter, pool, volume, network, domain, snapshot]
        hint: did you mean 'domain'?
        hint: see `nixvirt adopt --help`
        exit code 64
    "#]],
    );
    check(
        &["render", "--ignore-rules", "--deny-warnings", "-"],
        "",
        expect![[r#"
        error: the argument '--ignore-rules' cannot be used with '--deny-warnings'
        hint: see `nixvirt render --help`
        exit code 64
    "#]],
    );
    check(
        &["completions", "tcsh"],
        "",
        expect![[r#"
        error: invalid value 'tcsh' for '<SHELL>'
          [possible values: bash, elvish, fish, powershell, zsh]
        hint: did you mean 'zsh'?
        hint: see `nixvirt completions --help`
        exit code 64
    "#]],
    );
}

/// The service of the NixOS module fails then, unlike with an object in error.
#[test]
fn a_manifest_that_cannot_be_read_exits_with_66() {
    let folder = Folder::new(&[("broken.json", "{"), ("wrong.json", r#"{ "version": 1, "conections": {} }"#)]);
    for (file, expected) in [
        (
            "none.json",
            expect![[r#"
                error: cannot read none.json: No such file or directory (os error 2)
                hint: without a manifest, name the connection with --connect
                exit code 66
            "#]],
        ),
        (
            "broken.json",
            expect![[r#"
                error: broken.json is not JSON: line 1, column 1: the text ends within a value
                hint: without a manifest, name the connection with --connect
                exit code 66
            "#]],
        ),
        (
            "wrong.json",
            expect![[r#"
                error: manifest "wrong.json": 1 error
                  error[unknown-attribute]: conections: unknown field "conections"; did you mean "connections"?
                    at wrong.json:1:31
                hint: without a manifest, name the connection with --connect
                exit code 66
            "#]],
        ),
    ] {
        folder.check(&["forget", "domain", "web", "--state", "state", "--manifest", file], expected);
    }
}

/// The exit code is the same if nobody can read the messages.
#[test]
fn messages_that_cannot_be_written() {
    for (arguments, code) in [(&["bogus"][..], 64), (&["check", "gone", "gone"], 1)] {
        let full = File::options().write(true).open("/dev/full").expect("Linux has it");
        let status = Command::new(env!("CARGO_BIN_EXE_nixvirt")).args(arguments).stderr(full).status();
        assert_eq!(status.expect("it ends").code(), Some(code), "{arguments:?}");
    }
}
