//! What a redefinition of a guest preserves: firmware, passwords, images, and what belongs to a renamed guest.

use crate::reconcile::{Host, disk};
use expect_test::expect;
use nixvirt_tests::libvirtd::{ask_virsh, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// A guest with UEFI, where `os` holds the attributes and children of `<os>`.
fn uefi(name: &str, title: &str, attributes: &str, os: &str) -> String {
    format!(
        "<domain type='qemu'><name>{name}</name><uuid>0a1b2c3d-0000-4000-8000-000000000001</uuid>{title}
           <memory unit='MiB'>64</memory>
           <os{attributes}><type arch='x86_64' machine='q35'>hvm</type>{os}</os><features><acpi/></features><devices/></domain>"
    )
}

fn declared(xml: String) -> Value {
    json!({ "domains": [{ "xml": xml }] })
}

/// The firmware of a domain, as libvirt's persistent definition has it.
fn firmware(name: &str) -> String {
    let xml = virsh(&["dumpxml", "--inactive", name]);
    let lines = xml.lines().filter(|line| ["<os", "<loader", "<nvram", "<feature"].iter().any(|it| line.contains(it)));
    lines.map(|line| line.trim().to_owned() + "\n").collect()
}

/// A description of a firmware that libvirt prefers to the others.
struct Preferred;

impl Preferred {
    const FILE: &str = "/etc/qemu/firmware/10-preferred.json";

    fn new(loader: &str, template: &str, format: &str) -> Self {
        fs::create_dir_all("/etc/qemu/firmware").expect("a writable folder");
        let description = json!({
            "description": "preferred",
            "interface-types": ["uefi"],
            "mapping": {
                "device": "flash",
                "executable": { "filename": loader, "format": format },
                "nvram-template": { "filename": template, "format": format },
            },
            "targets": [{ "architecture": "x86_64", "machines": ["pc-q35-*"] }],
            "features": [],
            "tags": [],
        });
        fs::write(Preferred::FILE, description.to_string()).expect("a writable folder");
        Preferred
    }
}

impl Drop for Preferred {
    fn drop(&mut self) {
        fs::remove_file(Preferred::FILE).expect("it is there");
    }
}

const CODE: &str = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const VARS: &str = "/usr/share/OVMF/OVMF_VARS_4M.fd";

#[test]
fn an_adopted_guest_keeps_its_nvram() {
    let host = Host::new();
    let xml = uefi("win", "", " firmware='efi'", "<nvram>/var/lib/libvirt/qemu/nvram/win10_VARS.fd</nvram>");
    let file = host.path("win.xml");
    fs::write(&file, xml).expect("a writable folder");
    virsh(&["define", &file]);
    let before = firmware("win");
    assert!(before.contains("win10_VARS.fd"), "{before}");
    host.apply(&declared(uefi("win", "", " firmware='efi'", "")));
    host.apply(&declared(uefi("win", "<title>T</title>", " firmware='efi'", "")));
    assert_eq!(firmware("win"), before);
}

#[test]
fn a_firmware_that_comes_first_changes_no_guest() {
    let host = Host::new();
    let given = format!("<nvram>{}</nvram>", host.path("given_VARS.fd"));
    for nvram in ["", &given] {
        let xml = |title: &str| declared(uefi("chosen", title, " firmware='efi'", nvram));
        host.apply(&xml(""));
        let before = firmware("chosen");
        let formats = [("raw", CODE, VARS), ("qcow2", CODE, VARS)];
        for (format, code, vars) in formats {
            let _preferred = Preferred::new(code, vars, format);
            host.apply(&xml(&format!("<title>{format}</title>")));
            assert_eq!(firmware("chosen"), before, "{format}");
        }
        host.apply(&json!({ "domains": [] }));
    }
}

#[test]
fn a_changed_firmware_is_chosen_again_and_keeps_the_nvram() {
    let host = Host::new();
    // The type excludes firmware without NVRAM, which libvirt 12.8 prefers where Secure Boot is off.
    let plain = "<firmware><feature enabled='no' name='secure-boot'/></firmware><loader type='pflash'/>";
    host.apply(&declared(uefi("secured", "", " firmware='efi'", plain)));
    let nvram = |text: &str| text.lines().find_map(|line| Some(line.split_once("_VARS.fd</nvram>")?.0.to_owned()));
    let before = firmware("secured");
    let secure = "<firmware><feature enabled='yes' name='secure-boot'/></firmware>";
    host.apply(&declared(uefi("secured", "", " firmware='efi'", secure)));
    let after = firmware("secured");
    assert!(before.contains("OVMF_CODE_4M.fd") && after.contains(".ms.fd"), "{before}{after}");
    let path = |text: &str| nvram(text).and_then(|line| Some(line.rsplit_once('>')?.1.to_owned()));
    assert!(path(&before).is_some() && path(&before) == path(&after), "{before}{after}");
}

#[test]
fn a_missing_firmware_is_replaced_and_the_plan_says_so() {
    let host = Host::new();
    let code = host.path("CODE.fd");
    fs::copy(CODE, &code).expect("a writable folder");
    let preferred = Preferred::new(&code, VARS, "raw");
    let xml = |title: &str| declared(uefi("gone", title, " firmware='efi'", ""));
    host.apply(&xml(""));
    assert!(firmware("gone").contains(&code));
    drop(preferred);
    fs::remove_file(&code).expect("it is there");
    let plan = host.report("plan", &[], &xml("<title>T</title>"), 2);
    let nvram = "/var/lib/libvirt/qemu/nvram/gone_VARS.fd";
    let reason = json!({ "reason": "firmware-replaced", "loader": "CODE.fd", "nvram": nvram });
    assert_eq!(plan.object("gone")["reasons"], json!([reason]));
    host.apply(&xml("<title>T</title>"));
    let after = firmware("gone");
    assert!(after.contains("/usr/share/OVMF/") && after.contains("gone_VARS.fd"), "{after}");
}

#[test]
fn a_password_that_was_set_by_hand_is_kept_and_never_shown() {
    let host = Host::new();
    let xml = |title: &str, listen: &str| {
        let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
        let graphics = format!("<graphics type='vnc' listen='{listen}'/>");
        declared(format!(
            "<domain type='qemu'><name>console</name>{title}<memory unit='MiB'>64</memory>{os}<devices>{graphics}</devices></domain>"
        ))
    };
    host.apply(&xml("", "127.0.0.1"));
    let file = host.path("by-hand.xml");
    let by_hand = virsh(&["dumpxml", "--inactive", "console"]).replace("type='vnc'", "type='vnc' passwd='hunter22'");
    fs::write(&file, by_hand).expect("a writable folder");
    virsh(&["define", &file]);
    fs::remove_file(&file).expect("it is there");
    let kept = || virsh(&["dumpxml", "--inactive", "--security-info", "console"]).contains("passwd='hunter22'");
    assert!(kept(), "it was set");
    for declared in [xml("<title>T</title>", "127.0.0.1"), xml("<title>T</title>", "0.0.0.0")] {
        for command in ["plan", "apply", "status"] {
            let said = host.nixvirt(command, &declared).said;
            assert!(!said.contains("hunter22"), "{command}: {said}");
        }
        assert!(kept());
    }
    let written = run(Command::new("grep").args(["-r", "hunter22", &host.path("state")]));
    assert!(!written.succeeded, "{}", written.stdout);
    virsh(&["start", "console"]);
    let live = virsh(&["dumpxml", "--security-info", "console"]);
    assert!(live.contains("passwd='hunter22'"), "{live}");
    virsh(&["destroy", "console"]);
}

/// A guest with one disk.
fn with_disk(name: &str, title: &str, disk: &str) -> String {
    format!(
        "<domain type='qemu'><name>{name}</name><uuid>0a1b2c3d-0000-4000-8000-000000000002</uuid>{title}
           <memory unit='MiB'>64</memory><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>{disk}</devices></domain>"
    )
}

#[test]
fn a_renamed_guest_keeps_nvram_and_tpm_state() {
    let host = Host::new();
    let tpm = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";
    let xml = |name: &str| {
        declared(uefi(name, "", " firmware='efi'", "").replace("<devices/>", &format!("<devices>{tpm}</devices>")))
    };
    host.apply(&xml("old"));
    virsh(&["start", "old"]);
    virsh(&["destroy", "old"]);
    let before = firmware("old");
    assert!(before.contains("old_VARS.fd"), "{before}");
    let state = "/var/lib/libvirt/swtpm/0a1b2c3d-0000-4000-8000-000000000001";
    let files = || run(Command::new("find").args([state, "-type", "f"])).stdout;
    let states = files();
    assert!(!states.is_empty());
    host.apply(&xml("new"));
    assert_eq!((firmware("new"), files()), (before, states));
    virsh(&["start", "new"]);
    assert_eq!(virsh(&["domstate", "new"]), "running");
    virsh(&["destroy", "new"]);
    virsh(&["undefine", "--nvram", "--tpm", "new"]);
}

#[test]
fn a_renamed_guest_keeps_snapshots_and_autostart() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let snapshots = json!([{ "xml": "<domainsnapshot><name>fresh</name></domainsnapshot>" }]);
    let xml = |name: &str| json!({ "domains": [{ "xml": with_disk(name, "", &vda), "autostart": true, "snapshots": snapshots }] });
    host.apply(&xml("before"));
    expect![[r#"
        domain after change
          changes: name: before → after now
          steps: rename, define, save-record, drop-record
        snapshot fresh unchanged
          steps: save-record, drop-record
    "#]]
    .assert_eq(&host.report("plan", &[], &xml("after"), 2).facts());
    host.apply(&xml("after"));
    assert_eq!(virsh(&["snapshot-list", "--name", "after"]), "fresh");
    assert!(virsh(&["dominfo", "after"]).contains("Autostart:      enable"));
    host.apply(&json!({ "domains": [] }));
}

/// libvirt cannot rename a domain with a saved state.
#[test]
fn a_saved_guest_is_renamed_once_it_was_resumed() {
    let host = Host::new();
    let xml = |name: &str| declared(with_disk(name, "", ""));
    host.apply(&xml("sleeping"));
    virsh(&["start", "sleeping"]);
    virsh(&["managedsave", "sleeping"]);
    let refused = host.report("apply", &[], &xml("awake"), 1);
    let reason = json!({ "reason": "saved-under-other-name", "name": "sleeping" });
    assert_eq!(refused.object("awake")["reasons"], json!([reason]));
    assert!(virsh(&["dominfo", "sleeping"]).contains("Managed save:   yes"));
    virsh(&["start", "sleeping"]);
    virsh(&["destroy", "sleeping"]);
    host.apply(&xml("awake"));
    assert_eq!(virsh(&["list", "--all", "--name"]), "awake");
}

/// The images of a domain's persistent definition.
fn images(host: &Host, name: &str) -> String {
    virsh(&["domblklist", "--inactive", name]).replace(&host.path(""), "")
}

fn external_snapshot(name: &str, snapshot: &str) {
    let outcome = ask_virsh(&["snapshot-create-as", name, snapshot, "--disk-only"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
}

#[test]
fn a_disk_on_another_target_keeps_its_overlay() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    host.apply(&declared(with_disk("retargeted", "", &vda)));
    external_snapshot("retargeted", "s");
    host.apply(&declared(with_disk("retargeted", "", &vda.replace("dev='vda'", "dev='vdb'"))));
    let after = images(&host, "retargeted");
    assert!(after.contains("vdb") && after.contains("vda.s"), "{after}");
}

#[test]
fn a_roll_back_keeps_the_overlay_of_the_running_guest() {
    let host = Host::new();
    let (vda, other) = (disk(&host, "vda"), disk(&host, "vdz").replace("dev='vdz'", "dev='vda'"));
    let guest = |disk: &str| json!({ "domains": [{ "xml": with_disk("rolled", "", disk), "active": true }] });
    host.apply(&guest(&vda));
    external_snapshot("rolled", "s");
    host.nixvirt("apply", &guest(&other)).is(0);
    let between = images(&host, "rolled");
    assert!(between.contains("vdz"), "{between}");
    host.nixvirt("apply", &guest(&vda)).is(0);
    let after = images(&host, "rolled");
    assert!(after.contains("vda.s"), "{after}");
    virsh(&["destroy", "rolled"]);
}

#[test]
fn a_disk_that_is_declared_again_is_refused_while_its_overlay_is_known() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    host.apply(&declared(with_disk("again", "", &vda)));
    external_snapshot("again", "s");
    host.apply(&declared(with_disk("again", "", "")));
    let refused = host.report("apply", &[], &declared(with_disk("again", "", &vda)), 1);
    let reason = json!({ "reason": "base-of-image", "base": "vda", "overlay": "vda.s", "snapshot": "s" });
    assert_eq!(refused.object("again")["reasons"], json!([reason]));
    assert!(!images(&host, "again").contains("vda"));
    // The overlay can be declared, and the snapshot forgotten.
    host.apply(&declared(with_disk("again", "", &vda.replace("/vda'", "/vda.s'"))));
    assert!(images(&host, "again").contains("vda.s"));
}

#[test]
fn an_adopted_guest_keeps_the_overlay_of_its_snapshot() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let file = host.path("adopted.xml");
    fs::write(&file, with_disk("adopted", "", &vda)).expect("a writable folder");
    virsh(&["define", &file]);
    external_snapshot("adopted", "s");
    host.apply(&declared(with_disk("adopted", "<title>T</title>", &vda)));
    let after = images(&host, "adopted");
    assert!(after.contains("vda.s"), "{after}");
}
