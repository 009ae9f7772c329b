//! Templates: their specs and their errors.

use expect_test::{Expect, expect};
use nixvirt_tests::{build, evaluate, evaluate_json, files, library, name, project, run};
use pretty_assertions::assert_eq;
use std::fs;
use std::process::Command;

#[test]
fn a_disk_with_a_size_declares_its_volume() {
    let volumes = |template: &str| evaluate_json(&format!("(lib.domain.templates.{template}).volumes or null"));
    let check = |template: &str, expected: Expect| expected.assert_eq(&format!("{:#}\n", volumes(template)));
    check(
        r#"linux { name = "web"; storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }; backing_vol = "/base.qcow2"; }"#,
        expect![[r#"
            [
              {
                "content": null,
                "definition": {
                  "backingStore": {
                    "format": {
                      "type": "qcow2"
                    },
                    "path": "/base.qcow2"
                  },
                  "capacity": "20 GiB",
                  "name": "web.qcow2",
                  "target": {
                    "format": {
                      "type": "qcow2"
                    }
                  }
                },
                "pool": "default"
              }
            ]
        "#]],
    );
    check(
        r#"cloud { name = "web"; image = "/image.qcow2"; storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }; }"#,
        expect![[r#"
            [
              {
                "content": "/image.qcow2",
                "definition": {
                  "backingStore": null,
                  "capacity": "20 GiB",
                  "name": "web.qcow2",
                  "target": {
                    "format": {
                      "type": "qcow2"
                    }
                  }
                },
                "pool": "default"
              }
            ]
        "#]],
    );
    check(
        r#"linux { name = "web"; storage_vol = { pool = "default"; volume = "web.qcow2"; }; }"#,
        expect![[r#"
        null
    "#]],
    );
}

#[test]
fn a_written_domain_keeps_its_spec() {
    let [file, volume] = ["toString file", "(builtins.head file.spec.volumes).definition.name"].map(|part| {
        evaluate_json(&format!(
            r#"let file = lib.domain.writeXML (lib.domain.templates.q35 {{ name = "web"; storage_vol = {{ pool = "default"; volume = "web.qcow2"; size = 1; }}; }}); in {part}"#
        ))
    });
    let xml = fs::read_to_string(file.as_str().expect("it is a path")).expect("it is in the store");
    assert!(xml.contains("volume='web.qcow2'") && !xml.contains("size"), "{xml}");
    assert_eq!(volume, "web.qcow2");
}

/// What `nixvirt doctor --json` says of a host with two NUMA nodes, each with two cores of two threads and one core of one thread.
const HOST: &str = r#"{ findings = [ { check = "iommu"; } { check = "processor"; finding = { isolated = [ ]; cores = [
    { node = 0; cpus = [ 0 4 ]; } { node = 0; cpus = [ 1 5 ]; } { node = 0; cpus = [ 8 ]; }
    { node = 1; cpus = [ 2 6 ]; } { node = 1; cpus = [ 3 7 ]; } { node = 1; cpus = [ 9 ]; }
]; }; } ]; }"#;

#[test]
fn a_usb_device_is_named() {
    let host = r#"{ findings = [
        { check = "iommu"; }
        { check = "usb-devices"; finding = { id = "046d:c52b"; name = "Logitech USB Receiver"; }; }
        { check = "usb-devices"; finding = { id = "8087:0033"; name = ""; }; }
    ]; }"#;
    let devices = |name: &str| {
        format!(
            r#"lib.domain.templates.q35 {{ name = "web"; usb_devices = [ {{ host = {host}; name = "{name}"; }} ]; }}"#
        )
    };
    let source =
        evaluate_json(&format!("(builtins.head ({}).devices.hostdev).source", devices("Logitech USB Receiver")));
    assert_eq!([&source["vendor"]["id"], &source["product"]["id"]], ["0x046d", "0xc52b"]);
    let refused = evaluate(&format!("let lib = {}; in builtins.toJSON ({})", library(), devices("Receiver")));
    expect![[r#"
        error: usb_devices: expected one USB device of the name "Receiver" in the report of the host, found 0
               hint: the report has ["Logitech USB Receiver",""]
    "#]]
    .assert_eq(refused.error());
}

/// Threads of a core of the guest are threads of a core of the host. The cores are of one node where they can be.
#[test]
fn virtual_cpus_are_pinned_to_cores() {
    let pinned = |topology: &str, pinning: &str| {
        let arguments =
            format!(r#"name = "web"; topology = {{ {topology} }}; pinning = {{ host = {HOST}; {pinning} }};"#);
        let shown =
            r#"builtins.concatStringsSep " " (map (pin: pin.cpuset) vcpupin) + " / " + emulatorpin.cpuset or "-""#;
        let spec = format!("with (lib.domain.templates.q35 {{ {arguments} }}).cputune; {shown}");
        evaluate_json(&spec).as_str().expect("text").to_owned()
    };
    // The first core of the first node is the host's, so that this node has one core with two threads.
    assert_eq!(pinned("cores = 2; threads = 2;", ""), "2 6 3 7 / 0,4");
    assert_eq!(pinned("cores = 1; threads = 2;", ""), "1 5 / 0,4");
    assert_eq!(pinned("cores = 3; threads = 2;", ""), "1 5 2 6 3 7 / 0,4");
    // A core with one virtual CPU is that virtual CPU's alone.
    assert_eq!(pinned("cores = 2;", ""), "1,5 8 / 0,4");
    assert_eq!(pinned("cores = 2; threads = 2;", r#"cpus = "0-1,4-5"; emulator = "9";"#), "0 4 1 5 / 9");
    assert_eq!(pinned("cores = 2; threads = 2;", r#"cpus = "0-9";"#), "0 4 1 5 / -");
}

#[test]
fn templates_refuse_what_they_cannot_do() {
    let check = |part: &str, expected: Expect| {
        let spec = format!("let lib = {}; in builtins.toJSON (lib.{part})", library());
        expected.assert_eq(evaluate(&spec).error());
    };
    check(
        r#"domain.templates.linux { name = "web"; storage_vol = { file = "/web.qcow2"; size = 1; }; }"#,
        expect![[r#"
            error: storage_vol: `size` requires a volume of a pool
                   hint: set storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }
        "#]],
    );
    check(
        r#"domain.templates.cloud { name = "web"; image = "/image.qcow2"; storage_vol = "/web.qcow2"; }"#,
        expect![[r#"
            error: cloud: `image` requires a `storage_vol` with a `size`
                   hint: set storage_vol = { pool = "default"; volume = "web.qcow2"; size = "20 GiB"; }
        "#]],
    );
    check(
        r#"domain.passthrough "1:0.0""#,
        expect![[r#"
            error: passthrough: invalid PCI address "1:0.0": expected an address such as "01:00.0"
                   hint: `lspci -D` lists the PCI devices of the host
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; usb_devices = [ "46d:c52b" ]; }"#,
        expect![[r#"
            error: usb_devices: invalid ID of a USB device "46d:c52b": expected an ID such as "046d:c52b"
                   hint: `nixvirt doctor` lists the USB devices of the host
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; pinning = "2-3"; }"#,
        expect![[r#"
            error: pinning: expected one CPU of the host for each of the 4 virtual CPUs, found 2
                   hint: list as many CPUs in `pinning` as `vcpu` or `topology` has
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; pinning = "3-2,x"; }"#,
        expect![[r#"
            error: pinning: expected CPUs of the host such as "2-7,10-15", found "3-2,x"
                   hint: `lscpu --extended` lists the CPUs and their cores
        "#]],
    );
    check(
        r#"seed.windows { user = "alice"; passwordFile = "/secret"; disks = [ [ { } { } ] ]; }"#,
        expect![[r#"
            error: disks: only the last partition of a disk can have no `size`
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; pinning.host.findings = [ ]; }"#,
        expect![[r#"
            error: pinning: `host` does not describe the processor
                   hint: `nixvirt doctor --json > host.json` on the host writes the description
        "#]],
    );
    check(
        &format!(
            r#"domain.templates.linux {{ name = "web"; topology.cores = 3; pinning = {{ host = {HOST}; cpus = "1-2,5-6"; }}; }}"#
        ),
        expect![[r#"
            error: pinning: expected 3 cores of the host, found 2
                   hint: list all CPUs of each core in `cpus`
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; looking_glass = { kvmfr = "/dev/kvmfr0"; size = "1 GiB"; }; }"#,
        expect![[r#"
            error: looking_glass: expected a size in MiB, e.g. "64 MiB", found "1 GiB"
        "#]],
    );
    check(
        r#"network.templates.nat { name = "lan"; subnet = "10.20.0.0"; }"#,
        expect![[r#"
            error: invalid subnet "10.20.0.0": expected an IPv4 address and a prefix of 1 to 30
                   hint: write it as in subnet = "10.20.0.0/16"
        "#]],
    );
    check(
        r#"network.templates.nat { name = "lan"; subnet_byte = 300; }"#,
        expect![[r#"
            error: invalid subnet_byte 300: expected a whole number from 0 to 255
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; pci_devices = [ "1:00" ]; }"#,
        expect![[r#"
            error: pci_devices: invalid PCI address "1:00": expected an address such as "01:00.0"
                   hint: `lspci -D` lists the PCI devices of the host
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; pci_devices.address = "01:00.0"; }"#,
        expect![[r#"
            error: pci_devices: invalid PCI address null: expected an address such as "01:00.0"
                   hint: `lspci -D` lists the PCI devices of the host
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; boot = "hd"; }"#,
        expect![[r#"
            error: lib.domain.templates.linux: invalid argument `boot`: expected a list, found a string
        "#]],
    );
    check(
        r#"domain.templates.windows11 { name = "web"; nvram_path = "/v.fd"; install_vol = 300; }"#,
        expect![[r#"
            error: lib.domain.templates.windows11: invalid argument `install_vol`: expected a path, a set or a string, found a number
        "#]],
    );
    check(
        r#"pool.templates.logical { name = "fast"; devices = "/dev/sdb"; }"#,
        expect![[r#"
            error: lib.pool.templates.logical: invalid argument `devices`: expected a list, found a string
        "#]],
    );
    check(
        r#"network.templates.nat { name = "lan"; }"#,
        expect![[r#"
            error: the subnet is missing
                   hint: set subnet_byte, such as 74, or subnet, such as "10.20.0.0/16"
        "#]],
    );
    check(
        r#"imports"#,
        expect![[r#"
            error: NixVirt.lib is the library, not a module
                   hint: import `NixVirt.nixosModules.default`, or `NixVirt.homeModules.default` in Home Manager
        "#]],
    );
    check(
        r#"domain.templates.windows { firmware = "efi"; }"#,
        expect![[r#"
            error: lib.domain.templates.windows: missing arguments `name`, `nvram_path`
        "#]],
    );
    check(
        r#"domain.templates.linux { name = "web"; firmware = "uefi"; }"#,
        expect![[r#"
            error: firmware: expected "bios", "efi" or the absolute path of a file with UEFI, found "uefi"
        "#]],
    );
}

/// The files of a cloud-init seed. The stub of nixpkgs packs them into an archive instead of a disc image.
fn seed(arguments: &str) -> String {
    let disk = format!("(lib.domain.templates.cloud {arguments}).devices.disk");
    let disc = build(&format!("(builtins.head {disk}).source.file"));
    let content = |name: &str| {
        let file = run(Command::new("tar").args(["-xOf", &disc, &format!("./{name}")]));
        format!("# {name}\n{}", if file.succeeded { file.stdout } else { "is not there\n".to_owned() })
    };
    ["user-data", "meta-data", "network-config"].map(content).concat()
}

#[test]
fn a_cloud_image_gets_its_seed() {
    expect![[r##"
        # user-data
        #cloud-config
        {"users":[{"name":"admin"}]}
        # meta-data
        {"instance-id":"web-edf23a424a3d","local-hostname":"web"}
        # network-config
        {"version":2}
    "##]]
    .assert_eq(&seed(r#"{ name = "web"; user_data.users = [ { name = "admin"; } ]; network_config.version = 2; }"#));
    expect![[r##"
        # user-data
        #!/bin/sh
        echo
        # meta-data
        {"instance-id":"web-b25e6ded7291","local-hostname":"other"}
        # network-config
        is not there
    "##]]
    .assert_eq(&seed(r#"{ name = "web"; user_data = "\#!/bin/sh\necho\n"; meta_data.local-hostname = "other"; }"#));
}

#[test]
fn arguments_without_an_effect_are_warned_of() {
    let template = r#"(lib.domain.templates.linux { name = "web"; memmory = throw "not read"; uefi = true; active = true; hue = 1; }).name"#;
    let outcome = evaluate(&format!("let lib = {}; in {template}", library()));
    let warnings: Vec<_> =
        outcome.stderr.lines().filter_map(|line| line.split_once("warning: lib.")).map(|(_, it)| it).collect();
    expect![[r#"
        domain.templates.linux: the argument "active" has no effect; set it beside `definition`
        domain.templates.linux: the argument "hue" has no effect; change the spec instead, as in `lib.domain.templates.linux { … } // { … }`
        domain.templates.linux: the argument "memmory" has no effect; did you mean "memory"?
        domain.templates.linux: the argument "uefi" has no effect; did you mean "firmware"?"#]]
    .assert_eq(&warnings.join("\n"));
}

#[test]
fn parts_that_a_disk_has_elsewhere_are_warned_of() {
    let disk = r#"{ pool = "p"; volume = "v"; cache = "none"; bus = "sata"; }"#;
    let spec = format!(r#"lib.domain.templates.linux {{ name = "web"; storage_vol = {disk}; }}"#);
    let outcome = evaluate(&format!("let lib = {}; in lib.domain.getXML ({spec})", library()));
    assert!(outcome.stdout.contains("<source pool='p' volume='v'/>"), "{}", outcome.stderr);
    let warnings: Vec<_> = outcome.stderr.lines().filter_map(|line| line.split_once("warning: ")).collect();
    let warnings: Vec<_> = warnings.into_iter().map(|(_, it)| it).filter(|it| it.contains("no effect")).collect();
    expect![[r#"
        a disk of a template: "bus" has no effect; change the spec instead, where it is `devices.disk.target.bus`
        a disk of a template: "cache" has no effect; change the spec instead, where it is `devices.disk.driver.cache`"#]]
    .assert_eq(&warnings.join("\n"));
}

/// Each file of `tests/templates` lists calls of the templates of a kind: `template`, `arguments`, and `xml`, which is a part of
/// the resulting XML.
#[test]
fn every_argument_is_heeded() {
    let folder = project().join("tests/templates");
    let tables = files(&folder, "nix");
    assert!(!tables.is_empty(), "there are no tables in {}", folder.display());
    for table in tables {
        let kind = name(&table).trim_end_matches(".nix");
        let made = evaluate_json(&format!(
            "map (it: {{ inherit (it) template xml; made = lib.{kind}.getXML (lib.{kind}.templates.${{it.template}} it.arguments); }}) \
             (import {})",
            table.display()
        ));
        let known = evaluate(&format!(
            "let lib = {}; in builtins.toJSON (builtins.all (it: lib.{kind}.templates.${{it.template}} it.arguments != null) (import {}))",
            library(),
            table.display()
        ));
        assert!(known.succeeded && !known.stderr.contains("has no effect"), "{}", known.stderr);
        for call in made.as_array().expect("it is a list") {
            let [template, part, xml] = ["template", "xml", "made"].map(|key| call[key].as_str().expect("it is text"));
            assert!(xml.contains(part), "{kind}.templates.{template}: {part} is not in\n{xml}");
        }
    }
}
