//! Options in an editor: the tests send nixd the requests of an editor.
//!
//! `NIXD` names nixd's executable, in a folder with all libraries that the development root lacks. These tests are ignored
//! without it.

use expect_test::{Expect, expect};
use nixvirt_tests::configuration::lib;
use nixvirt_tests::project;
use pretty_assertions::assert_ne;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

fn executable() -> PathBuf {
    std::env::var_os("NIXD").expect("tests without it are ignored").into()
}

struct Nixd {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    files: usize,
}

impl Nixd {
    /// nixd with the options of a system.
    fn new(system: &str) -> Self {
        let options = format!(
            r#"(import {}/tests/modules {{ nixpkgsLib = {}; system = "{system}"; modules = [ ]; }}).options"#,
            project().display(),
            lib().display()
        );
        // nixd waits for its evaluator even if that has crashed.
        let mut process = Command::new("timeout")
            .arg("120")
            .arg(executable())
            .args(["--log=error", "--nixpkgs-expr={ }", &format!("--nixos-options-expr={options}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("nixd starts");
        let input = process.stdin.take().expect("it is piped");
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut nixd = Self { process, input, output, files: 0 };
        nixd.ask("initialize", &json!({ "processId": null, "rootUri": null, "capabilities": {} }));
        nixd
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("nixd reads");
        self.input.flush().expect("nixd reads");
    }

    fn receive(&mut self) -> Json {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).expect("nixd writes text"), 0, "nixd has ended");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().expect("a length"),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).expect("nixd writes what it says");
        serde_json::from_slice(&text).expect("nixd writes JSON")
    }

    fn ask(&mut self, method: &str, parameters: &Json) -> Json {
        self.send(&json!({ "jsonrpc": "2.0", "id": method, "method": method, "params": parameters }));
        loop {
            let mut message = self.receive();
            if message["id"] == method {
                return message["result"].take();
            }
        }
    }

    /// The same at the position of `|` in a file.
    fn ask_at(&mut self, method: &str, text: &str) -> Json {
        let (before, after) = text.split_once('|').expect("a place");
        self.files += 1;
        let uri = format!("file:///{}.nix", self.files);
        let document = json!({ "uri": uri, "languageId": "nix", "version": 1, "text": format!("{before}{after}") });
        self.send(
            &json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        );
        let place = json!({ "line": 0, "character": before.len() });
        self.ask(method, &json!({ "textDocument": { "uri": uri }, "position": place }))
    }

    /// The names that nixd offers at the end of a path, each with its type and description.
    fn completed(&mut self, path: &str) -> Vec<[String; 3]> {
        let mut list = self.ask_at("textDocument/completion", &format!("{{ virtualisation.libvirt.{path}| }}"));
        let text = |it: &Json| it.as_str().unwrap_or_default().to_owned();
        let Json::Array(items) = list["items"].take() else { panic!("{path}: {list}") };
        let words = |it: &Json| [text(&it["label"]), text(&it["detail"]), text(&it["documentation"]["value"])];
        items.iter().map(words).collect()
    }
}

impl Drop for Nixd {
    fn drop(&mut self) {
        self.process.kill().expect("nixd can be killed");
        self.process.wait().expect("nixd ends");
    }
}

