//! Completion.

use crate::editor::{Editor, uri};
use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

/// Shows the first items, each with what is inserted.
fn shown(items: &Json, most: usize) -> String {
    let mut items: Vec<_> = items.as_array().expect("a list of items").iter().collect();
    items.sort_by_key(|item| item["sortText"].as_str().unwrap_or_default().to_owned());
    let line = |item: &&Json| {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let inserted = item["textEdit"]["newText"].as_str().unwrap_or_default();
        format!("{} ({}): {inserted}\n", text("label"), text("detail")).replace(" ()", "")
    };
    let mut lines: String = items.iter().take(most).map(line).collect();
    if items.len() > most {
        lines.push_str(&format!("… {} more\n", items.len() - most));
    }
    lines
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let items = Editor::new().ask_at("textDocument/completion", "/web.nix", text);
    expected.assert_eq(&shown(&items, 6));
}

#[test]
fn names_of_a_spec() {
    check(
        "lib.domain.writeXML { | }",
        expect![[r#"
            type (kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, …): type = "${1|kvm,qemu,kqemu,lxc,xen,bhyve,hvf,vmware,hyperv,vbox,vz,test,uml,openvz,phyp|}";
            name (string: text on one line): name = "$1";
            uuid (string: a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11): uuid = "$1";
            memory (set with fields, or size such as `"8 GiB"`): memory = "${1:1} GiB";
            vcpu (set with fields, or integer from 1 to 65535): vcpu = $1;
            os (set with fields): os = {
              type = "${1|hvm,exe,xen,linux,xenpvh|}";
            };
            … 46 more
        "#]],
    );
    check(
        "{ x = NixVirt.lib.domain.getXML { devices.dis| }; }",
        expect![[r#"
            disk (list or single item: set with fields): disk = {
              target = {
                dev = "$1";
              };
            };
            controller (list or single item: set with fields): controller = {
              type = "${1|fdc,sata,ccid,scsi,usb,ide,isa,pci,virtio-serial,xenbus,nvme|}";
            };
            filesystem (list or single item: set with fields): filesystem = {
              target = {
                dir = "$1";
              };
            };
            interface (list or single item: set with fields): interface = {
              type = "${1|network,bridge,ethernet,direct,user,internal,mcast,client,server,udp,hostdev,vhostuser,vdpa,null,vds|}";
            };
            console (list or single item: set with fields, or `true`): console = {
              $0
            };
            channel (list or single item: set with fields): channel = {
              type = "${1|dev,file,pipe,unix,tcp,udp,null,stdio,vc,pty,spicevmc,spiceport,nmdm,qemu-vdagent,dbus|}";
              target = {
                type = "${2|guestfwd,virtio,xen|}";
              };
            };
            … 27 more
        "#]],
    );
    check(
        "builtins.nixvirt.network.toXML { name = \"lan\"; fo| }",
        expect![[r#"
            uuid (string: a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11): uuid = "$1";
            forward (set with fields, or `true`): forward = {
              $0
            };
            bridge (set with fields, or `true`): bridge = {
              $0
            };
            domain (set with fields): domain = {
              name = "$1";
            };
            ip (list or single item: set with fields, or `true`): ip = {
              $0
            };
            connections (integer from 0 to 4294967295): connections = $1;
            … 16 more
        "#]],
    );
}

#[test]
fn a_half_written_file() {
    check(
        "lib.domain.writeXML { type = \"kvm\"\n  mem|\n  os.type = \"hvm\"; }",
        expect![[r#"
            name (string: text on one line): name = "$1";
            uuid (string: a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11): uuid = "$1";
            memory (set with fields, or size such as `"8 GiB"`): memory = "${1:1} GiB";
            vcpu (set with fields, or integer from 1 to 65535): vcpu = $1;
            os (set with fields): os = {
                type = "${1|hvm,exe,xen,linux,xenpvh|}";
              };
            features (set with fields, or `true`): features = {
                $0
              };
            … 45 more
        "#]],
    );
    check(
        "lib.domain.writeXML { devices = { disk = [ { target.dev = \"vda\"; bus| ",
        expect![[r#"
            target (set with fields): target = {
              dev = "$1";
            };
            device (floppy, disk, cdrom or lun): device = "${1|floppy,disk,cdrom,lun|}";
            driver (set with fields, or `true`): driver = {
              $0
            };
            backingStore (set with fields): backingStore = {
              $0
            };
            readonly (`true`): readonly = true;
            type (file, block, dir, network, volume, nvme, vhostuser, vhostvdpa or ctl): type = "${1|file,block,dir,network,volume,nvme,vhostuser,vhostvdpa,ctl|}";
            … 24 more
        "#]],
    );
}

#[test]
fn an_element_that_occurs_once_is_in_a_list() {
    check(
        "lib.domain.writeXML { devices.memballoon = [ { model = \"virtio\"; | } ]; }",
        expect![[r#"
        autodeflate (`true` or `false` (`on` or `off` in XML)): autodeflate = ${1|true,false|};
        freePageReporting (`true` or `false` (`on` or `off` in XML)): freePageReporting = ${1|true,false|};
        stats (set with fields): stats = {
          period = $1;
        };
        driver (set with fields, or `true`): driver = {
          $0
        };
        alias (set with fields): alias = {
          name = "$1";
        };
        acpi (set with fields, or `true`): acpi = {
          $0
        };
        … 2 more
    "#]],
    );
}

#[test]
fn descriptions_of_what_is_offered() {
    let described = |text: &str, label: &str| {
        let items = Editor::new().ask_at("textDocument/completion", "/web.nix", text);
        let item = items.as_array().and_then(|all| all.iter().find(|it| it["label"] == label).cloned());
        item.expect("it is offered")["documentation"]["value"].as_str().unwrap_or_default().to_owned()
    };
    expect![[r#"
        Short description of the network, on one line.

        - Type: string: text on one line
        - XML: `<network><title>…</title>`
        - Since: libvirt 9.7
        - Takes effect: at the next start

        [Reference](https://guide/reference/fields/network.html#title) · [libvirt's manual](https://libvirt.org/formatnetwork.html#general-metadata)
    "#]].assert_eq(&described("lib.network.validate { | }", "title"));
    expect!["SATA bus."].assert_eq(&described("lib.domain.validate { devices.disk.target.bus = \"|\"; }", "sata"));
}

#[test]
fn words_in_a_string() {
    check(
        r#"lib.domain.writeXML { devices.disk = [ { target.bus = "|"; } ]; }"#,
        expect![[r#"
        ide: ide
        fdc: fdc
        scsi: scsi
        virtio: virtio
        xen: xen
        usb: usb
        … 4 more
    "#]],
    );
    check(
        "lib.domain.writeXML { devices.disk.driver.cache = |; }",
        expect![[r#"
        "default": "default"
        "none": "none"
        "writeback": "writeback"
        "writethrough": "writethrough"
        "directsync": "directsync"
        "unsafe": "unsafe"
    "#]],
    );
    check(
        "lib.domain.writeXML { features.smm.state = |; }",
        expect![[r#"
        true: true
        false: false
        "on": "on"
        "off": "off"
    "#]],
    );
}

#[test]
fn units_of_a_size() {
    check(
        r#"lib.domain.writeXML { memory = "8|"; }"#,
        expect![[r#"
        8 KiB: 8 KiB
        8 MiB: 8 MiB
        8 GiB: 8 GiB
        8 TiB: 8 TiB
    "#]],
    );
}

#[test]
fn parts_of_the_form_that_is_chosen() {
    check(
        r#"lib.domain.writeXML { devices.disk = { type = "block"; source.| }; }"#,
        expect![[r#"
            startupPolicy (mandatory, requisite or optional): startupPolicy = "${1|mandatory,requisite,optional|}";
            dev (string: an absolute path, or string: letters, digits, "_", ".", "-", "\", ":" or "/", e.g. eth0): dev = "$1";
            index (integer, at least 1): index = $1;
            seclabel (list or single item: set with fields, or `true`): seclabel = {
              $0
            };
            encryption (set with fields): encryption = {
              format = "${1|default,qcow,luks,luks2,luks-any|}";
            };
            reservations (set with fields, or `true`): reservations = {
              $0
            };
            … 3 more
        "#]],
    );
}

#[test]
fn options_of_modules() {
    check(
        "{ virtualisation.libvirt.connections.\"qemu:///system\".| }",
        expect![[r#"
        domains (null or list of domains, or attribute set of domains by name): domains = {
          $0
        };
        networks (null or list of networks, or attribute set of networks by name): networks = {
          $0
        };
        nwfilters (null or list of nwfilters, or attribute set of nwfilters by name): nwfilters = {
          $0
        };
        onChange (one of "live", "stage", "restart", "never"): onChange = "${1|live,stage,restart,never|}";
        pools (null or list of pools, or attribute set of pools by name): pools = {
          $0
        };
        prune (one of "owned", "all", "none"): prune = "${1|owned,all,none|}";
        … 2 more
    "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.\"qemu:///system\".domains.web = { | }; }",
        expect![[r#"
            type (kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, …): type = "${1|kvm,qemu,kqemu,lxc,xen,bhyve,hvf,vmware,hyperv,vbox,vz,test,uml,openvz,phyp|}";
            name (string: text on one line): name = "$1";
            active (null or boolean): active = ${1|true,false|};
            autostart (null or boolean): autostart = ${1|true,false|};
            definition (null or absolute path of a libvirt XML file, or a spec): definition = $1;
            graphicsPasswordFile (null or submodule): graphicsPasswordFile = {
              $0
            };
            … 61 more
        "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.\"qemu:///system\".domains.web.devices.disk.vda.driver.| }",
        expect![[r#"
            name (string: letters, digits, "_", "+" or "-"): name = "$1";
            type: type = "${1|raw,dir,bochs,cloop,dmg,iso,vpc,vdi,fat,vhd,ploop,luks,cow,qcow,qcow2,qed,vmdk|}";
            cache (default, none, writeback, writethrough, directsync or unsafe): cache = "${1|default,none,writeback,writethrough,directsync,unsafe|}";
            discard (unmap or ignore): discard = "${1|unmap,ignore|}";
            error_policy (stop, report, ignore or enospace): error_policy = "${1|stop,report,ignore,enospace|}";
            rerror_policy (stop, report or ignore): rerror_policy = "${1|stop,report,ignore|}";
            … 17 more
        "#]],
    );
    check(
        "{ config = lib.mkIf x { virtualisation.libvirt.connections.\"qemu:///system\".domains = [ { definition = { | }; } ]; }; }",
        expect![[r#"
            type (kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, …): type = "${1|kvm,qemu,kqemu,lxc,xen,bhyve,hvf,vmware,hyperv,vbox,vz,test,uml,openvz,phyp|}";
            name (string: text on one line): name = "$1";
            uuid (string: a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11): uuid = "$1";
            memory (set with fields, or size such as `"8 GiB"`): memory = "${1:1} GiB";
            vcpu (set with fields, or integer from 1 to 65535): vcpu = $1;
            os (set with fields): os = {
              type = "${1|hvm,exe,xen,linux,xenpvh|}";
            };
            … 46 more
        "#]],
    );
}

#[test]
fn names_of_objects_in_the_file() {
    check(
        r#"{ virtualisation.libvirt.connections."qemu:///system" = {
             networks.lan = { };
             networks.dmz.definition = NixVirt.lib.network.templates.nat { name = "outside"; subnet_byte = 9; };
             domains.web.devices.interface.first = { type = "network"; source.network = "|"; };
           }; }"#,
        expect![[r#"
            dmz: dmz
            lan: lan
            outside: outside
        "#]],
    );
    check(
        r#"{ virtualisation.libvirt.connections.x = {
             pools.fast.volumes.root.capacity = "1 GiB";
             domains.web.definition = lib.domain.templates.linux { name = "web"; storage_vol = { pool = "|"; }; };
           }; }"#,
        expect![[r#"
            fast: fast
        "#]],
    );
}

#[test]
fn values_that_flow_through_a_function() {
    check(
        "let mk = spec: lib.network.writeXML (spec // { name = \"a\"; }); in mk { forward.mode = \"|\"; }",
        expect![[r#"
            nat: nat
            route: route
            open: open
            bridge: bridge
            passthrough: passthrough
            private: private
            … 2 more
        "#]],
    );
}

#[test]
fn values_that_flow_into_a_spec() {
    check(
        "let\n  disk = name: { target = { dev = name; | }; };\n  base = { devices.disk = [ (disk \"vda\") ]; };\nin lib.domain.writeXML (base // { })",
        expect![[r#"
            bus (ide, fdc, scsi, virtio, xen, usb, uml, sata, sd or nvme): bus = "${1|ide,fdc,scsi,virtio,xen,usb,uml,sata,sd,nvme|}";
            tray (open or closed): tray = "${1|open,closed|}";
            removable (`true` or `false` (`on` or `off` in XML)): removable = ${1|true,false|};
            rotation_rate (integer, at least 1): rotation_rate = $1;
            dpofua (`true` or `false` (`on` or `off` in XML)): dpofua = ${1|true,false|};
            extra (set): extra = {
                $0
              };
        "#]],
    );
    check(
        "let inherit (NixVirt.lib) domain network; in { a = lib.recursiveUpdate x { }; b = domain.writeXML (lib.recursiveUpdate (domain.templates.q35 { }) { os.| }); }",
        expect![[r#"
            type (hvm, exe, xen, linux or xenpvh): type = "${1|hvm,exe,xen,linux,xenpvh|}";
            kernel (set with fields, or string: an absolute path): kernel = "$1";
            initrd (set with fields, or string: an absolute path): initrd = "$1";
            cmdline (set with fields, or string): cmdline = "$1";
            arch (aarch64, alpha, armv6l, armv7l, cris, i686, ia64, lm32, loongarch64, m68k, …): arch = "$1";
            machine (string: letters, digits, "_", "." or "-", e.g. q35): machine = "$1";
            … 20 more
        "#]],
    );
    check(
        "with NixVirt.lib.network; writeXML (if x then { forward.mode = \"|\"; } else { })",
        expect![[r#"
        nat: nat
        route: route
        open: open
        bridge: bridge
        passthrough: passthrough
        private: private
        … 2 more
    "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.\"qemu:///system\".domains = builtins.mapAttrs (name: cores: { vcpu.| }) guests; }",
        expect![[r#"
            count (integer from 1 to 65535): count = $1;
            placement (static or auto): placement = "${1|static,auto|}";
            cpuset (string: numbers, ranges and exclusions, e.g. 0-3,^2,8): cpuset = "$1";
            current (integer from 1 to 65535): current = $1;
            extra (set): extra = {
              $0
            };
        "#]],
    );
}

#[test]
fn arguments_of_a_template() {
    check(
        "NixVirt.lib.domain.templates.linux { mem| }",
        expect![[r#"
        name: name = "$1";
        backing_vol (null): backing_vol = $1;
        boot ([ "cdrom" "hd" ]): boot = $1;
        bridge_name ("virbr0"): bridge_name = "$1";
        console (true): console = ${1|false,true|};
        description (null): description = $1;
        … 28 more
    "#]],
    );
}

#[test]
fn a_marked_file() {
    check(
        "# nixvirt: pool\n{ lib, ... }: { target.| }",
        expect![[r#"
        path (string: an absolute path): path = "$1";
        permissions (set with fields, or `true`): permissions = {
          $0
        };
        extra (set): extra = {
          $0
        };
    "#]],
    );
    check(
        "# nixvirt: net|\n{ }",
        expect![[r#"
        domain: domain
        network: network
        pool: pool
        volume: volume
        secret: secret
        nwfilter: nwfilter
        … 4 more
    "#]],
    );
}

#[test]
fn an_editor_without_snippets() {
    let mut editor = Editor::with(&serde_json::json!({}));
    let items = editor.ask_at("textDocument/completion", "/web.nix", "lib.domain.writeXML { | }");
    expect![[r#"
        type (kvm, qemu, kqemu, lxc, xen, bhyve, hvf, vmware, hyperv, vbox, …): type = "kvm";
        name (string: text on one line): name = "";
        uuid (string: a UUID, e.g. 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11): uuid = "";
        memory (set with fields, or size such as `"8 GiB"`): memory = "1 GiB";
        … 48 more
    "#]]
    .assert_eq(&shown(&items, 4));
}

#[test]
fn a_file_that_another_one_imports() {
    let mut editor = Editor::new();
    editor.open("/guests.nix", "{ lib }: lib.domain.writeXML (import ./web.nix { })");
    let items = editor.ask_at("textDocument/completion", "/web.nix", "{ name ? \"web\" }: { inherit name; clock.| }");
    expect![[r#"
        offset (utc, localtime, timezone, variable or absolute): offset = "${1|utc,localtime,timezone,variable,absolute|}";
        start (integer, at least 0): start = $1;
        timer (list or single item: set with fields): timer = {
          name = "${1|platform,rtc,tsc,hpet,pit,armvtimer,kvmclock,hypervclock|}";
        };
        … 4 more
    "#]]
    .assert_eq(&shown(&items, 3));
}

#[test]
fn nothing_elsewhere() {
    for text in ["{ a = { | }; }", "lib.domain.writeXML x.|", "# lib.domain.writeXML { |", "let a = { | }; in a"] {
        let items = Editor::new().ask_at("textDocument/completion", "/web.nix", text);
        assert_eq!(items, Json::Array(Vec::new()), "{text}");
    }
}

#[test]
fn names_in_the_library() {
    check(
        "{ a = NixVirt.lib.network.|\n}",
        expect![[r#"
        fromXML: fromXML
        getXML: getXML
        schema: schema
        templates: templates
        validate: validate
        writeXML: writeXML
    "#]],
    );
    check(
        "{ a = NixVirt.lib.pool.templates.d|; }",
        expect![[r#"
        dir: dir
        logical: logical
        netfs: netfs
        zfs: zfs
    "#]],
    );
    check("{ a = config.networking.domain.|; }", expect![[""]]);
    check("{ a = lib.network.writeXML |; }", expect![[""]]);
}

#[test]
fn a_question_right_behind_a_keystroke() {
    let mut editor = Editor::new();
    editor.open("/web.nix", "lib.network.writeXML { name = \"lan\"; forward = { }; }");
    editor.problems("/web.nix");
    let mut changed = |text: &str| {
        let before = text.split('|').next().expect("a text");
        let document = json!({ "uri": uri("/web.nix"), "version": 2 });
        let changes = json!([{ "text": text.replace('|', "") }]);
        editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        let position = json!({ "line": 0, "character": before.len() });
        let place = json!({ "textDocument": { "uri": uri("/web.nix") }, "position": position });
        shown(&editor.ask("textDocument/completion", place), 2)
    };
    let in_braces = changed("lib.network.writeXML { name = \"lan\"; forward = { m| }; }");
    let behind_a_change = changed("lib.volume.writeXML { name = \"lan\"; target = { m| }; }");
    let in_new_braces = changed("lib.volume.writeXML { name = \"lan\"; target = { format = { | } }; }");
    expect![[r#"
        dev (string: letters, digits, "_", ".", "-", "\", ":" or "/", e.g. eth0): dev = "$1";
        mode (nat, route, open, bridge, passthrough, private, vepa or hostdev): mode = "${1|nat,route,open,bridge,passthrough,private,vepa,hostdev|}";
        … 7 more

        format (set with fields): format = {
          type = "${1|raw,dir,bochs,cloop,dmg,iso,vpc,vdi,fat,vhd,ploop,luks,cow,qcow,qcow2,qed,vmdk|}";
        };
        path (string: an absolute path, or string: a URI): path = "$1";
        … 8 more

        type: type = "${1|raw,dir,bochs,cloop,dmg,iso,vpc,vdi,fat,vhd,ploop,luks,cow,qcow,qcow2,qed,vmdk|}";
        extra (set): extra = {
          $0
        };
    "#]].assert_eq(&[in_braces, behind_a_change, in_new_braces].join("\n"));
}
