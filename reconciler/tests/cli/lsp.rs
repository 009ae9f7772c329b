//! `nixvirt lsp --check`.

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
