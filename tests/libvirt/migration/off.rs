//! Guests that are off: disks in qcow2, and what a guest cannot take along.

use super::{Host, Hosts, guest};
use expect_test::expect;
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use virt::domain::Domain;

const DISK: &str = "<disk type='volume'><driver name='qemu' type='qcow2'/><source pool='disks' volume='web'/><target dev='vda'/></disk>";

/// A guest with a disk in qcow2, with more devices and parts of `os`.
fn with_qcow2(image: &Path, devices: &str, os: &str, settings: &Json) -> Json {
    let mut guest = guest(image, settings);
    guest["xml"] = json!(format!(
        "<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory>{os}<devices>{DISK}{devices}</devices></domain>"
    ));
    guest["volumes"][0]["xml"] = json!(
        "<volume><name>web</name><capacity unit='MiB'>4</capacity><target><format type='qcow2'/></target></volume>"
    );
    guest
}

const OS: &str = "<os><type machine='q35'>hvm</type></os>";

/// Runs a command of the shell on files.
fn shell(script: &str) {
    let outcome = run(Command::new("sh").args(["-euc", script]));
    assert!(outcome.succeeded, "{script}: {}{}", outcome.stdout, outcome.stderr);
}

fn image(hosts: &Hosts) -> std::path::PathBuf {
    let image = hosts.folder.join("image");
    shell(&format!("qemu-img create -q -f qcow2 {} 4M", image.display()));
    image
}

impl Host {
    fn web(&self) -> Domain {
        self.connect().lookup_domain_by_name("web").expect("it is defined")
    }
}

#[test]
fn a_disk_in_qcow2() {
    let hosts = Hosts::new("qcow");
    let image = image(&hosts);
    let web = with_qcow2(&image, "", OS, &json!({ "move": "offline", "storage": "copy" }));
    hosts.declare("alpha", &web);
    hosts.nixvirt("apply");
    let [there, here] = [&hosts.alpha, &hosts.beta].map(|host| host.disk().display().to_string());
    // What the guest wrote since.
    shell(&format!("qemu-io -f qcow2 -c 'write -P 7 1M 1M' -c 'write -P 9 3M 64k' {there}"));
    hosts.declare("beta", &web);
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [None, Some(false)]);
    shell(&format!("qemu-img compare -s {there} {here} && qemu-img check {here}"));

    // An image that is based on another one would be of no use without it.
    let base = hosts.folder.join("shared/base").display().to_string();
    hosts.alpha.delete_disk();
    shell(&format!("mv {here} {base} && qemu-img create -q -f qcow2 -b {base} -F qcow2 {here}"));
    hosts.beta.refresh();
    hosts.declare("alpha", &web);
    expect![[r#"
        ALPHA
          . volume disks/web: its content is copied when domain web moves from BETA
          ! domain web:
              error: not moved: volume disks/web at BETA is based on BASE, and the declared volume is not
              hint: declare the same `backingStore`, and put its image on this host
        BETA
            volume disks/web: kept, no longer managed (set present = false to delete it)

        Legend: . deferred or pending restart, ! error
        1 deferred, 1 kept, 2 unchanged, 1 error
    "#]]
    .assert_eq(&hosts.fails("plan").replace(&base, "BASE"));
    // It moves as it is to where its base is.
    let mut based = web;
    based["volumes"][0]["xml"] = json!(format!(
        "<volume><name>web</name><capacity unit='MiB'>4</capacity><target><format type='qcow2'/></target>\
         <backingStore><path>{base}</path><format type='qcow2'/></backingStore></volume>"
    ));
    hosts.declare("alpha", &based);
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [Some(false), None]);
    shell(&format!("qemu-img compare -s {there} {here} && qemu-img info {there} | grep -q 'backing file: {base}'"));
}

