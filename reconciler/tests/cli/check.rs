//! `nixvirt check`.

use super::{Folder, check};
use expect_test::expect;

const WARNED: &str = r#"{ "name": "lan", "ip": { "address": "10.0.0.1", "prefix": 24,
    "dhcp": { "host": { "name": "a", "ip": "10.0.1.2" } } } }"#;

#[test]
fn the_kind_is_guessed() {
    let folder = Folder::new(&[
        ("web.json", r#"{ "name": "web", "type": "kvm", "memroy": 1, "devices": {}, "os": { "type": "hvm" } }"#),
        ("networks/lan.json", r#"{ "name": "lan", "mtu": { "size": "big" } }"#),
        ("lan.json", r#"{ "name": "lan" }"#),
    ]);
    folder.check(
        &["check", "web.json"],
        expect![[r#"
            error: domain "web": 1 error
              error[unknown-attribute]: memroy: unknown attribute "memroy"; did you mean "memory"?
                at web.json:1:43
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "networks/lan.json"],
        expect![[r#"
            error: network "lan": 1 error
              error[wrong-type]: mtu.size: invalid value "big": expected a whole number from 0 to 65535
                at networks/lan.json:1:35
            hint: for an explanation with examples, run `nixvirt explain wrong-type`
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "lan.json"],
        expect![[r#"
            error: cannot tell the kind of lan.json: its content fits network, volume, nwfilter, nodedev, snapshot, checkpoint
            hint: set the kind with --kind
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "--kind", "network", "lan.json"],
        expect![[r#"
        exit code 0
    "#]],
    );
}

#[test]
fn what_a_libvirt_lacks() {
    let folder = Folder::new(&[(
        "web.json",
        r#"{ "name": "web", "type": "kvm", "hwuuid": "6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11", "on_crash": "preserve-running",
            "blkiotune": { "device": { "path": "*" } },
            "launchSecurity": { "type": "tdx", "quoteGenerationService": true },
            "cputune": { "cachetune": { "cache": { "id": 0, "level": 3, "type": "both", "size": "3 MiB" } } },
            "devices": { "iommu": [{ "model": "smmuv3" }, { "model": "smmuv3" }],
                "disk": { "source": { "file": "/a.img" }, "target": { "dev": "nvme0n1", "bus": "nvme" }, "serial": "1" } }, "memory": "64 MiB", "os": { "type": "hvm" } }"#,
    )]);
    folder.check(
        &["check", "--libvirt", "12.8.0", "web.json"],
        expect![[r#"
        exit code 0
    "#]],
    );
    folder.check(&["check", "--libvirt", "11.3.0", "web.json"], expect![[r#"
        warning: domain "web": 8 warnings
          warning[newer-libvirt]: hwuuid: attribute "hwuuid" requires libvirt 11.7, but the target is libvirt 11.3
            at web.json:1:43
          warning[newer-libvirt]: on_crash: on crash action "preserve-running" requires libvirt 12.6, but the target is libvirt 11.3
            at web.json:1:95
          warning[newer-libvirt]: blkiotune.device.path: path "*" requires libvirt 12.3, but the target is libvirt 11.3
            at web.json:2:48
          warning[newer-libvirt]: launchSecurity.type: value "tdx" requires libvirt 11.6, but the target is libvirt 11.3
            at web.json:3:41
          warning[newer-libvirt]: cputune.cachetune: leaving out attribute "vcpus" requires libvirt 12.8, but the target is libvirt 11.3
            at web.json:4:39
          warning[newer-libvirt]: devices.iommu: more than one "iommu" requires libvirt 11.10, but the target is libvirt 11.3
            at web.json:5:35
          warning[newer-libvirt]: devices.disk.target.dev: disk name "nvme0n1" requires libvirt 11.5, but the target is libvirt 11.3
            at web.json:6:78
          warning[newer-libvirt]: devices.disk.target.bus: disk bus "nvme" requires libvirt 11.5, but the target is libvirt 11.3
            at web.json:6:96
        hint: for an explanation with examples, run `nixvirt explain newer-libvirt`
        exit code 0
    "#]]);
    folder.check(&["check", "--libvirt", "11.10", "--deny-warnings", "web.json"], expect![[r#"
        warning: domain "web": 3 warnings
          warning[newer-libvirt]: on_crash: on crash action "preserve-running" requires libvirt 12.6, but the target is libvirt 11.10
            at web.json:1:95
          warning[newer-libvirt]: blkiotune.device.path: path "*" requires libvirt 12.3, but the target is libvirt 11.10
            at web.json:2:48
          warning[newer-libvirt]: cputune.cachetune: leaving out attribute "vcpus" requires libvirt 12.8, but the target is libvirt 11.10
            at web.json:4:39
        hint: for an explanation with examples, run `nixvirt explain newer-libvirt`
        exit code 1
    "#]]);
    folder.check(&["check", "--libvirt", "latest", "web.json"], expect![[r#"
        error: invalid value 'latest' for '--libvirt <VERSION>': invalid version "latest": expected a release of libvirt, e.g. 12.8 or 12.8.0
        hint: see `nixvirt check --help`
        exit code 64
    "#]]);
}

#[test]
fn many_files_and_folders() {
    let folder = Folder::new(&[
        (
            "specs/domains/web.json",
            r#"{ "name": "web", "type": "kvm", "memroy": 1, "devices": {}, "os": { "type": "hvm" } }"#,
        ),
        ("specs/networks/lan.json", r#"{ "name": "lan" }"#),
        ("specs/networks/broken.json", "{ \"name\": \"lan\"\n"),
        ("specs/readme.txt", "not a spec"),
        ("manifest.json", r#"{ "version": 1, "conections": {} }"#),
        ("empty/readme.txt", "not a spec"),
    ]);
    folder.check(
        &["check", "specs", "manifest.json", "empty", "no-such-file.json"],
        expect![[r#"
            error: domain "web": 1 error
              error[unknown-attribute]: memroy: unknown attribute "memroy"; did you mean "memory"?
                at specs/domains/web.json:1:43
            error: specs/networks/broken.json is not JSON: line 1, column 16: the text ends within a value
            error: manifest "manifest.json": 1 error
              error[unknown-attribute]: conections: unknown field "conections"; did you mean "connections"?
                at manifest.json:1:31
            error: no file in empty ends with .json
            error: cannot read no-such-file.json: No such file or directory (os error 2)
            6 files: 5 errors
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "specs/networks/lan.json", "specs/networks"],
        expect![[r#"
            error: specs/networks/broken.json is not JSON: line 1, column 16: the text ends within a value
            3 files: 1 error
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "--json", "specs", "manifest.json", "no-such-file.json"],
        expect![[r#"
            [
              {
                "file": "specs/domains/web.json",
                "severity": "error",
                "code": "unknown-attribute",
                "path": "memroy",
                "message": "unknown attribute \"memroy\"",
                "suggestion": "memory",
                "hint": null,
                "reference": "domain.html#domain",
                "position": {
                  "file": "specs/domains/web.json",
                  "line": 1,
                  "column": 43
                }
              },
              {
                "file": "specs/networks/broken.json",
                "severity": "error",
                "code": "not-json",
                "path": "",
                "message": "specs/networks/broken.json is not JSON: line 1, column 16: the text ends within a value",
                "suggestion": null,
                "hint": null,
                "reference": null,
                "position": {
                  "file": "specs/networks/broken.json",
                  "line": 1,
                  "column": 16
                }
              },
              {
                "file": "manifest.json",
                "severity": "error",
                "code": "unknown-attribute",
                "path": "conections",
                "message": "unknown field \"conections\"",
                "suggestion": "connections",
                "hint": null,
                "reference": null,
                "position": {
                  "file": "manifest.json",
                  "line": 1,
                  "column": 31
                }
              },
              {
                "file": "no-such-file.json",
                "severity": "error",
                "code": "unreadable",
                "path": "",
                "message": "cannot read no-such-file.json: No such file or directory (os error 2)",
                "suggestion": null,
                "hint": null,
                "reference": null,
                "position": null
              }
            ]
            exit code 1
        "#]],
    );
}

#[test]
fn many_files_without_problems() {
    let folder = Folder::new(&[
        ("networks/lan.json", r#"{ "name": "lan" }"#),
        ("manifest.json", r#"{ "version": 1, "connections": {} }"#),
    ]);
    folder.check(
        &["check", "."],
        expect![[r#"
        2 files: no problems
        exit code 0
    "#]],
    );
    folder.check(
        &["check", "--json", "."],
        expect![[r#"
        []
        exit code 0
    "#]],
    );
}

#[test]
fn manifests() {
    let folder = Folder::new(&[
        ("manifest.json", r#"{ "version": 1, "connections": { "qemu:///system": { "domains": {} } } }"#),
        ("newer.json", r#"{ "version": 7, "connections": {} }"#),
        ("module.json", r#"{ "domains": [{ "definition": "a.xml", "actve": true }] }"#),
    ]);
    folder.check(
        &["check", "--kind", "manifest", "manifest.json"],
        expect![[r#"
            error: manifest "manifest.json": 1 error
              error[wrong-type]: connections."qemu:///system".domains: expected a list or null, found an object
                at manifest.json:1:65
            hint: for an explanation with examples, run `nixvirt explain wrong-type`
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "manifest.json"],
        expect![[r#"
            error: manifest "manifest.json": 1 error
              error[wrong-type]: connections."qemu:///system".domains: expected a list or null, found an object
                at manifest.json:1:65
            hint: for an explanation with examples, run `nixvirt explain wrong-type`
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "newer.json"],
        expect![[r#"
        error: newer.json is a manifest of version 7, but this nixvirt reads version 1
        hint: use the module and the command of the same release
        exit code 1
    "#]],
    );
    folder.check(
        &["check", "module.json"],
        expect![[r#"
            error: manifest "module.json": 1 error
              error[unknown-attribute]: domains[0].actve: unknown field "actve"; did you mean "active"?
                at module.json:1:49
            hint: for an explanation with examples, run `nixvirt explain unknown-attribute`
            exit code 1
        "#]],
    );
}

#[test]
fn warnings() {
    check(
        &["check", "--kind", "network", "-"],
        WARNED,
        expect![[r#"
            warning: network "lan": 1 warning
              warning[dhcp-host-outside]: ip.dhcp.host.ip: address "10.0.1.2" is outside the network, so the DHCP server never assigns it
                at <stdin>:2:44
            hint: for an explanation with examples, run `nixvirt explain dhcp-host-outside`
            exit code 0
        "#]],
    );
    check(
        &["check", "--kind", "network", "--deny-warnings", "-"],
        WARNED,
        expect![[r#"
            warning: network "lan": 1 warning
              warning[dhcp-host-outside]: ip.dhcp.host.ip: address "10.0.1.2" is outside the network, so the DHCP server never assigns it
                at <stdin>:2:44
            hint: for an explanation with examples, run `nixvirt explain dhcp-host-outside`
            exit code 1
        "#]],
    );
}

#[test]
fn files_of_other_formats() {
    let folder = Folder::new(&[
        ("lan.xml", "<network><name>lan</name></network>"),
        ("lan.nix", "{ name = \"lan\"; }"),
        ("broken.json", "{\n  \"name\": lan\n}"),
        ("empty.json", "\n"),
        ("list.json", r#"[{ "name": "lan" }]"#),
        ("marked.network.json", "\u{feff}{ \"name\": \"lan\" }"),
    ]);
    folder.check(
        &["check", "empty.json", "list.json", "marked.network.json"],
        expect![[r#"
        error: empty.json is not JSON: line 1, column 1: the text is empty
        error: list.json is not a spec or manifest: expected an object, found a list
        3 files: 2 errors
        exit code 1
    "#]],
    );
    folder.check(
        &["check", "lan.xml"],
        expect![[r#"
        error: lan.xml is XML, not JSON
        hint: convert it to a spec with `nixvirt import lan.xml`
        exit code 1
    "#]],
    );
    folder.check(
        &["check", "lan.nix"],
        expect![[r#"
            error: lan.nix is a Nix expression, not JSON
            hint: evaluate a spec with `nix eval --json --file lan.nix`, or check a module with `nixvirt lsp --check lan.nix`
            exit code 1
        "#]],
    );
    folder.check(
        &["check", "--json", "lan.xml", "broken.json"],
        expect![[r#"
            [
              {
                "file": "lan.xml",
                "severity": "error",
                "code": "not-json",
                "path": "",
                "message": "lan.xml is XML, not JSON",
                "suggestion": null,
                "hint": "convert it to a spec with `nixvirt import lan.xml`",
                "reference": null,
                "position": {
                  "file": "lan.xml",
                  "line": 1,
                  "column": 1
                }
              },
              {
                "file": "broken.json",
                "severity": "error",
                "code": "not-json",
                "path": "",
                "message": "broken.json is not JSON: line 2, column 11: expected value",
                "suggestion": null,
                "hint": null,
                "reference": null,
                "position": {
                  "file": "broken.json",
                  "line": 2,
                  "column": 11
                }
              }
            ]
            exit code 1
        "#]],
    );
    check(
        &["check", "-"],
        "<network/>",
        expect![[r#"
        error: <stdin> is XML, not JSON
        hint: convert it to a spec with `nixvirt import -`
        exit code 1
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
            error: network "lan": 2 errors
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at <stdin>:3:13
              error[bad-form]: ip.address: invalid IP address "here": expected an IP address, e.g. 192.168.122.1 or fd00::1
                at <stdin>:4:22
            hint: for an explanation with examples, run `nixvirt explain CODE`
            exit code 1
        "#]],
    );
    check(
        &["check", "--kind", "network", "-"],
        spec,
        expect![[r#"
            error: network "lan": 2 errors
              error[unknown-attribute]: brigde: unknown attribute "brigde"; did you mean "bridge"?
                at <stdin>:3:13
              error[bad-form]: ip.address: invalid IP address "here": expected an IP address, e.g. 192.168.122.1 or fd00::1
                at <stdin>:4:22
            hint: for an explanation with examples, run `nixvirt explain CODE`
            exit code 1
        "#]],
    );
    check(
        &["check", "--kind", "network", "--json", "-"],
        spec,
        expect![[r#"
            [
              {
                "file": "<stdin>",
                "severity": "error",
                "code": "unknown-attribute",
                "path": "brigde",
                "message": "unknown attribute \"brigde\"",
                "suggestion": "bridge",
                "hint": null,
                "reference": "network.html#network",
                "position": {
                  "file": "<stdin>",
                  "line": 3,
                  "column": 13
                }
              },
              {
                "file": "<stdin>",
                "severity": "error",
                "code": "bad-form",
                "path": "ip.address",
                "message": "invalid IP address \"here\": expected an IP address, e.g. 192.168.122.1 or fd00::1",
                "suggestion": null,
                "hint": null,
                "reference": "network.html#ip.address",
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
fn a_good_spec_says_nothing() {
    check(&["check", "--kind", "network", "-"], r#"{ "name": "lan" }"#, expect!["exit code 0\n"]);
    check(&["check", "--kind", "network", "--json", "-"], r#"{ "name": "lan" }"#, expect!["[]\nexit code 0\n"]);
}
