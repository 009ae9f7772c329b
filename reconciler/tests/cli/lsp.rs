//! `nixvirt lsp --check`, and input that is no protocol.

use super::Folder;
use expect_test::expect;

#[test]
fn problems_as_json() {
    let folder = Folder::new(&[("lan.nix", "# nixvirt: network\n{ name = \"lan\"; mtu.size = \"big\"; }")]);
    folder.check(
        &["lsp", "--json", "--check", "lan.nix", "missing.nix"],
        expect![[r#"
        [
          {
            "file": "lan.nix",
            "severity": "error",
            "code": "wrong-type",
            "path": "mtu.size",
            "message": "invalid value \"big\": expected a whole number from 0 to 65535",
            "suggestion": null,
            "hint": null,
            "reference": "domain/devices/interface.html#devices.interface.mtu.size",
            "position": {
              "file": "lan.nix",
              "line": 2,
              "column": 17
            }
          },
          {
            "file": "missing.nix",
            "severity": "error",
            "code": "unreadable",
            "path": "",
            "message": "cannot read missing.nix: No such file or directory (os error 2)",
            "suggestion": null,
            "hint": null,
            "reference": null,
            "position": null
          }
        ]
        exit code 1
    "#]],
    );
    folder.check(
        &["lsp", "--check", "lan.json", "lan.xml"],
        expect![[r#"
        error: lan.json is not a Nix file
        hint: `nixvirt check` checks specs and manifests in JSON
        error: lan.xml is not a Nix file
        hint: `nixvirt check` checks specs and manifests in JSON
        exit code 1
    "#]],
    );
    folder.check(
        &["lsp", "--json"],
        expect![[r#"
        error: the following required arguments were not provided:
          --check <FILE>...
        hint: see `nixvirt lsp --help`
        exit code 64
    "#]],
    );
}

#[test]
fn what_no_editor_sends() {
    let folder = Folder::new(&[]);
    folder.check_with(&["lsp"], "Content-Length: 999999999999999\r\n\r\n{}", expect![[r#"
        error: the editor does not keep to the protocol: invalid header "Content-Length: 999999999999999": expected a size of at most 268435456 bytes
        hint: an editor starts this command; to check files, run `nixvirt lsp --check FILE`
        exit code 1
    "#]]);
    folder.check(
        &["lsp"],
        expect![[r#"
        error: the editor does not keep to the protocol: the input ends before the message `initialized`
        hint: an editor starts this command; to check files, run `nixvirt lsp --check FILE`
        exit code 1
    "#]],
    );
    folder.check_with(
        &["lsp"],
        "Content-Length: 20\r\n\r\n{}",
        expect![[r#"
        error: the editor does not keep to the protocol: the input ends within a message
        hint: an editor starts this command; to check files, run `nixvirt lsp --check FILE`
        exit code 1
    "#]],
    );
}
