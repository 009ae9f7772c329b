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
            2:17-23 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            3:11-16 wrong-type: expected true, false or a set, e.g. { name = …; }, found a string
            hint: set bridge.name = "br0"
        "#]],
    );
}

#[test]
fn an_element_that_occurs_once_is_in_a_list() {
    check(
        "x: lib.network.writeXML {\n  name = \"lan\";\n  forward = [ { mode = \"natt\"; } ];\n  domain = [ x { name = \"a\"; } ];\n  mtu = [ { size = 1500; }\n    { size = 9000; } ];\n}",
        expect![[r#"
            2:23-29 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            4:2-5 said-twice: "mtu" is given twice, but occurs once
            hint: keep one item of the list
        "#]],
    );
}

#[test]
fn codes_are_links() {
    let editor = Editor::new();
    editor.open("/web.nix", "lib.network.writeXML { nmae = \"lan\"; }");
    let problems = editor.problems("/web.nix");
    let links: Vec<_> = problems.iter().map(|problem| &problem["codeDescription"]["href"]).collect();
    let page = "https://guide/reference/rules.html";
    assert_eq!(links, [&json!(format!("{page}#missing")), &json!(format!("{page}#unknown-attribute"))]);
}

#[test]
fn what_is_unknown_is_no_problem() {
    for text in [
        "name: lib.network.writeXML { inherit name; }",
        "{ name, mode }: lib.network.writeXML { inherit name; forward.mode = mode; }",
        "lib.network.writeXML (base // { forward.mode = \"nat\"; })",
        "lib.network.writeXML ({ forward.mode = \"nat\"; } // common)",
        "lib.network.writeXML (lib.recursiveUpdate (lib.network.templates.nat { name = \"lan\"; }) { mtu.size = 1500; })",
        "lib.domain.writeXML (lib.recursiveUpdate (f x) { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.boot = { dev = \"hd\"; }; })",
        "lib.domain.writeXML (lib.recursiveUpdate { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.boot = { dev = \"hd\"; }; } common)",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os = f x; devices = { disk = disks; }; }",
        "lib.domain.writeXML { name = \"a\"; type = t; memory = \"1 GiB\"; os.type = \"hvm\"; devices.disk = [ { type = kind; source.dev = \"/dev/a\"; target.dev = \"vda\"; } ]; }",
        "lib.network.writeXML { name = \"a\"; ip = if x then { address = \"192.168.74.1\"; prefix = 24; } else null; }",
        "lib.network.writeXML { name = \"a\"; ${x} = 1; }",
        "lib.network.writeXML { name = \"${x}\"; forward.mode = \"${y}\"; }",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; vcpu = n; cpu.topology = { sockets = 1; cores = 2; threads = 1; }; }",
        "{ virtualisation.libvirt.connections.x.domains.web = { definition = ./web.xml; active = true; }; }",
        "{ virtualisation.libvirt.connections.x.networks.lan = { forward.mode = lib.mkDefault \"nat\"; mtu = lib.mkIf y { size = 1; }; active = true; }; }",
        "{ virtualisation.libvirt.connections.x.domains.web = { definition = t { name = \"web\"; }; devices.disk.vda.driver.cache = \"none\"; }; }",
        "{ virtualisation.libvirt.connections.x.domains.web = { features.acpi = { }; active = true; }; }",
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
fn what_is_half_written_is_no_problem() {
    for text in [
        "lib.domain.writeXML { name = ; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; }",
        "lib.domain.writeXML {\n  name = \"a\"\n  type = \"kvm\";\n  memory = \"1 GiB\";\n  os.type = \"hvm\";\n}",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; devices.disk = [ { source.file = \"/a\"; target.dev = \"vda\"; } { ]; }",
        "lib.domain.writeXML {\n  name = \"a\";\n  type = \"kvm\";\n  devices = {\n    disk = [ { source.file = \"/a\"; target.dev = \"vda\"; ];\n  };\n  os.type = \"hvm\";\n}",
        "lib.network.writeXML { name = \"a\"; forward = { mode = \"bridge\" }; bridge.name = \"br0\"; }",
        "lib.network.writeXML { name = \"a\"; bridge.\n  mtu.size = 1500;\n}",
        "lib.network.writeXML { name = \"a\"; bri\n  mtu.size = 1500;\n}",
        "lib.network.writeXML { inherit ; bridge.name = \"br0\"; }",
        "lib.network.writeXML { inherit na }",
        "lib.network.writeXML { na }",
        "lib.network.writeXML { name = \"a\"; mtu = { si }; }",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = { co }; devices.disk = [ { de } ]; }",
        "lib.network.writeXML { inherit (x) ; bridge.name = \"br0\"; }",
        "lib.network.writeXML { inherit (x) name bridge.name = \"br0\"; }",
        "lib.network.writeXML { name = \"a\"; forward.mode = if x then \"nat\" else ; }",
        "# nixvirt: \n{ }",
        "# nixvirt: this is prose\n{ }",
    ] {
        let editor = Editor::new();
        editor.open("/web.nix", text);
        assert_eq!(shown(&editor.problems("/web.nix")), "", "{text}");
    }
}

#[test]
fn mistakes_beside_what_is_half_written() {
    check(
        "lib.network.writeXML { name = \"lan\"; forward.mode = \"natt\"; brid = ; mtu.size = \"x\"; }",
        expect![[r#"
            0:52-58 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            0:60-64 unknown-attribute: unknown attribute "brid": expected connections, ipv6, trustGuestRxFilters, name, uuid, title, description, metadata, forward, bridge, …
            hint: if a newer libvirt knows it, set it in `extra.attributes` or `extra.xml`
        "#]],
    );
}

#[test]
fn mistakes_that_flow_through_functions() {
    for text in [
        "let mk = spec: lib.network.writeXML (spec // { mtu.size = 1500; }); in [ (mk { name = \"a\"; forward.mode = \"natt\"; }) ]",
        "let mk = name: mode: lib.network.writeXML { inherit name; forward.mode = mode; }; in mk \"a\" \"natt\"",
        "let mk = { name, more ? { } }: lib.network.writeXML ({ inherit name; } // more); in { a = mk { name = \"a\"; more.forward.mode = \"natt\"; }; }",
        "map lib.network.writeXML [ { name = \"a\"; forward.mode = \"natt\"; } ]",
        "map (spec: lib.network.writeXML spec) [ { name = \"a\"; forward.mode = \"natt\"; } ]",
        "builtins.mapAttrs (_: lib.network.writeXML) { a = { name = \"a\"; forward.mode = \"natt\"; }; }",
        "lib.pipe { name = \"a\"; forward.mode = \"natt\"; } [ lib.network.writeXML ]",
        "lib.network.writeXML (lib.foldl' lib.recursiveUpdate { name = \"a\"; } [ { forward.mode = \"natt\"; } ])",
        "lib.network.writeXML (lib.mergeAttrsList [ { name = \"a\"; } { forward.mode = \"natt\"; } ])",
        "{ virtualisation.libvirt.connections.x.networks = builtins.listToAttrs (map (name: { inherit name; value.forward.mode = \"natt\"; }) [ \"a\" ]); }",
        "{ virtualisation.libvirt.connections.x.networks = lib.listToAttrs [ (lib.nameValuePair \"a\" { forward.mode = \"natt\"; }) ]; }",
        "{ virtualisation.libvirt.connections.x.networks = lib.mapAttrs' (name: mode: lib.nameValuePair name { forward.mode = mode; }) { a = \"natt\"; }; }",
        "{ virtualisation.libvirt.connections.x.networks = lib.imap0 (number: mode: { definition = { name = \"a\"; forward.mode = mode; }; }) [ \"natt\" ]; }",
    ] {
        let editor = Editor::new();
        editor.open("/web.nix", text);
        let problems = editor.problems("/web.nix");
        let found = problems.iter().filter(|it| it["code"] == "unknown-word");
        assert_eq!(found.count(), 1, "{text}\n{}", shown(&problems));
    }
}

#[test]
fn paths_that_lead_to_the_options() {
    check(
        "{ home-manager.users.${user}.virtualisation.libvirt.connections.x.networks.lan.forward.mode = \"natt\"; specialisation.lab.configuration = { virtualisation = lib.mkIf y { libvirt.enabel = true; }; }; }",
        expect![[r#"
            0:94-100 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            0:177-183 unknown-attribute: unknown option "enabel"; did you mean "enable"?
        "#]],
    );
}

#[test]
fn a_first_line_that_names_no_kind() {
    check(
        "# nixvirt: netwrok\n{ }",
        expect![[r#"
        0:11-18 unknown-word: unknown kind "netwrok": expected domain, network, pool, volume, secret, nwfilter, nodedev, interface, snapshot or checkpoint; did you mean "network"?
    "#]],
    );
    check(
        "#nixvirt:network\n{ name = \"a\"; forward.mode = \"natt\"; bridge.name = \"br0\"; }",
        expect![[r#"
            1:29-35 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
        "#]],
    );
    check_fix(
        "# nixvirt: net|wrok\n{ }",
        expect![[r#"
        Change to `network`
        # nixvirt: network
        { }
    "#]],
    );
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
            0:62-66 unknown-attribute: unknown attribute "buss"; did you mean "bus"?
        "#]],
    );
}

#[test]
fn mistakes_in_an_element_whose_form_is_unknown() {
    check(
        "base: lib.domain.writeXML (base // { os = base.os // { bootmenu.enabel = true; smbios.mode = \"hsot\"; }; features = base.features // { hyperv = base.features.hyperv // { vendor_id = { stat = true; }; }; }; })",
        expect![[r#"
            0:55-63 missing: missing required attribute "enable": expected true or false
            0:64-70 unknown-attribute: unknown attribute "enabel"; did you mean "enable"?
            0:93-99 unknown-word: invalid OS SMBIOS mode "hsot": expected emulate, host or sysinfo; did you mean "host"?
            0:169-178 missing: missing required attribute "state": expected true or false
            0:183-187 unknown-attribute: unknown attribute "stat"; did you mean "state"?
        "#]],
    );
}

#[test]
fn arguments_of_templates() {
    check(
        "lib.domain.writeXML (lib.domain.templates.linux { nmae = \"a\"; ram = 1; active = true; rom.file = \"/a\"; })",
        expect![[r#"
            0:48-49 missing: missing argument `name`
            0:50-54 unknown-attribute: the argument "nmae" has no effect; did you mean "name"?
            0:62-65 unknown-attribute: the argument "ram" has no effect; did you mean "memory"?
            0:71-77 unknown-attribute: the argument "active" has no effect
            hint: set it beside `definition`
            0:86-89 unknown-attribute: the argument "rom" has no effect
            hint: change the spec instead, as in `lib.domain.templates.linux { … } // { … }`
        "#]],
    );
    check(
        "{ name, settings, ... }: [ (lib.domain.templates.windows ({ inherit name; uefi = true; } // settings)) (lib.network.templates.nat { inherit name; }) ]",
        expect![[r#"
            0:74-78 unknown-attribute: the argument "uefi" has no effect; did you mean "firmware"?
        "#]],
    );
}

#[test]
fn names_of_options() {
    check(
        "{ virtualisation.libvirt = { enabel = true; own = 1; connections.x = { domians = [ ]; shutdown.timout = 1; domains = [ { definitin = d; activ = true; } ]; pools.p.volumes = [ { presnt = true; } ]; }; }; }",
        expect![[r#"
            0:29-35 unknown-attribute: unknown option "enabel"; did you mean "enable"?
            0:71-78 unknown-attribute: unknown option "domians"; did you mean "domains"?
            0:95-101 unknown-attribute: unknown option "timout"; did you mean "timeout"?
            0:119-120 missing: missing required attribute "type": expected kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, …
            0:119-120 missing: missing required attribute "name": expected text on one line
            0:119-120 missing: missing required attribute "os": expected a set, e.g. { type = "hvm"; }
            0:119-120 missing: missing required attribute "memory": expected a size, e.g. "4 GiB"
            0:121-130 unknown-attribute: unknown attribute "definitin"; did you mean "definition"?
            0:136-141 unknown-attribute: unknown attribute "activ"; did you mean "active"?
            0:175-176 missing: missing required attribute "name": expected a file name without a slash
            0:177-183 unknown-attribute: unknown attribute "presnt"; did you mean "present"?
        "#]],
    );
}

#[test]
fn values_of_options() {
    check(
        "{ virtualisation.libvirt.connections.x = {\n  onChange = \"now\"; prune = true; shutdown = { timeout = -1; force = \"no\"; };\n  domains.web = { active = \"yes\"; onChange = null; purge = [ \"nvram\" \"tmp\" ]; rollbackSnapshots = 1.5; secretFiles = [ ]; };\n  domains.two = { purge = \"nvram\"; graphicsPasswordFile.vnc = ./secret; definition = \"two.xml\"; };\n  networks = \"lan\"; pools = [ \"vms\" ]; secrets.s.valueFile = if x then 1 else null;\n  nwfilters.n = { definition = ./n.xml; chain = \"root\"; };\n}; }",
        expect![[r#"
            1:13-18 unknown-word: invalid onChange "now": expected live, stage, restart or never
            1:28-32 wrong-type: expected one of "owned", "all", "none", found true
            1:57-59 out-of-range: expected unsigned integer, meaning >=0, found -1
            1:69-73 wrong-type: expected boolean, found "no"
            2:27-32 wrong-type: expected null or boolean, found "yes"
            2:69-74 unknown-word: invalid purge "tmp": expected nvram, tpm, managedSave or snapshots; did you mean "tpm"?
            2:98-101 wrong-type: expected 16 bit unsigned integer; between 0 and 65535 (both inclusive), found 1.5
            2:117-120 wrong-type: expected attribute set of string with an absolute path outside the Nix store, found a list
            3:26-33 wrong-type: expected list of (one of "nvram", "tpm", "managedSave", "snapshots"), found "nvram"
            3:62-70 wrong-type: expected null or string with an absolute path outside the Nix store, found a path
            3:85-94 bad-form: expected null or absolute path of a libvirt XML file, or a spec, found "two.xml"
            4:13-18 wrong-type: expected a list of networks, or a set of networks by name, found "lan"
            4:30-35 wrong-type: expected a set, found "vms"
            4:71-72 wrong-type: expected null or string with an absolute path outside the Nix store, found 1
            5:18-28 wrong-type: `definition` is an XML file, which other fields cannot override: chain
            hint: remove these fields, or give `definition` a spec; `nixvirt import` converts an XML file to a spec
        "#]],
    );
}

#[test]
fn values_of_devices() {
    check(
        "{ virtualisation.libvirt.connections.x.domains.web = { devices = {\n  disk = { source.file = \"/a\"; type = \"file\"; };\n  interface.lan = \"lan\"; sound.one = [ ];\n  graphics = if x then { spice = \"yes\"; } else null;\n}; devices.input.mouse.type = \"mouse\"; devices.filesystem.data = null; }; }",
        expect![[r#"
            1:2-6 wrong-type: `devices.disk` expects devices by name, but has the fields of a single device: source, type
            hint: name the device, as in `devices.disk.vda = { … };`, or give a list of devices
            2:18-23 wrong-type: expected a set, e.g. { type = …; }, found "lan"
            2:37-40 wrong-type: expected a set, e.g. { type = …; }, found a list
            3:33-38 wrong-type: expected a set, e.g. { type = …; }, found "yes"
        "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.x.domains.web.devices.disk.vdb = \"/data.qcow2\"; }",
        expect![[r#"
        0:70-83 wrong-type: expected a set, e.g. { source.file = "/data.qcow2"; }, found "/data.qcow2"
    "#]],
    );
}

#[test]
fn names_of_fields() {
    check(
        "{ virtualisation.libvirt.connections.x = {\n  networks.bridge = { forward.mode = \"bridge\"; bridge.name = \"br0\"; };\n  domains.web.devices.interface.backend = { type = \"network\"; source.network = \"lan\"; };\n  domains.cpu.devices.interface = { extra = cfg.lan; backend = { type = \"user\"; mac.address = 1; }; };\n}; }",
        expect![[r#"
            3:94-95 bad-form: invalid MAC address 1: expected a unicast MAC address (the second digit is even), e.g. 52:54:00:6b:3c:58
        "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.x = {\n  domains = { definition = cfg.web; active = true; };\n  networks.definition = cfg.lan;\n  pools.images.volumes = { capacity = 1; };\n  secrets = { usage = { type = \"volume\"; volume = \"/disk\"; }; };\n}; }",
        expect![[r#"
            1:14-24 missing: the name of the domain is missing: `domains` has the fields of a single domain: active, definition
            hint: write `domains.NAME.definition = …`, or give a list of domains
            3:27-35 missing: the name of the volume is missing: `volumes` has the fields of a single volume: capacity
            hint: write `volumes.NAME.capacity = …`, or give a list of volumes
            4:14-19 missing: the name of the secret is missing: `secrets` has the fields of a single secret: usage
            hint: write `secrets.NAME.usage = …`, or give a list of secrets
        "#]],
    );
}

#[test]
fn words_of_arguments() {
    check(
        "lib.domain.templates.linux { name = \"web\"; display = \"vcn\"; firmware = \"uefi\"; boot = [ \"hd\" \"cdrmo\" ]; }",
        expect![[r#"
            0:53-58 unknown-word: invalid display "vcn": expected none, vnc, spice or spice-gl; did you mean "vnc"?
            0:71-77 unknown-word: invalid firmware "uefi": expected bios or efi; did you mean "efi"?
            0:93-100 unknown-word: invalid boot "cdrmo": expected hd, fd, cdrom or network; did you mean "cdrom"?
        "#]],
    );
    check("lib.domain.templates.linux { name = \"web\"; display = x; firmware = \"/OVMF.fd\"; }", expect![[r#""#]]);
}

#[test]
fn pipes() {
    // The first `|` is the cursor.
    check(
        "|{ name = \"lan\"; mtu.size = \"x\"; } |> lib.network.writeXML",
        expect![[r#"
        0:27-30 wrong-type: invalid value "x": expected a whole number from 0 to 65535
    "#]],
    );
    check(
        "|lib.network.writeXML <| { name = \"lan\"; mtu.size = \"x\"; }",
        expect![[r#"
        0:51-54 wrong-type: invalid value "x": expected a whole number from 0 to 65535
    "#]],
    );
    check(
        "|[ { name = \"lan\"; mtu.size = \"x\"; } ] |> map (spec: spec // { title = 1; }) |> map lib.network.writeXML",
        expect![[r#"
            0:29-32 wrong-type: invalid value "x": expected a whole number from 0 to 65535
        "#]],
    );
}

#[test]
fn names_in_the_library() {
    check(
        "[ (lib.domain.templates.linx { }) (lib.domain.writeXml { }) (inputs.NixVirt.lib.network.valdate { }) ]",
        expect![[r#"
            0:24-28 unknown-attribute: unknown name "linx" in the library; did you mean "linux"?
            0:46-54 unknown-attribute: unknown name "writeXml" in the library; did you mean "writeXML"?
            0:88-95 unknown-attribute: unknown name "valdate" in the library; did you mean "validate"?
        "#]],
    );
    // Others may have functions of their own.
    check(
        "[ (lib.domain.validat { }) (lib.domain.templates.mine { }) (lib.network.bridge) (lib.domain.writeXml or null) ]",
        expect![[r#""#]],
    );
    check("let lib.domain.writeXml = x: x; in lib.domain.writeXml { }", expect![[r#""#]]);
    check_fix(
        "lib.domain.templates.li|nx { name = \"web\"; }",
        expect![[r#"
        Change to `linux`
        lib.domain.templates.linux { name = "web"; }
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

/// Returns the code actions at `|`.
fn actions(text: &str) -> Vec<Json> {
    let mut editor = Editor::new();
    let at = editor.open("/web.nix", text);
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({ "textDocument": { "uri": uri("/web.nix") }, "range": { "start": at, "end": at }, "context": { "diagnostics": [] } }),
    );
    actions.as_array().expect("a list").clone()
}

fn titles(text: &str) -> Vec<String> {
    actions(text).iter().map(|action| action["title"].as_str().expect("a title").to_owned()).collect()
}

/// Returns the title of an action, and the text that it makes.
fn changed(action: &Json, text: &str) -> String {
    let edit = &action["edit"]["changes"][uri("/web.nix")][0];
    let document = nixvirt_lsp::document::Document::new(text.replacen('|', "", 1));
    let range = serde_json::from_value(edit["range"].clone()).expect("a range");
    let changed = document.with_change(range, edit["newText"].as_str().expect("a text"));
    format!("{}\n{changed}\n", action["title"].as_str().expect("a title"))
}

/// Applies the first fix of the first problem at `|`.
#[track_caller]
fn check_fix(text: &str, expected: Expect) {
    expected.assert_eq(&changed(&actions(text)[0], text));
}

/// Applies the action of that title at `|`.
#[track_caller]
fn check_fix_named(title: &str, text: &str, expected: Expect) {
    let all = actions(text);
    let action = all.iter().find(|action| action["title"] == title);
    expected.assert_eq(&action.map_or_else(|| format!("{:?}\n", titles(text)), |action| changed(action, text)));
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
fn all_branches_are_checked() {
    check(
        "lib.network.writeXML { name = \"lan\"; forward.mode = if x then \"natt\" else \"nat\"; mtu = if y then { size = \"x\"; } else if z then { sise = 1; } else null; }",
        expect![[r#"
            0:37-44 forward-without-ip: a network with forward mode "nat" or "route" needs `ip`, the address of the host in it
            0:62-68 unknown-word: invalid network forward mode "natt": expected nat, route, open, bridge, passthrough, private, vepa or hostdev; did you mean "nat"?
            0:81-84 missing: missing required attribute "size": expected a whole number from 0 to 65535
            0:106-109 wrong-type: invalid value "x": expected a whole number from 0 to 65535
            0:130-134 unknown-attribute: unknown attribute "sise"; did you mean "size"?
        "#]],
    );
    check(
        "lib.domain.writeXML (if x then { name = \"a\"; memroy = 1; } else base // lib.optionalAttrs y { vcpus = 2; })",
        expect![[r#"
            0:21-22 missing: missing required attribute "type": expected kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, …
            0:21-22 missing: missing required attribute "os": expected a set, e.g. { type = "hvm"; }
            0:45-51 unknown-attribute: unknown attribute "memroy"; did you mean "memory"?
            0:102-103 wrong-type: expected true, false or a set, e.g. { vcpu = …; }, found a number
        "#]],
    );
    check(
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; devices.disk = [ { source.file = \"/a\"; target.dev = \"vda\"; } ] ++ lib.optional x { source.file = \"/b\"; target.dev = \"vda\"; } ++ lib.optionals y [ { target.bus = \"virtoi\"; target.dev = \"vdb\"; source.file = \"/c\"; } ]; }",
        expect![[r#"
            0:244-252 unknown-word: invalid disk bus "virtoi": expected ide, fdc, scsi, virtio, xen, usb, uml, sata, sd or nvme; did you mean "virtio"?
        "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.x.domains.web = lib.mkIf y { memory = lib.mkDefault \"1 GB2\"; devices.disk = lib.mkIf z { vda.driver.cahce = \"none\"; }; devices.graphics.vnc = lib.mkIf z { prot = 1; }; active = true; }; }",
        expect![[r#"
            0:75-96 wrong-type: invalid value "1 GB2": expected a whole number, at least 0, or a size, e.g. "8 GiB"
            0:137-142 unknown-attribute: unknown attribute "cahce"; did you mean "cache"?
            0:192-196 unknown-attribute: unknown attribute "prot"; did you mean "port"?
        "#]],
    );
}

#[test]
fn branches_that_exclude_each_other_are_no_problem() {
    for text in [
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; devices.disk = lib.optional x { source.file = \"/a\"; target.dev = \"vda\"; } ++ lib.optional (!x) { source.file = \"/b\"; target.dev = \"vda\"; }; }",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; devices.disk = [ { type = if x then \"file\" else \"block\"; source = if x then { file = \"/a\"; } else { dev = \"/dev/a\"; }; target.dev = \"vda\"; } ]; }",
        "lib.network.writeXML ((lib.optionalAttrs x { name = \"a\"; }) // (lib.optionalAttrs (!x) { name = \"b\"; }))",
        "lib.network.writeXML (builtins.removeAttrs { name = \"a\"; note = \"b\"; } [ \"note\" ])",
        "lib.network.writeXML (lib.filterAttrs (name: _: name != \"note\") { name = \"a\"; note = \"b\"; })",
        "lib.domain.writeXML { name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; os.type = \"hvm\"; devices.disk = map (it: it.disk) (builtins.filter (it: it.enable) [ { enable = true; disk = { source.file = \"/b\"; target.dev = \"vda\"; }; } ]); }",
        "{ virtualisation.libvirt.connections.x.domains.web = { definition = lib.mkIf y (t { name = \"web\"; }); devices.disk = lib.mkIf z { vda.driver.cache = \"none\"; }; }; }",
        "{ virtualisation.libvirt.connections.x.networks.lan = { forward.mode = lib.mkDefault \"nat\"; mtu = lib.mkIf y { size = 1; }; }; }",
    ] {
        let editor = Editor::new();
        editor.open("/web.nix", text);
        assert_eq!(shown(&editor.problems("/web.nix")), "", "{text}");
    }
}

#[test]
fn all_required_parts() {
    check_fix_named(
        "Add all required parts",
        "lib.domain.writeXML {|\n  memory = \"1 GiB\";\n}",
        expect![[r#"
            Add all required parts
            lib.domain.writeXML {
              memory = "1 GiB";
              type = "kvm";
              name = "";
            }
        "#]],
    );
    check_fix_named(
        "Add `os`",
        "lib.domain.writeXML {| name = \"a\"; type = \"kvm\"; memory = \"1 GiB\"; }",
        expect![[r#"
            Add `os`
            lib.domain.writeXML { name = "a"; type = "kvm"; memory = "1 GiB"; os = { type = "hvm"; }; }
        "#]],
    );
    check_fix_named(
        "Add `memory`",
        "lib.domain.writeXML {|\n  name = \"a\";\n  type = \"kvm\";\n  os.type = \"hvm\";\n}",
        expect![[r#"
            Add `memory`
            lib.domain.writeXML {
              name = "a";
              type = "kvm";
              os.type = "hvm";
              memory = "1 GiB";
            }
        "#]],
    );
    check_fix_named(
        "Add `type`",
        "lib.domain.writeXML {| name = \"a\"; os.type = \"hvm\"; }",
        expect![[r#"
        Add `type`
        lib.domain.writeXML { name = "a"; os.type = "hvm"; type = "kvm"; }
    "#]],
    );
}

#[test]
fn required_parts_behind_a_path() {
    check_fix_named(
        "Add `target`",
        "lib.domain.writeXML {\n  devices.di|sk.driver.cache = \"none\";\n}",
        expect![[r#"
            Add `target`
            lib.domain.writeXML {
              devices.disk.driver.cache = "none";
              devices.disk.target = {
                dev = "";
              };
            }
        "#]],
    );
    check_fix_named(
        "Add `target`",
        "lib.domain.writeXML { devices.di|sk.source.file = \"/a\"; }",
        expect![[r#"
        Add `target`
        lib.domain.writeXML { devices.disk.source.file = "/a"; devices.disk.target = { dev = ""; }; }
    "#]],
    );
}

#[test]
fn required_arguments() {
    check_fix_named(
        "Add `name`",
        "lib.domain.templates.linux {| }",
        expect![[r#"
        Add `name`
        lib.domain.templates.linux { name = ""; }
    "#]],
    );
    check_fix_named(
        "Add all required parts",
        "lib.volume.templates.qcow2 {|\n  uuid = null;\n}",
        expect![[r#"
        Add all required parts
        lib.volume.templates.qcow2 {
          uuid = null;
          name = "";
          size = "";
        }
    "#]],
    );
}

#[test]
fn fixes_in_a_file_that_another_one_imports() {
    let mut editor = Editor::new();
    editor.open("/network.nix", "lib.network.writeXML (import ./lan.nix)");
    let at = editor.open("/lan.nix", "{ name = \"lan\"; forward.mode = \"na|tt\"; }");
    let document = json!({ "uri": uri("/lan.nix") });
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({ "textDocument": document, "range": { "start": at, "end": at }, "context": { "diagnostics": [] } }),
    );
    assert_eq!(actions[0]["title"], "Change to `\"nat\"`");
    let symbols = editor.ask("textDocument/documentSymbol", json!({ "textDocument": document }));
    assert_eq!(symbols[0]["name"], "lan");
}

#[test]
fn devices_by_name() {
    check_fix_named(
        "Declare `disk` by name",
        "{\n  virtualisation.libvirt.connections.x.domains.web.devices.disk = [\n    # The system.\n    {\n      source.file = \"/a\";|\n      target.dev = \"vda\";\n    }\n    { source.file = \"/b\"; target = { dev = \"vdb\"; bus = \"scsi\"; }; }\n  ];\n}",
        expect![[r#"
            Declare `disk` by name
            {
              virtualisation.libvirt.connections.x.domains.web.devices.disk = {
                # The system.
                vda = {
                  source.file = "/a";
                  target.dev = "vda";
                };
                vdb = { source.file = "/b"; target = { dev = "vdb"; bus = "scsi"; }; };
              };
            }
        "#]],
    );
    check_fix_named(
        "Declare `channel` by name",
        "{ virtualisation.libvirt.connections.x.domains.web.devices.channel = [ { typ|e = \"spicevmc\"; } ]; }",
        expect![[r#"
            Declare `channel` by name
            { virtualisation.libvirt.connections.x.domains.web.devices.channel = { channel0 = { type = "spicevmc"; }; }; }
        "#]],
    );
    // The card would get another MAC address.
    let text = "{ virtualisation.libvirt.connections.x.domains.web.devices.interface = [ { typ|e = \"user\"; } ]; }";
    assert_eq!(titles(text), ["Open the reference"]);
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
        "$ virsh net-dumpxml lan\n|<network><name>lan</name></network>\n\n$ ",
        expect![[r#"
        Convert the XML to a spec of a network
        # nixvirt: network
        {
          name = "lan";
          uuid = false;
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
              lan = {
                name = "lan";
                uuid = false;
              };
            }
        "#]],
    );
    check_fix_named(
        "Convert the XML to a spec of a network",
        "{ virtualisation.libvirt.connections.x.networks = {\n  # <network>|\n  #   <name>lan</name>\n  # </network>\n}; }",
        expect![[r#"
            Convert the XML to a spec of a network
            { virtualisation.libvirt.connections.x.networks = {
              lan.definition = {
                name = "lan";
                uuid = false;
              };
            }; }
        "#]],
    );
    check_fix(
        "{ a = ''<network>|<name>lan</name></network>''; }",
        expect![[r#"
        Convert the XML to a spec of a network
        { a = {
          name = "lan";
          uuid = false;
        }; }
    "#]],
    );
    // The spec would lack what the string inserts.
    assert_eq!(titles("name: ''|<network><name>${name}</name></network>''"), [] as [String; 0]);
}

#[test]
fn xml_with_text_around() {
    let made =
        "Convert the XML to a spec of a network\n# nixvirt: network\n{\n  name = \"lan\";\n  uuid = false;\n}\n\n";
    for (before, after) in [
        ("<?xml version='1.0'?>\n", ""),
        ("<!--\n  virsh net-edit lan\n-->\n", ""),
        ("\u{FEFF}", ""),
        ("root@host:~$ cat /etc/libvirt/qemu/networks/lan.xml\n", "root@host:~$ "),
        ("# nixvirt: network\n", ""),
    ] {
        let text = format!("{before}|<network><name>lan</name></network>\n{after}");
        assert_eq!(changed(&actions(&text)[0], &text), made, "{text}");
    }
    check_fix(
        "# From the old host.\n|<network><name>lan</name></network>\n",
        expect![[r#"
        Convert the XML to a spec of a network
        # nixvirt: network
        # From the old host.
        {
          name = "lan";
          uuid = false;
        }

    "#]],
    );
    check_fix(
        "{\n  # The old one:\n  # <network>|\n  #   <name>lan</name>\n  # </network>\n  a = 1;\n}",
        expect![[r#"
            Convert the XML to a spec of a network
            {
              # The old one:
              lan = {
                name = "lan";
                uuid = false;
              };
              a = 1;
            }
        "#]],
    );
    check_fix(
        "{\n  virtualisation.libvirt.connections.x.networks.lan.definition = <network>\n    <name>|lan</name>\n  </network>;\n}",
        expect![[r#"
            Convert the XML to a spec of a network
            {
              virtualisation.libvirt.connections.x.networks.lan.definition = {
                name = "lan";
                uuid = false;
              };
            }
        "#]],
    );
    check_fix(
        "{ pkgs }: {\n  definition = pkgs.writeText \"lan.xml\" ''\n    <network><name>|lan</name></network>\n  '';\n}",
        expect![[r#"
            Convert the XML to a spec of a network
            { pkgs }: {
              definition = {
                name = "lan";
                uuid = false;
              };
            }
        "#]],
    );
}

#[test]
fn several_objects_in_xml() {
    check_fix(
        "<network>\n  <name>|lan</name>\n</network>\n\n<domain type='kvm'><name>a \u{1F427}</name><memory>1</memory><title></title><os><type>hvm</type></os></domain>\n",
        expect![[r#"
            Convert the XML to declarations of 2 objects
            {
              virtualisation.libvirt.connections."qemu:///system" = {
                domains."a 🐧".definition = {
                  type = "kvm";
                  name = "a 🐧";
                  uuid = false;
                  memory = 1;
                  os.type = "hvm";
                  extra.xml = "<title/>\n";
                };
                networks.lan.definition = {
                  name = "lan";
                  uuid = false;
                };
              };
            }

        "#]],
    );
    // Volumes are declared in their pool.
    check_fix(
        "<volume><name>a</name><capacity>1</capacity></volume>\n<volume><name>|b</name><capacity>1</capacity></volume>\n",
        expect![[r#"
            Convert the XML to a spec of a volume
            <volume><name>a</name><capacity>1</capacity></volume>
            {
              name = "b";
              capacity = 1;
            }

        "#]],
    );
}

#[test]
fn xml_that_is_no_spec() {
    let refused = |text: &str| {
        let mut editor = Editor::with(&json!({ "textDocument": { "codeAction": { "disabledSupport": true } } }));
        let at = editor.open("/web.nix", text);
        let range = json!({ "start": at, "end": at });
        let document = json!({ "uri": uri("/web.nix") });
        let asked = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
        editor.ask("textDocument/codeAction", asked)[0]["disabled"]["reason"].clone()
    };
    let why = "line 2, column 12: ill-formed document: expected `</name>`, but `</nam>` was found";
    assert_eq!(refused("<network>\n  <name>|lan</nam>\n</network>"), why);
    assert_eq!(
        refused("{ a = ''<network>|<name>a</name></network><network><name>b</name></network>''; }"),
        "line 1, column 1: expected one root element, found 2"
    );
    assert_eq!(titles("<network>\n  <name>|lan</nam>\n</network>"), [] as [String; 0]);
}

#[test]
fn devices_by_name_have_their_default_form() {
    check(
        "{ virtualisation.libvirt.connections.x.domains.a.devices = { disk.vda.source.flie = \"/a\"; disk.vdb.source.dev = \"/dev/a\"; disk.vdc.driver.cache = \"none\"; interface.lan.source.netwrok = \"lan\"; }; }",
        expect![[r#"
            0:77-81 unknown-attribute: unknown attribute "flie"; did you mean "file"?
        "#]],
    );
}

#[test]
fn an_argument_that_the_module_sets_is_not_the_library() {
    let call = "a = NixVirt.lib.network.templates.nat { }; b = nixvirt.lib.network.templates.nat { };";
    for own in ["_module.args.NixVirt = x;", "_module.args = { NixVirt.lib = x; };", "_module = { args.NixVirt = x; };"]
    {
        let editor = Editor::new();
        editor.open("/web.nix", &format!("{{ NixVirt, nixvirt, ... }}: {{ {own} {call} }}"));
        assert_eq!(editor.problems("/web.nix").len(), 1, "{own}");
    }
}