#[test]
#[cfg_attr(not(all(has_nixd, has_nixpkgs)), ignore = "NIXD and NIXPKGS_LIB do not name nixd and nixpkgs' lib")]
fn options_are_completed() {
    let mut nixd = Nixd::new("nixos");
    let mut check = |path: &str, expected: Expect| {
        let shown = nixd.completed(path).iter().fold(String::new(), |mut text, [name, kind, meaning]| {
            writeln!(text, "{name}: {kind}\n  {}", meaning.replace('\n', "\n  ")).expect("there is room");
            text
        });
        expected.assert_eq(&shown);
    };
    check(
        r#"connections."qemu:///system"."#,
        expect![[r#"
        domains: nixos | attrsOf (null or list of domains, or attribute set of them by name)
          The domains, which are guests. Null leaves all of them alone.
        networks: nixos | attrsOf (null or list of networks, or attribute set of them by name)
          The networks. Null leaves all of them alone.
        nwfilters: nixos | attrsOf (null or list of nwfilters, or attribute set of them by name)
          The network filters. Null leaves all of them alone.
        onChange: nixos | enum (one of "live", "stage", "restart", "never")
          What happens when the declaration of something that runs has changed: `"live"`: what libvirt can change while it runs is changed, and the rest at its next start; `"stage"`: all of it at its
          next start; `"restart"`: it is stopped and started; `"never"`: nothing is changed as long as it runs.
        pools: nixos | attrsOf (null or list of pools, or attribute set of them by name)
          The pools, with their volumes. Null leaves all of them alone.
        prune: nixos | enum (one of "owned", "all", "none")
          What happens to objects that are not declared, of the kinds that have a list: `"owned"` undefines those that were
          declared before, `"all"` undefines all of them, `"none"` none.
        secrets: nixos | attrsOf (null or list of secrets, or attribute set of them by name)
          The secrets. Null leaves all of them alone.
        shutdown: nixos | submodule (submodule)
          How guests are stopped.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.me"#,
        expect![[r#"
        memory: nixos | submodule (set or integer or string)
          How much memory the guest has at the start.
        memoryBacking: nixos | submodule (set or boolean)
          What the host backs the guest's memory with.
        memtune: nixos | submodule (set or boolean)
          How much of the host's memory the guest's process may take.
        metadata: nixos | nullOr (string or list)
          What other programs keep here: elements in namespaces of their own.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.shutdown."#,
        expect![[r#"
        force: nixos | bool (boolean)
          Whether to force off a guest that exceeds the timeout. If false, the guest keeps running and an error is reported.
        timeout: nixos | unsignedInt (unsigned integer, meaning >=0)
          Time that a guest has to shut down, in seconds.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.hooks.st"#,
        expect![[r#"
        start: nixos | separatedString (strings concatenated with "\n")
          Lines of a shell script that libvirt runs before the guest starts; if it fails, the guest does not start. NixOS only.
        started: nixos | separatedString (strings concatenated with "\n")
          Lines of a shell script that libvirt runs when the guest has started; if it fails, the guest is stopped. NixOS only.
        stopped: nixos | separatedString (strings concatenated with "\n")
          Lines of a shell script that libvirt runs when the guest has stopped, before its devices are given back. NixOS only.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.devices.di"#,
        expect![[r#"
        disk: nixos | attrsOf (sets by name or list of sets)
          A disk, CD or floppy drive.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.devices.disk.vda.ty"#,
        expect![[r#"
        type: nixos | nullOr (one of "file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa")
          - `file`: A file of the host.
          - `block`: A block device of the host.
          - `dir`: A folder of the host, shown as a FAT file system.
          - `network`: A server in the network.
          - `volume`: A volume of a pool that libvirt knows.
          - `nvme`: An NVMe drive of the host, which no one else can use then.
          - `vhostuser`: A program on the host that serves the disk (vhost-user).
          - `vhostvdpa`: A device of the host that serves the disk (vDPA).
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.devices.disk.vda.driver.c"#,
        expect![[r#"
        cache: nixos | nullOr (one of "default", "none", "writeback", "writethrough", "directsync", "unsafe")
          What the host caches, and how carefully it writes.
        copy_on_read: nixos | nullOr (one of true, false, "on", "off")
          Whether what is read from the image below is kept in this one.
    "#]],
    );
    check(
        r#"connections."qemu:///system".networks.lan.forward."#,
        expect![[r#"
        address: nixos | submodule (list of sets or set or string)
          A PCI device of the host for one guest, in mode `hostdev`. Not together with `interface`.
        dev: nixos | nullOr (string or integer)
          The only network interface of the host by which packets may leave; any when absent.
        driver: nixos | submodule (set or boolean)
          Which driver the devices of mode `hostdev` get.
        extra: nixos | nullOr (set)
          What libvirt takes and these types do not know yet: further attributes, and XML to stand inside the element.
        interface: nixos | submodule (list of sets or set)
          A network interface of the host of which one guest, or several, get use. Not together with `address`.
        managed: nixos | nullOr (one of true, false, "yes", "no")
          Whether libvirt takes the devices of mode `hostdev` from the host's driver by itself.
        mode: nixos | nullOr (one of "nat", "route", "open", "bridge", "passthrough", "private", "vepa", "hostdev")
          The way in which it is connected. Default: nat.
        nat: nixos | submodule (set or boolean)
          How addresses are translated, in mode `nat`.
        pf: nixos | submodule (set)
          The physical function of a network card, whose virtual functions the guests get.
    "#]],
    );
}

#[test]
#[cfg_attr(not(all(has_nixd, has_nixpkgs)), ignore = "NIXD and NIXPKGS_LIB do not name nixd and nixpkgs' lib")]
fn an_option_is_explained() {
    let mut nixd = Nixd::new("home-manager");
    let file = r#"{ virtualisation.libvirt.connections."qemu:///session".domains.web.devices.disk.vda.driver.ca|che = "none"; }"#;
    let shown = nixd.ask_at("textDocument/hover", file);
    expect![[r#"
        nullOr (one of "default", "none", "writeback", "writethrough", "directsync", "unsafe")

        What the host caches, and how carefully it writes."#]]
    .assert_eq(shown["contents"]["value"].as_str().expect("it is shown"));
}

#[test]
#[cfg_attr(not(all(has_nixd, has_nixpkgs)), ignore = "NIXD and NIXPKGS_LIB do not name nixd and nixpkgs' lib")]
fn all_options_are_described() {
    let mut nixd = Nixd::new("nixos");
    let mut paths = vec![vec!["connections".to_owned(), "qemu:///system".to_owned()]];
    let mut number = 0;
    while let Some(path) = paths.pop() {
        let written: String = path.iter().map(|name| format!("{name:?}.")).collect();
        for [name, kind, meaning] in nixd.completed(&written) {
            // Elements may contain themselves.
            let is_new = !path.contains(&name);
            let below = [path.clone(), vec![name]].concat();
            // A set of options has no type.
            if kind != "nixos" {
                number += 1;
                assert!(kind.contains('(') && !meaning.is_empty(), "{below:?}: {kind}: {meaning}");
            }
            if is_new && kind.contains("attrsOf (") {
                paths.push([below, vec!["one".to_owned()]].concat());
            } else if is_new && (kind == "nixos" || kind.contains("submodule (")) {
                paths.push(below);
            }
        }
    }
    assert!(number > 2000, "{number}");
}
