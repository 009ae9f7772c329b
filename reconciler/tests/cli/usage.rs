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
            hint: see `nixvirt completions --help`
            exit code 64
        "#]],
    );
}

/// Only what is close is suggested, and what another command does.
#[test]
fn what_was_meant() {
    for (arguments, expected) in [
        (
            &["frob"][..],
            expect![[r#"
            error: unrecognized subcommand 'frob'
            hint: see `nixvirt --help`
            exit code 64
        "#]],
        ),
        (
            &["help", "frob"],
            expect![[r#"
            error: invalid value 'frob' for '[COMMAND]'
              [possible values: init, check, explain, render, import, schema, lsp, plan, apply, status, graph, doctor, adopt, forget, list, wait, ssh, console, view, rollback, completions, man, help]
            hint: see `nixvirt help --help`
            exit code 64
        "#]],
        ),
        (
            &["apply", "--dry-run"],
            expect![[r#"
            error: unexpected argument '--dry-run' found
            hint: `nixvirt plan` shows what `apply` would change
            hint: see `nixvirt apply --help`
            exit code 64
        "#]],
        ),
        (
            &["apply", "-n"],
            expect![[r#"
            error: unexpected argument '-n' found
            hint: `nixvirt plan` shows what `apply` would change
            hint: see `nixvirt apply --help`
            exit code 64
        "#]],
        ),
        (
            &["apply", "--diff"],
            expect![[r#"
            error: unexpected argument '--diff' found
            hint: `nixvirt plan` shows what `apply` would change
            hint: see `nixvirt apply --help`
            exit code 64
        "#]],
        ),
        (
            &["apply", "--yes"],
            expect![[r#"
            error: unexpected argument '--yes' found
            hint: `nixvirt apply` does not ask for confirmation
            hint: see `nixvirt apply --help`
            exit code 64
        "#]],
        ),
        (
            &["apply", "--manifst", "m.json"],
            expect![[r#"
            error: unexpected argument '--manifst' found
            hint: did you mean '--manifest'?
            hint: see `nixvirt apply --help`
            exit code 64
        "#]],
        ),
        (
            &["plan", "--apply"],
            expect![[r#"
            error: unexpected argument '--apply' found
            hint: `nixvirt apply` makes the changes
            hint: see `nixvirt plan --help`
            exit code 64
        "#]],
        ),
        (
            &["plan", "--dry-run"],
            expect![[r#"
            error: unexpected argument '--dry-run' found
            hint: `nixvirt plan` changes nothing
            hint: see `nixvirt plan --help`
            exit code 64
        "#]],
        ),
        (
            &["status", "--dry-run"],
            expect![[r#"
            error: unexpected argument '--dry-run' found
            hint: see `nixvirt status --help`
            exit code 64
        "#]],
        ),
        (
            &["adopt", "arm"],
            expect![[r#"
            error: invalid value 'arm' for '<TYPE>'
              [possible values: secret, nwfilter, pool, volume, network, domain, snapshot]
            hint: name the type first: `nixvirt adopt domain arm`
            hint: see `nixvirt adopt --help`
            exit code 64
        "#]],
        ),
        (
            &["adopt", "arm", "web"],
            expect![[r#"
            error: invalid value 'arm' for '<TYPE>'
              [possible values: secret, nwfilter, pool, volume, network, domain, snapshot]
            hint: name the type first: `nixvirt adopt domain arm`
            hint: see `nixvirt adopt --help`
            exit code 64
        "#]],
        ),
        (
            &["forget", "default/web.qcow2"],
            expect![[r#"
            error: invalid value 'default/web.qcow2' for '<TYPE>'
              [possible values: secret, nwfilter, pool, volume, network, domain, snapshot]
            hint: name the type first: `nixvirt forget volume default/web.qcow2`
            hint: see `nixvirt forget --help`
            exit code 64
        "#]],
        ),
        (
            &["plan", "--connect", "qemu:///sytem"],
            expect![[r#"
            error: invalid value 'qemu:///sytem' for '--connect <URI>': did you mean "qemu:///system"?
            hint: see `nixvirt plan --help`
            exit code 64
        "#]],
        ),
        (
            &["doctor", "--connect", "qmeu:///system"],
            expect![[r#"
            error: invalid value 'qmeu:///system' for '--connect <URI>': did you mean "qemu:///system"?
            hint: see `nixvirt doctor --help`
            exit code 64
        "#]],
        ),
    ] {
        check(arguments, "", expected);
    }
}

#[test]
fn a_spec_in_place_of_a_manifest() {
    let domain = r#"{ "name": "web", "type": "kvm", "memory": "1 GiB", "os": { "type": "hvm" }, "devices": {} }"#;
    let folder = Folder::new(&[
        ("web.json", domain),
        ("disk.json", r#"{ "name": "disk", "capacity": "1 GiB" }"#),
        ("br0.json", r#"{ "name": "br0", "type": "bridge", "start": { "mode": "onboot" } }"#),
        ("lan.json", r#"{ "name": "lan" }"#),
        ("web.xml", "<domain type='kvm'><name>web</name></domain>"),
        ("guests.nix", "{ }"),
        ("typo.json", r#"{ "conections": {} }"#),
    ]);
    for (file, expected) in [
        (
            "web.json",
            expect![[r#"
            error: web.json is a spec of the kind domain, not a manifest
            hint: write its XML with `nixvirt render web.json > web.xml`, and name the XML in a manifest: { "version": 1, "connections": { "qemu:///system": { "domains": [{ "definition": "web.xml" }] } } }
            exit code 66
        "#]],
        ),
        (
            "disk.json",
            expect![[r#"
            error: disk.json is a spec of the kind volume, not a manifest
            hint: write its XML with `nixvirt render disk.json > disk.xml`, and name the XML in a manifest: { "version": 1, "connections": { "qemu:///system": { "pools": [{ "definition": "pool.xml", "volumes": [{ "definition": "disk.xml" }] }] } } }
            exit code 66
        "#]],
        ),
        (
            "br0.json",
            expect![[r#"
            error: br0.json is a spec of the kind interface, not a manifest
            hint: `nixvirt schema manifest` prints the JSON Schema of manifests
            exit code 66
        "#]],
        ),
        (
            "lan.json",
            expect![[r#"
            error: lan.json is a spec, not a manifest
            hint: `nixvirt schema manifest` prints the JSON Schema of manifests
            exit code 66
        "#]],
        ),
        (
            "web.xml",
            expect![[r#"
            error: web.xml is XML, not a manifest
            hint: name the file in a manifest: { "version": 1, "connections": { "qemu:///system": { "domains": [{ "definition": "web.xml" }] } } }
            exit code 66
        "#]],
        ),
        (
            "guests.nix",
            expect![[r#"
            error: guests.nix is a Nix file, not a manifest
            hint: `lib.manifest` makes a manifest of modules: build it, and set the path of the result with --manifest
            exit code 66
        "#]],
        ),
        (
            "typo.json",
            expect![[r#"
            error: manifest "typo.json": 2 errors
              error[missing]: missing required field "version"
                at typo.json:1:1
              error[unknown-attribute]: conections: unknown field "conections"; did you mean "connections"?
                at typo.json:1:17
            hint: for an explanation with examples, run `nixvirt explain CODE`
            exit code 66
        "#]],
        ),
    ] {
        folder.check(&["graph", "--manifest", file], expected);
    }
    folder.check_with(&["graph", "--manifest", "-"], domain, expect![[r#"
        error: <stdin> is a spec of the kind domain, not a manifest
        hint: write its XML with `nixvirt render - > domain.xml`, and name the XML in a manifest: { "version": 1, "connections": { "qemu:///system": { "domains": [{ "definition": "domain.xml" }] } } }
        exit code 66
    "#]]);
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