#[test]
fn a_pool_without_room() {
    let hosts = Hosts::new("room");
    let image = hosts.folder.join("image");
    fs::write(&image, vec![1; 4 << 20]).expect("a writable folder");
    let web = guest(&image, &json!({ "move": "offline", "storage": "copy" }));
    hosts.declare("alpha", &web);
    hosts.nixvirt("apply");
    hosts.beta.shell(&format!("mount -t tmpfs -o size=64k disks {}", hosts.beta.disk().with_file_name("").display()));
    let pool = hosts.beta.connect().lookup_storage_pool_by_name("disks");
    pool.and_then(|pool| pool.create(0)).expect("the pool starts");
    hosts.declare("beta", &web);
    expect![[r#"
        ALPHA
            volume disks/web: kept, no longer managed (set present = false to delete it)
        BETA
          . volume disks/web: its content is copied when domain web moves from ALPHA
          ! domain web:
              error: not moved: the disks need 4 MiB, and pool disks has 64 KiB left

        Legend: . deferred or pending restart, ! error
        1 deferred, 1 kept, 2 unchanged, 1 error
    "#]]
    .assert_eq(&hosts.fails("plan"));
    assert_eq!(hosts.runs(), [Some(false), None]);
}

/// Nothing is touched if the new host has another domain of the name, or one of the UUID.
#[test]
fn a_name_or_uuid_that_is_taken() {
    let hosts = Hosts::new("taken");
    let image = hosts.folder.join("image");
    fs::write(&image, vec![1; 4096]).expect("a writable folder");
    let web = guest(&image, &json!({ "move": "offline", "storage": "copy" }));
    hosts.declare("alpha", &web);
    hosts.nixvirt("apply");
    let own = hosts.alpha.web().uuid_string().expect("it has one");
    let mut plans = String::new();
    for (name, uuid) in [("web", "00000000-0000-4000-8000-00000000aaaa"), ("other", own.as_str())] {
        let other = format!(
            "<domain type='qemu'><name>{name}</name><uuid>{uuid}</uuid><memory>65536</memory><os><type>hvm</type></os></domain>"
        );
        let other = hosts.beta.connect().define_domain_xml(&other).expect("it is defined");
        hosts.declare("beta", &web);
        hosts.fails("apply");
        assert_eq!(hosts.alpha.runs(), Some(false));
        assert_eq!(other.name().ok().as_deref(), Some(name), "it is as before");
        let plan = hosts.fails("plan");
        let error: Vec<_> = plan.lines().skip_while(|line| !line.contains("! domain web")).take(3).collect();
        let _ = writeln!(plans, "{name}\n{}", error.join("\n").replace(&own, "UUID"));
        other.undefine().expect("it is off");
    }
    expect![[r#"
        web
          ! domain web:
              error: not moved: libvirt has another domain here, web with the UUID 00000000-0000-4000-8000-00000000aaaa
              hint: rename that domain, or undefine it
        other
          ! domain web:
              error: not moved: libvirt has another domain here, other with the UUID UUID
              hint: rename that domain, or undefine it
    "#]]
    .assert_eq(&plans);
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [None, Some(false)]);
}

/// What libvirt keeps in files of its host, and does not copy: the guest stays, and the plan says why.
#[test]
fn what_stays_behind() {
    let hosts = Hosts::new("stays");
    let image = image(&hosts);
    let efi = "<os firmware='efi'><type machine='q35'>hvm</type></os><features><acpi/></features>";
    let tpm = "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>";
    let snapshot: &dyn Fn(&Domain) = &|web| drop(web.create_snapshot_xml("<domainsnapshot/>", 0).expect("a snapshot"));
    let save: &dyn Fn(&Domain) = &|web| web.create().and_then(|_| web.managed_save(0)).map(drop).expect("it is saved");
    let nothing: &dyn Fn(&Domain) = &|_| ();
    let cases = [
        ("NVRAM", "copy", "", efi, nothing),
        ("TPM", "copy", tpm, OS, nothing),
        ("a snapshot", "copy", "", OS, snapshot),
        ("a saved state", "copy", "", OS, save),
        ("a disk that is not shared", "shared", "", OS, nothing),
    ];
    let mut plans = String::new();
    for (case, storage, devices, os, prepare) in cases {
        let web = with_qcow2(&image, devices, os, &json!({ "move": "offline", "storage": storage }));
        hosts.declare("alpha", &web);
        hosts.nixvirt("apply");
        prepare(&hosts.alpha.web());
        hosts.declare("beta", &web);
        hosts.fails("apply");
        assert_eq!(hosts.runs(), [Some(false), None], "{case}");
        let plan = hosts.fails("plan");
        let error: Vec<_> = plan.lines().skip_while(|line| !line.contains("! domain web")).take(3).collect();
        let _ = writeln!(plans, "{case}\n{}", error.join("\n"));
        let flags = virt::sys::VIR_DOMAIN_UNDEFINE_NVRAM
            | virt::sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
            | virt::sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE;
        hosts.alpha.web().undefine_flags(flags).expect("it is off");
    }
    expect![[r#"
        NVRAM
          ! domain web:
              error: not moved: the UEFI variables are in a file of the host of ALPHA, and are not copied while the guest is off
              hint: set move = "live" and start the guest there, or declare an `os.nvram` in storage that both hosts reach
        TPM
          ! domain web:
              error: not moved: the state of the TPM is in files of the host of ALPHA, and is not copied while the guest is off
              hint: set move = "live" and start the guest there
        a snapshot
          ! domain web:
              error: not moved: the snapshots of the domain stay at ALPHA
              hint: delete the snapshots there, or their metadata with `virsh snapshot-delete --metadata`
        a saved state
          ! domain web:
              error: not moved: the saved state of the guest stays at ALPHA
              hint: start the guest there to resume it, or remove the state with `virsh managedsave-remove`
        a disk that is not shared
          ! domain web:
              error: not moved: volume disks/web of ALPHA is missing here or differs, although the storage is declared as shared
              hint: put the disks into storage that both hosts reach, or set storage = "copy"
    "#]].assert_eq(&plans);
}

/// The way of the guide, for a guest whose UEFI variables stay behind.
#[test]
fn a_guest_that_is_moved_by_hand() {
    let hosts = Hosts::new("hand");
    let image = image(&hosts);
    let efi = "<os firmware='efi'><type machine='q35'>hvm</type></os><features><acpi/></features>";
    let web = with_qcow2(&image, "", efi, &json!({ "move": "offline", "storage": "copy" }));
    hosts.declare("alpha", &web);
    hosts.nixvirt("apply");
    let definition = hosts.alpha.web().xml_desc(virt::sys::VIR_DOMAIN_XML_INACTIVE).expect("it is defined");
    shell(&format!("cp {} {}", hosts.alpha.disk().display(), hosts.beta.disk().display()));
    hosts.beta.connect().define_domain_xml(&definition).expect("it is defined");
    hosts.alpha.web().undefine_flags(virt::sys::VIR_DOMAIN_UNDEFINE_KEEP_NVRAM).expect("it is off");
    hosts.declare("beta", &web);
    hosts.nixvirt("apply");
    assert_eq!(hosts.runs(), [None, Some(false)]);
    expect![[r#"
        4 unchanged
    "#]]
    .assert_eq(&hosts.nixvirt("plan"));
}
