//! Problems while typing, and their fixes.

use crate::editor::{Editor, uri};
use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

fn shown(problems: &[Json]) -> String {
    let line = |problem: &Json| {
        let range = &problem["range"];
        format!(
            "{}:{}-{} {}: {}\n",
            range["start"]["line"],
            range["start"]["character"],
            range["end"]["character"],
            problem["code"].as_str().unwrap_or_default(),
            problem["message"].as_str().unwrap_or_default(),
        )
    };
    problems.iter().map(line).collect()
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let editor = Editor::new();
    editor.open("/web.nix", text);
    expected.assert_eq(&shown(&editor.problems("/web.nix")));
}

#[test]
fn what_is_literal_is_checked() {
    check(
        "lib.network.writeXML {\n  nmae = \"lan\";\n  forward.mode = \"natt\";\n  bridge = \"br0\";\n}",
        expect![[r#"
            0:21-22 missing: missing required attribute "name": expected text without a slash or line break
            1:2-6 unknown-attribute: unknown attribute "nmae"; did you mean "name"?
            2:2-9 forward-without-ip: a network with forward mode "nat" or "route" needs `ip`, the address of the host in it
            2:17-23 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            3:11-16 wrong-type: expected true, false or a set, e.g. { name = …; }, found a string
        "#]],
    );
}

#[test]
fn what_is_unknown_is_no_problem() {
    for text in [
        "name: lib.network.writeXML { inherit name; }",
        "{ name, mode }: lib.network.writeXML { inherit name; forward.mode = mode; }",
        "lib.network.writeXML (base // { forward.mode = \"nat\"; })",
        "lib.network.writeXML ({ forward.mode = \"nat\"; } // common)",
        "lib.network.writeXML (lib.recursiveUpdate (lib.network.templates.nat { name = \"lan\"; }) { mtu.size = 1500; })",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os = f x; devices = { disk = disks; }; }",
        "lib.domain.writeXML { name = \"a\"; type = t; devices.disk = [ { type = kind; source.dev = \"/dev/a\"; target.dev = \"vda\"; } ]; }",
        "lib.network.writeXML { name = \"a\"; ip = if x then { } else null; }",
        "lib.network.writeXML { name = \"a\"; ${x} = 1; }",
        "lib.network.writeXML { name = \"${x}\"; forward.mode = \"${y}\"; }",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; vcpu = n; cpu.topology = { sockets = 1; cores = 2; threads = 1; }; }",
        "{ virtualisation.libvirt.connections.x.domains.web = { definition = ./web.xml; active = true; }; }",
        "{ virtualisation.libvirt.connections.x.networks.lan = { forward.mode = lib.mkDefault \"nat\"; mtu = lib.mkIf y { size = 1; }; active = true; }; }",
        "{ virtualisation.libvirt.connections.x.domains.web = { definition = t { name = \"web\"; }; devices.disk.vda.driver.cache = \"none\"; }; }",
        "lib.network.writeXML { name = \"lan\"; bri }",
        "lib.network.writeXML { name = \"lan\"; bridge. }",
        "lib.network.writeXML { name = \"lan\"; bridge = }",
    ] {
        let editor = Editor::new();
        editor.open("/web.nix", text);
        assert_eq!(shown(&editor.problems("/web.nix")), "", "{text}");
    }
}

