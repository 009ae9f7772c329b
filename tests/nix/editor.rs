//! Options in an editor: the tests send nixd the requests of an editor.
//!
//! `NIXD` names nixd's executable, in a folder with all libraries that the development root lacks. These tests are ignored
//! without it.

use expect_test::{Expect, expect, expect_file};
use nixvirt_tests::configuration::lib;
use nixvirt_tests::{evaluate_json, project};
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
        domains: nixos | attrsOf (null or list of domains, or attribute set of domains by name)
          Domains (guests) of the connection. If null, none of them are managed.
        networks: nixos | attrsOf (null or list of networks, or attribute set of networks by name)
          Networks of the connection. If null, none of them are managed.
        nwfilters: nixos | attrsOf (null or list of nwfilters, or attribute set of nwfilters by name)
          Network filters of the connection. If null, none of them are managed.
        onChange: nixos | enum (one of "live", "stage", "restart", "never")
          Policy for a changed definition of a running object.
          
          - `"live"`: apply what libvirt can change while the object runs; the rest takes effect at the next start.
          - `"stage"`: change the definition only; all of it takes effect at the next start.
          - `"restart"`: stop the object and start it again.
          - `"never"`: leave the definition unchanged while the object runs.
          
        pools: nixos | attrsOf (null or list of pools, or attribute set of pools by name)
          Storage pools of the connection, with their volumes. If null, none of them are managed.
        prune: nixos | enum (one of "owned", "all", "none")
          Objects to remove when they are not declared, among the kinds that are not null:
          
          - `"owned"`: managed objects, that is, objects that were declared and applied before.
          - `"all"`: all objects.
          - `"none"`: no objects.
          
          A domain that runs is removed once it shuts down. The disks of a domain and the data of a pool are kept.
          
        secrets: nixos | attrsOf (null or list of secrets, or attribute set of secrets by name)
          Secrets of the connection. If null, none of them are managed.
        shutdown: nixos | submodule (submodule)
          Settings for shutting down guests.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.me"#,
        expect![[r#"
        memory: nixos | submodule (set or integer or string)
          Memory of the guest at boot.
        memoryBacking: nixos | submodule (set or boolean)
          Host memory that backs the guest's memory.
        memtune: nixos | submodule (set or boolean)
          Limits on the host memory that the guest's process can use.
        metadata: nixos | nullOr (string or list)
          Custom metadata of other programs, as XML elements in their own namespaces.
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
          Shell commands that libvirt runs before the guest starts. A failure cancels the start. NixOS only.
        started: nixos | separatedString (strings concatenated with "\n")
          Shell commands that libvirt runs after the guest has started. A failure stops the guest. NixOS only.
        stopped: nixos | separatedString (strings concatenated with "\n")
          Shell commands that libvirt runs after the guest has stopped, before its resources are released. NixOS only.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.devices.di"#,
        expect![[r#"
        disk: nixos | attrsOf (attribute set of sets by name, or list of sets)
          Disk, CD-ROM or floppy drive.
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.devices.disk.vda.ty"#,
        expect![[r#"
        type: nixos | nullOr (one of "file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa")
          - `file`: File on the host.
          - `block`: Block device of the host.
          - `dir`: Directory on the host, presented as a FAT file system.
          - `network`: Storage on a network server.
          - `volume`: Volume of a libvirt storage pool.
          - `nvme`: NVMe drive of the host. The guest has exclusive use of the drive.
          - `vhostuser`: Program on the host that serves the disk (vhost-user).
          - `vhostvdpa`: Host device that serves the disk (vDPA).
    "#]],
    );
    check(
        r#"connections."qemu:///system".domains.web.devices.disk.vda.driver.c"#,
        expect![[r#"
        cache: nixos | nullOr (one of "default", "none", "writeback", "writethrough", "directsync", "unsafe")
          Cache mode of the disk on the host.
        copy_on_read: nixos | nullOr (one of true, false, "on", "off")
          Whether data read from the backing image is copied to the disk's image.
    "#]],
    );
    check(
        r#"connections."qemu:///system".networks.lan.forward."#,
        expect![[r#"
        address: nixos | submodule (list of sets or set or string)
          PCI addresses of host devices for one guest each, in mode `hostdev`. Mutually exclusive with `interface`.
        dev: nixos | nullOr (string or integer)
          Host interface through which all packets leave the network. If omitted, packets may leave through any interface.
        driver: nixos | submodule (set or boolean)
          Host driver for the devices of mode `hostdev`.
        extra: nixos | nullOr (set)
          Content that the schema does not describe: additional attributes, and XML to insert into the element.
        interface: nixos | submodule (list of sets or set)
          Host interfaces for one or more guests each. Mutually exclusive with `address`.
        managed: nixos | nullOr (one of true, false, "yes", "no")
          Whether libvirt detaches the devices of mode `hostdev` from their host driver automatically.
        mode: nixos | nullOr (one of "nat", "route", "open", "bridge", "passthrough", "private", "vepa", "hostdev")
          Forwarding mode of the network. Defaults to `nat`.
        nat: nixos | submodule (set or boolean)
          Address translation settings, in mode `nat`.
        pf: nixos | submodule (set)
          Physical function of an SR-IOV network device whose virtual functions are assigned to guests.
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

        Cache mode of the disk on the host."#]]
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

/// `lsp/src/catalog/settings.json` has the options that are no fields of a spec, for the language server.
#[test]
#[cfg_attr(not(has_nixpkgs), ignore = "NIXPKGS_LIB does not name nixpkgs' lib")]
fn the_list_of_settings_is_current() {
    let expression =
        format!("import {}/tests/nix/settings.nix {{ nixpkgsLib = {}; }}", project().display(), lib().display());
    let file = project().join("lsp/src/catalog/settings.json");
    expect_file![file].assert_eq(&format!("{:#}\n", evaluate_json(&expression)));
}
