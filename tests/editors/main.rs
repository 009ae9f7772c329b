//! `nixvirt lsp` in editors, each set up as the guide says, with the file of the guide: its problem, a completion, a
//! description, a fix and its XML.

use expect_test::{Expect, expect};
use lsp_server::{Message, Notification, Request};
use nixvirt_tests::{Outcome, project, run};
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The first code block of the guide after a text.
fn block(after: &str) -> String {
    let page = fs::read_to_string(project().join("docs/guides/editor.md")).expect("the page is there");
    let (_, rest) = page.split_once(after).expect("the page has it");
    let (_, code) = rest.split_once("\n```").expect("a block follows");
    let code = code.split("\n```").next().unwrap_or_default();
    code.split_once('\n').expect("the block has lines").1.to_owned()
}

/// Runs an editor in a folder with its set-up, which consists of the blocks after some texts, the script that drives it, and the
/// file of the guide.
fn check(set_up: (&str, [&str; 2]), script: &str, editor: &[&str], expected: Expect) {
    let folder = tempfile::tempdir().expect("a writable folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a writable folder");
    let (name, of) = set_up;
    write(name, &of.map(block).join("\n"));
    write("lan.nix", &format!("{}\n", block("can name the kind")));
    let script = project().join("tests/editors").join(script);
    let mut command = Command::new(editor[0]);
    let arguments = editor[1..].iter().map(|argument| argument.replace("SCRIPT", &script.display().to_string()));
    let Outcome { stdout, stderr, succeeded } =
        run(command.args(arguments).current_dir(folder.path()).env("HOME", folder.path()));
    assert!(succeeded, "{stdout}{stderr}");
    expected.assert_eq(&stdout);
}

#[test]
fn neovim() {
    check(
        ("init.lua", ["**Neovim**, in `init.lua`", "For **Neovim**"]),
        "neovim.lua",
        &["nvim", "--headless", "--clean", "-u", "init.lua", "lan.nix", "-c", "luafile SCRIPT"],
        expect![[r#"
            problem: 3:17 unknown-word invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            completion: nat route open bridge passthrough private vepa hostdev
            hover: Forwarding mode of the network.
            # nixvirt: network
            {
              name = "lan";
              forward.mode = "nat";
              ip = { address = "192.168.74.1"; prefix = 24; };
            }
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <forward mode='nat'/>
              <ip address='192.168.74.1' prefix='24'/>
            </network>
        "#]],
    );
}

#[test]
fn emacs() {
    check(
        ("init.el", ["**Emacs** with eglot", "For **Emacs**"]),
        "emacs.el",
        &["emacs", "--batch", "--quick", "--load", "init.el", "--load", "SCRIPT"],
        expect![[r#"
            problem: 3:17 nixvirt [unknown-word]: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            completion: nat route open bridge passthrough private vepa hostdev
            hover: Forwarding mode of the network.
            # nixvirt: network
            {
              name = "lan";
              forward.mode = "nat";
              ip = { address = "192.168.74.1"; prefix = 24; };
            }
            <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <forward mode='nat'/>
              <ip address='192.168.74.1' prefix='24'/>
            </network>
        "#]],
    );
}

/// The server over its standard streams.
struct Server {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn tell(&mut self, method: &str, parameters: Json) {
        let message = Message::from(Notification::new(method.to_owned(), parameters));
        message.write(&mut self.input).expect("the server reads");
    }

    fn ask(&mut self, method: &str, parameters: Json) -> Json {
        let message = Message::from(Request::new(1.into(), method.to_owned(), parameters));
        message.write(&mut self.input).expect("the server reads");
        loop {
            if let Message::Response(response) = self.receive() {
                return serde_json::to_value(&response).expect("it is JSON")["result"].clone();
            }
        }
    }

    fn receive(&mut self) -> Message {
        Message::read(&mut self.output).expect("the server writes messages").expect("the server runs")
    }
}

#[test]
fn the_protocol() {
    let start = Instant::now();
    let mut process =
        Command::new("nixvirt").arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("nixvirt runs");
    let input = process.stdin.take().expect("it is piped");
    let output = BufReader::new(process.stdout.take().expect("it is piped"));
    let mut server = Server { input, output };
    let answer = server.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(answer["capabilities"]["hoverProvider"], true);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    server.tell("initialized", json!({}));
    let text = "# nixvirt: network\n{ name = \"lan\"; forward.mode = \"natt\"; ip = { address = \"192.168.74.1\"; prefix = 24; }; }\n";
    let document = json!({ "uri": "file:///lan.nix", "languageId": "nix", "version": 1, "text": text });
    server.tell("textDocument/didOpen", json!({ "textDocument": document }));
    let Message::Notification(told) = server.receive() else { panic!("problems are expected") };
    assert_eq!(told.method, "textDocument/publishDiagnostics");
    assert_eq!(told.params["diagnostics"][0]["code"], "unknown-word");
    let position = json!({ "textDocument": { "uri": "file:///lan.nix" }, "position": { "line": 1, "character": 35 } });
    let offered = server.ask("textDocument/completion", position);
    assert_eq!(offered[0]["label"], "nat");
    // A request that no editor should send ends nothing.
    server.ask("textDocument/hover", json!({ "position": "nowhere" }));
    server.ask("shutdown", Json::Null);
    server.tell("exit", Json::Null);
    assert_eq!(process.wait().expect("it ends").code(), Some(0));
    assert!(!Path::new("/lan.nix").exists(), "the server writes no file");
}