#[test]
fn mistakes_among_unknown_values() {
    check(
        "{ name, base }: lib.domain.writeXML (base // { inherit name; memroy = base.memory; devices.disk = [ { target = { dev = \"vda\"; bus = \"virtoi\"; }; } ] ++ base.disks; })",
        expect![[r#"
            0:61-67 unknown-attribute: unknown attribute "memroy"; did you mean "memory"?
            0:132-140 unknown-word: invalid disk bus "virtoi": expected ide, fdc, scsi, virtio, xen, usb, uml, sata, sd or nvme; did you mean "virtio"?
        "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.x.domains.web = { memroy = 1; devices.disk.vda = { driver.cahce = \"none\"; }; active = true; }; }",
        expect![[r#"
            0:55-61 unknown-attribute: unknown attribute "memroy"; did you mean "memory"?
            0:95-100 unknown-attribute: unknown attribute "cahce"; did you mean "cache"?
        "#]],
    );
    check(
        "let disk = dev: { source.file = \"/a\"; target = { inherit dev; buss = \"sata\"; }; };\nin lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; devices.disk = [ (disk \"vda\") (disk \"vda\") ]; }",
        expect![[r#"
            0:57-60 disk-target-taken: disk name "vda" is already used by devices.disk[0]
            0:62-66 unknown-attribute: unknown attribute "buss"; did you mean "bus"?
        "#]],
    );
}

#[test]
fn typing_changes_the_problems() {
    let editor = Editor::new();
    editor.open("/web.nix", "lib.network.writeXML { name = \"lan\"; mtu.size = \"x\"; }");
    assert_eq!(editor.problems("/web.nix").len(), 1);
    let range = json!({ "start": { "line": 0, "character": 48 }, "end": { "line": 0, "character": 51 } });
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": uri("/web.nix"), "version": 2 },
            "contentChanges": [{ "range": range, "text": "1500" }],
        }),
    );
    assert_eq!(editor.problems("/web.nix"), Vec::<Json>::new());
}

/// Applies the first fix of the first problem at `|`.
#[track_caller]
fn check_fix(text: &str, expected: Expect) {
    let mut editor = Editor::new();
    let at = editor.open("/web.nix", text);
    let text = text.replacen('|', "", 1);
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({ "textDocument": { "uri": uri("/web.nix") }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] } }),
    );
    let action = &actions[0];
    let edit = &action["edit"]["changes"][uri("/web.nix")][0];
    let document = nixvirt_lsp::document::Document::new(text);
    let range = serde_json::from_value(edit["range"].clone()).expect("a range");
    let changed = document.with_change(range, edit["newText"].as_str().expect("a text"));
    expected.assert_eq(&format!("{}\n{changed}\n", action["title"].as_str().expect("a title")));
}

#[test]
fn fixes() {
    check_fix(
        "lib.network.writeXML { name = \"lan\"; brid|eg.name = \"br0\"; }",
        expect![[r#"
        Change to `bridge`
        lib.network.writeXML { name = "lan"; bridge.name = "br0"; }
    "#]],
    );
    check_fix(
        "lib.network.writeXML { name = \"lan\"; forward.mode = \"na|tt\"; }",
        expect![[r#"
        Change to `"nat"`
        lib.network.writeXML { name = "lan"; forward.mode = "nat"; }
    "#]],
    );
    check_fix(
        "lib.network.writeXML {|\n  forward.mode = \"nat\";\n}",
        expect![[r#"
        Add `name`
        lib.network.writeXML {
          forward.mode = "nat";
          name = "";
        }
    "#]],
    );
    check_fix(
        "lib.network.writeXML { name = \"lan\"; forward = lib.mk|If x { mode = \"nat\"; }; }",
        expect![[r#"
        Change to `if`
        lib.network.writeXML { name = "lan"; forward = if x then { mode = "nat"; } else null; }
    "#]],
    );
    check_fix(
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; os.type = \"hvm\"; memory = \"81|92\"; }",
        expect![[r#"
            Change to `"8 GiB"`
            lib.domain.writeXML { name = "a"; type = "kvm"; os.type = "hvm"; memory = "8 GiB"; }
        "#]],
    );
}

#[test]
fn xml_becomes_a_spec() {
    check_fix(
        "|<network><name>lan</name><forward mode='nat'/></network>",
        expect![[r#"
        Convert the XML to a spec of a network
        # nixvirt: network
        {
          name = "lan";
          uuid = false;
          forward.mode = "nat";
        }

    "#]],
    );
    check_fix(
        "{\n  a = ''|\n    <network><name>lan</name></network>\n  '';\n}",
        expect![[r#"
        Convert the XML to a spec of a network
        {
          a = {
            name = "lan";
            uuid = false;
          };
        }
    "#]],
    );
    check_fix(
        "{\n  # <network>|\n  #   <name>lan</name>\n  # </network>\n}",
        expect![[r#"
        Convert the XML to a spec of a network
        {
          {
            name = "lan";
            uuid = false;
          }
        }
    "#]],
    );
}
