//! Descriptions, signatures, symbols and XML.

use crate::editor::{Editor, uri};
use expect_test::{Expect, expect};
use serde_json::json;

#[track_caller]
fn check(text: &str, expected: Expect) {
    let shown = Editor::new().ask_at("textDocument/hover", "/web.nix", text);
    expected.assert_eq(shown["contents"]["value"].as_str().unwrap_or("nothing"));
}

#[test]
fn an_element_that_occurs_once_is_in_a_list() {
    check(
        "lib.domain.writeXML { os = [ { loader = [ { sec|ure = true; } ]; } ]; }",
        expect![[r#"
        Whether the firmware supports Secure Boot. Requires `features.smm`.

        - Type: `true` or `false` (`yes` or `no` in XML)
        - XML: `<loader secure="…">`
        - Takes effect: at the next start

        [Reference](https://guide/reference/fields/domain/os.html#os.type-hvm.loader.secure) · [libvirt's manual](https://libvirt.org/formatdomain.html#bios-bootloader)
    "#]],
    );
}

#[test]
fn descriptions() {
    check(
        "lib.domain.writeXML { devices.disk = [ { driver.ca|che = \"none\"; } ]; }",
        expect![[r#"
            Cache mode of the disk on the host.

            - Type: one of
              - `"default"`: Cache mode chosen by the hypervisor.
              - `"none"`: No caching by the host.
              - `"writeback"`: Write-back caching: the host caches reads and writes, and flushes on guest request.
              - `"writethrough"`: Write-through caching: the host caches reads. A write completes once the data is on the disk.
              - `"directsync"`: No caching by the host. A write completes once the data is on the disk.
              - `"unsafe"`: Unsafe caching: the host caches everything and ignores the guest's flush requests.
            - XML: `<driver cache="…">`
            - Takes effect: at the next start

            [Reference](https://guide/reference/fields/domain/devices/disk.html#devices.disk.driver.cache) · [libvirt's manual](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms)
        "#]],
    );
    check(
        "lib.domain.writeXML { devices.disk = [ { driver.cache = \"no|ne\"; } ]; }",
        expect![[r#"
            `"none"`: No caching by the host.

            ---

            Cache mode of the disk on the host.

            - Type: one of
              - `"default"`: Cache mode chosen by the hypervisor.
              - `"none"`: No caching by the host.
              - `"writeback"`: Write-back caching: the host caches reads and writes, and flushes on guest request.
              - `"writethrough"`: Write-through caching: the host caches reads. A write completes once the data is on the disk.
              - `"directsync"`: No caching by the host. A write completes once the data is on the disk.
              - `"unsafe"`: Unsafe caching: the host caches everything and ignores the guest's flush requests.
            - XML: `<driver cache="…">`
            - Takes effect: at the next start

            [Reference](https://guide/reference/fields/domain/devices/disk.html#devices.disk.driver.cache) · [libvirt's manual](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms)
        "#]],
    );
    check(
        "lib.domain.writeXML { devices.di|sk = [ ]; }",
        expect![[r#"
            Disk, CD-ROM or floppy drive.

            - Type: list or single item: set with fields
            - XML: `<devices><disk>`
            - Takes effect: depends on the field; added and removed live on the bus `virtio`, `scsi` or `usb`

            [Reference](https://guide/reference/fields/domain/devices/disk.html#devices.disk) · [libvirt's manual](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms)
        "#]],
    );
    check(
        "lib.domain.templates.li|nux { name = \"web\"; }",
        expect![[r#"
        `lib.domain.templates.linux`

        A PC for Linux: `lib.domain.templates.q35` with a virtio network interface, a channel for the QEMU guest agent, and a random
        number generator.

        [Reference](https://guide/reference/templates.html#libdomaintemplateslinux)
    "#]],
    );
    check(
        "lib.domain.templates.linux { mem|ory = \"4 GiB\"; }",
        expect![[r#"
        Memory.

        - Default: `{ count = 4; unit = "GiB"; }`
    "#]],
    );
    check(
        "{ virtualisation.libvirt.connections.\"qemu:///system\".domains.web.on|Change = \"live\"; }",
        expect![[r#"
            Policy for a changed definition of a running domain. If null, the `onChange` of the connection applies.

            - `"live"`: apply what libvirt can change while the domain runs; the rest takes effect at the next start.
            - `"stage"`: change the definition only; all of it takes effect at the next start.
            - `"restart"`: stop the domain and start it again.
            - `"never"`: leave the definition unchanged while the domain runs.

            - Type: null or one of "live", "stage", "restart", "never"
            - Default: `null`
        "#]],
    );
    check("{ de|vices = 1; }", expect!["nothing"]);
}

#[test]
fn defaults_and_releases_of_libvirt() {
    let said = |text: &str, fact: &str| {
        let shown = Editor::new().ask_at("textDocument/hover", "/web.nix", text);
        let text = shown["contents"]["value"].as_str().unwrap_or("nothing").to_owned();
        text.lines().filter(|line| line.contains(fact)).collect::<String>()
    };
    expect!["- Since: libvirt 9.7"].assert_eq(&said("lib.network.writeXML { ti|tle = \"Guests\"; }", "Since"));
    expect!["- Default: a hard disk"]
        .assert_eq(&said("lib.domain.writeXML { devices.disk.dev|ice = \"disk\"; }", "Default"));
}

#[test]
fn the_reference_is_opened() {
    let mut editor = Editor::new();
    let at = editor.open("/web.nix", "lib.domain.writeXML { mem|ory = \"1 GiB\"; }");
    let here = json!({ "uri": uri("/web.nix") });
    let range = json!({ "start": at, "end": at });
    let asked = json!({ "textDocument": here, "range": range, "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", asked);
    let action = actions.as_array().and_then(|all| all.iter().find(|it| it["title"] == "Open the reference"));
    let action = action.expect("it is offered");
    editor.order("workspace/executeCommand", json!({ "command": action["command"], "arguments": action["arguments"] }));
    expect![[r#""https://guide/reference/fields/domain/memory.html#memory""#]]
        .assert_eq(&editor.request("window/showDocument")["uri"].to_string());
}

#[test]
fn the_signature_of_a_template() {
    let text = "lib.pool.templates.dir { name = \"a\"; path = | }";
    let shown = Editor::new().ask_at("textDocument/signatureHelp", "/web.nix", text);
    let signature = &shown["signatures"][0];
    expect![[r#"
        "dir { name, path ? \"/var/lib/libvirt/NAME\", permissions ? null, uuid ? null }" at 1
    "#]]
    .assert_eq(&format!("{} at {}\n", signature["label"], signature["activeParameter"]));
}

#[test]
fn symbols() {
    let mut editor = Editor::new();
    editor.open(
        "/web.nix",
        "{\n  a = lib.domain.writeXML { name = \"web\"; devices.disk = [ { target.dev = \"vda\"; } ]; };\n  b = lib.network.templates.nat { name = \"lan\"; };\n}",
    );
    let shown = editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri("/web.nix") } }));
    let lines = shown.as_array().expect("a list").iter().map(|symbol| {
        format!(
            "{} {} {} {}\n",
            symbol["name"], symbol["detail"], symbol["range"]["start"]["line"], symbol["children"][0]["detail"]
        )
    });
    expect![[r#"
        "web" "domain" 1 "vda"
        "lan" "network of the template nat" 2 null
    "#]]
    .assert_eq(&lines.collect::<String>());
}

#[test]
fn the_xml_of_a_spec() {
    let text = "lib.network.writeXML { name = \"lan\"; forward.|mode = \"nat\"; mtu = x; }";
    let shown = Editor::new().ask_at("nixvirt/xml", "/web.nix", text);
    expect![[r#"
        <network>
          <name>lan</name>
          <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
          <forward mode='nat'/>
        </network>
    "#]]
    .assert_eq(shown.as_str().expect("a text"));
    let text = "{ virtualisation.libvirt.connections.x.networks.lan = { active = true; forward.|mode = \"nat\"; }; }";
    let shown = Editor::new().ask_at("nixvirt/xml", "/web.nix", text);
    expect![[r#"
        <network>
          <name>lan</name>
          <forward mode='nat'/>
        </network>
    "#]]
    .assert_eq(shown.as_str().expect("a text"));
    let text = "{ virtualisation.libvirt.connections.x.networks.lan.forward.|mode = \"nat\"; }";
    assert_eq!(Editor::new().ask_at("nixvirt/xml", "/web.nix", text), shown);
}

#[test]
fn the_xml_of_what_a_file_does_not_tell() {
    let text =
        "name: lib.domain.writeXML { inherit name; type = \"|kvm\"; uuid = x; os.type = y; devices.emulator = z; }";
    let shown = Editor::new().ask_at("nixvirt/xml", "/web.nix", text);
    expect![[r#"
        <domain type='kvm'>
          <os/>
          <devices/>
        </domain>
    "#]]
    .assert_eq(shown.as_str().expect("a text"));
}

#[test]
fn options_and_disks() {
    check(
        "{ virtualisation.libvirt.sw|tpm.enable = true; }",
        expect![[r#"
        Options: `enable`.

        - Type: set
    "#]],
    );
    check(
        "lib.domain.templates.linux { storage_vol = { po|ol = \"a\"; volume = \"b\"; }; }",
        expect!["Name of a pool."],
    );
}
