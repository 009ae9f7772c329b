//! Files that change beside the editor, and files that are on no disk.

use crate::editor::{Editor, uri};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::fs;

const MISTAKE: &str = "{ name = \"lan\"; mtu.size = \"x\"; }";

#[test]
fn a_file_that_another_one_imports_changes_on_the_disk() {
    let folder = std::env::temp_dir().join(format!("nixvirt-lsp-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a writable folder");
    let (lan, network) = (folder.join("lan.nix"), folder.join("network.nix"));
    fs::write(&lan, MISTAKE).expect("a writable file");
    let mut editor = Editor::with(&json!({
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } }
    }));
    assert_eq!(
        editor.request("client/registerCapability")["registrations"][0]["registerOptions"]["watchers"],
        json!([
            { "globPattern": "**/*.nix" }
        ])
    );
    let (lan_path, network_path) = (lan.display().to_string(), network.display().to_string());
    editor.open(&network_path, "lib.network.writeXML (import ./lan.nix)");
    assert_eq!(editor.problems(&lan_path).len(), 1);
    let change = || {
        editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&lan_path), "type": 2 }] }));
    };
    fs::write(&lan, "{ name = \"lan\"; mtu.size = 1500; }").expect("a writable file");
    change();
    assert_eq!(editor.problems(&lan_path), [] as [serde_json::Value; 0]);
    // What the editor shows counts, until the editor shows it no more.
    editor.open(&lan_path, MISTAKE);
    assert_eq!(editor.problems(&lan_path).len(), 1);
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri(&lan_path) } }));
    assert_eq!(editor.problems(&lan_path), [] as [serde_json::Value; 0]);
    fs::remove_dir_all(&folder).expect("it was made");
    change();
    assert_eq!(editor.problems(&network_path), [] as [serde_json::Value; 0]);
}

#[test]
fn problems_have_the_version_of_the_text() {
    let editor = Editor::new();
    editor.open("/lan.nix", MISTAKE);
    assert_eq!(editor.report("/lan.nix")["version"], 1);
    let change = |version: i32, text: &str| {
        let changes = json!([{ "text": text }]);
        let document = json!({ "uri": uri("/lan.nix"), "version": version });
        editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    };
    change(2, "# nixvirt: network\n{ }");
    change(7, "# nixvirt: network\n{ nmae = \"a\"; }");
    while editor.report("/lan.nix")["version"] != 7 {}
}

#[test]
fn a_file_without_a_path_imports_nothing() {
    let mut editor = Editor::new();
    for uri in ["untitled:Untitled-1", "git:/work/lan.nix?HEAD", "vscode-vfs://github/a/lan.nix"] {
        let text = format!("lib.network.writeXML ({MISTAKE} // import ./Cargo.toml // import ./src)");
        let document = json!({ "uri": uri, "languageId": "nix", "version": 1, "text": text });
        editor.tell("textDocument/didOpen", json!({ "textDocument": document }));
        let problems = editor.problems_of(uri);
        assert_eq!(problems[0]["code"], "wrong-type", "{uri}");
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 24 } });
        assert_ne!(editor.ask("textDocument/completion", at), json!([]), "{uri}");
    }
}
