//! The URIs of connections that modules refuse.

use nixvirt_tests::{evaluate_json, project};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::fs;

/// The command refuses the same ones, with the same suggestions.
#[test]
fn mistakes() {
    let folder = project();
    let rows = folder.join("tests/nix/uris.json");
    let expected = fs::read_to_string(&rows).expect("a readable file");
    let expected: Value = serde_json::from_str(&expected).expect("it is JSON");
    let found = evaluate_json(&format!(
        "map (row: let uri = builtins.head row; in [uri (import {}/nix-lib/modules/uri.nix uri)]) (builtins.fromJSON (builtins.readFile {}))",
        folder.display(),
        rows.display()
    ));
    assert_eq!(found, expected);
}
