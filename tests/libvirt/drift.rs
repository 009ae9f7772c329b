//! Reports say what guests have, and an apply respects what others changed. On a real libvirt, with guests without an operating
//! system, which never release a PCI device.

use crate::reconcile::{Host, Report, disk, domains, guest};
use expect_test::expect;
use nixvirt_tests::libvirtd::{ask_virsh, process, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The disks that a running guest has.
fn disks(name: &str) -> Vec<String> {
    let told = virsh(&["domblklist", name]);
    told.lines().skip(2).filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
}

#[track_caller]
fn does(arguments: &[&str]) {
    let done = ask_virsh(arguments);
    assert!(done.succeeded, "{arguments:?}: {}", done.stderr);
}

/// What `status --exit-code` reports, whose code must be this one.
#[track_caller]
fn status(host: &Host, code: i32, declared: &Value) -> Report {
    host.report("status", &["--exit-code"], declared, code)
}

#[test]
fn a_disk_on_another_bus_waits_for_the_next_start() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let sda = vda.replace("dev='vda' bus='virtio'", "dev='sda' bus='sata'");
    let q35 = |devices: &str| domains(&guest("moves", "", devices).replace("machine='pc'", "machine='q35'"));
    host.apply(&q35(&sda));
    let pid = process("moves");
    host.apply(&q35(&vda));
    assert_eq!((disks("moves"), process("moves")), (vec!["sda".to_owned()], pid), "the image is in it once");
    expect![[r#"
        domain moves pending-restart unchanged
          pending: devices.disk[vda]: none → …
          pending: devices.disk[sda]: … → none
    "#]]
    .assert_eq(&status(&host, 2, &q35(&vda)).facts());
    does(&["destroy", "moves"]);
    host.apply(&q35(&vda));
    assert_eq!(disks("moves"), ["vda"]);
    status(&host, 0, &q35(&vda));
    does(&["destroy", "moves"]);
}

#[test]
fn a_disk_that_the_guest_does_not_release_is_reported() {
    let host = Host::new();
    let (vda, vdb) = (disk(&host, "vda"), disk(&host, "vdb"));
    host.apply(&domains(&guest("holds", "", &format!("{vda}{vdb}"))));
    // It moves from virtio to SCSI: the new disk does not come before the old one is gone.
    let scsi =
        vdb.replace("dev='vdb' bus='virtio'", "dev='sdb' bus='scsi'") + "<controller type='scsi' model='virtio-scsi'/>";
    let declared = domains(&guest("holds", "", &format!("{vda}{scsi}")));
    let refused = host.report("apply", &[], &declared, 0).object("holds")["warnings"].clone();
    let messages = [&refused[0], &refused[1]].map(|it| it["message"].as_str().unwrap_or_default());
    assert!(messages[0].starts_with("cannot detach disk vdb: "), "QEMU's reason follows: {refused}");
    assert_eq!(messages[1], "cannot attach disk sdb: the guest still has disk vdb");
    assert_eq!(disks("holds"), ["vda", "vdb"]);
    let pending = status(&host, 2, &declared);
    expect![[r#"
        domain holds pending-restart unchanged
          pending: devices.disk[sdb]: none → …
          pending: devices.controller[scsi virtio-scsi]: none → …
          pending: devices.disk[vdb]: … → none
          failed
          failed
    "#]]
    .assert_eq(&pending.facts());
    assert_eq!(pending.object("holds")["failures"], refused);
    host.nixvirt("apply", &declared).is(0);
    let pending = status(&host, 2, &declared);
    assert_eq!(pending.object("holds")["failures"], refused, "the error stays until the change is in effect");
    does(&["destroy", "holds"]);
    host.nixvirt("apply", &declared).is(0);
    assert_eq!(status(&host, 0, &declared).object("holds")["failures"], json!([]));
    does(&["destroy", "holds"]);
}

#[test]
fn a_guest_that_failed_to_start_says_why() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let declared = domains(&guest("fails", "", &vda));
    fs::remove_file(host.path("vda")).expect("it was made");
    let error = host.report("apply", &[], &declared, 1).object("fails")["error"].clone();
    let state = status(&host, 2, &declared);
    expect![[r#"
        domain fails to-apply state-change
          failed
    "#]]
    .assert_eq(&state.facts());
    assert_eq!(state.object("fails")["failures"], json!([error]));
    assert!(error["message"].as_str().is_some_and(|it| it.contains("No such file")), "QEMU's reason: {error}");
    disk(&host, "vda");
    host.apply(&declared);
    assert_eq!(status(&host, 0, &declared).object("fails")["failures"], json!([]));
    does(&["destroy", "fails"]);
}

#[test]
fn what_others_saved_is_shown_before_it_is_undone() {
    let host = Host::new();
    let (vda, vdb) = (disk(&host, "vda"), disk(&host, "vdb"));
    let with =
        |title: &str| json!({ "domains": [{ "xml": guest("shown", &format!("<title>{title}</title>"), &vda) }] });
    host.apply(&with("One"));
    status(&host, 0, &with("One"));
    let file = host.path("vdb.xml");
    fs::write(&file, &vdb).expect("a writable folder");
    does(&["attach-device", "shown", &file, "--config"]);
    does(&["setmem", "shown", "32M", "--config"]);
    expect![[r#"
        domain shown drifted unchanged
          drift: currentMemory: none → 32 MiB
          drift: devices.disk[vdb]: none → …
    "#]]
    .assert_eq(&status(&host, 2, &with("One")).facts());
    let plan = host.report("plan", &["--diff"], &with("Two"), 2);
    expect![[r#"
        domain shown change
          changes: title: One → Two now
          undone: currentMemory: 32 MiB → none
          undone: devices.disk[vdb]: … → none
          steps: define, save-record
    "#]]
    .assert_eq(&plan.facts());
    let diff = plan.object("shown")["diff"].as_str().unwrap_or_default();
    let (_, undone) =
        diff.split_once("--- domain shown (changed in libvirt)\n+++ domain shown (declared)\n").expect(diff);
    assert_eq!(undone.matches("-devices.disk[vdb]: ").count(), 1, "{diff}");
    // The drift is undone on purpose.
    expect![[r#"
        domain shown change
          undone: currentMemory: 32 MiB → none
          undone: devices.disk[vdb]: … → none
          steps: define, save-record
    "#]]
    .assert_eq(&host.report("apply", &["--reset", "shown"], &with("One"), 0).facts());
    status(&host, 0, &with("One"));
    expect![[r#"
        error: no object "nobody" is declared
        hint: `nixvirt status` lists the declared objects
    "#]]
    .assert_eq(&host.nixvirt_with("apply", &["--reset", "nobody"], &with("One")).is(1).said);
    virsh(&["undefine", "shown"]);
}

const USB: &str = "<controller type='usb' model='qemu-xhci'/>";

fn redirection(port: &str) -> String {
    format!(
        "<redirdev bus='usb' type='tcp'><source mode='bind' host='127.0.0.1' service='{port}'/><protocol type='raw'/></redirdev>"
    )
}

#[test]
fn a_reset_takes_from_the_guest_what_others_gave_it() {
    let host = Host::new();
    let declared = domains(&guest("given", "", &format!("{USB}{}", redirection("4002"))));
    host.apply(&declared);
    let pid = process("given");
    let file = host.path("redirdev.xml");
    let undone = |command, code| {
        let report = host.report(command, &["--reset", "given"], &declared, code);
        let undone = report.object("given")["undone"].as_array().cloned().unwrap_or_default();
        undone.iter().map(|change| change["path"].as_str().expect("a path").to_owned()).collect::<Vec<_>>()
    };
    for scope in [&["--live"][..], &["--live", "--config"]] {
        fs::write(&file, redirection("4003")).expect("a writable folder");
        does(&[&["attach-device", "given", &file], scope].concat());
        host.apply(&declared);
        status(&host, 2, &declared);
        assert_eq!(undone("plan", 2), ["devices.redirdev[127.0.0.1 4003]"]);
        assert_eq!(undone("apply", 0), ["devices.redirdev[127.0.0.1 4003]"]);
        let live = virsh(&["dumpxml", "given"]);
        assert!(live.contains("service='4002'") && !live.contains("service='4003'"), "{live}");
        status(&host, 0, &declared);
        assert_eq!(undone("plan", 0), [""; 0]);
    }
    assert_eq!(process("given"), pid);
    does(&["destroy", "given"]);
}

#[test]
fn the_redirection_that_is_declared_stays() {
    let host = Host::new();
    let with = |redirections: &str| domains(&guest("redirected", "", &format!("{USB}{redirections}")));
    host.apply(&with(&(redirection("4000") + &redirection("4001"))));
    let pid = process("redirected");
    host.apply(&with(&redirection("4001")));
    let live = virsh(&["dumpxml", "redirected"]);
    assert!(live.contains("service='4001'") && !live.contains("service='4000'"), "{live}");
    assert_eq!(process("redirected"), pid);
    status(&host, 0, &with(&redirection("4001")));
    does(&["destroy", "redirected"]);
}

#[test]
fn what_a_running_guest_lacks_is_pending() {
    let host = Host::new();
    let iso = |name: &str| {
        let file = host.path(name);
        assert!(run(Command::new("truncate").args(["-s", "1M", &file])).succeeded);
        file
    };
    let (one, other) = (iso("one.iso"), iso("other.iso"));
    let q35 = |title: &str, memory: &str, devices: &str| {
        let drive = format!(
            "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='{one}'/><target dev='sda' bus='sata'/><readonly/></disk>"
        );
        let xml = guest("lacks", &format!("<title>{title}</title>"), &format!("{drive}{devices}"));
        domains(&xml.replace("machine='pc'", "machine='q35'").replace(">64<", &format!(">{memory}<")))
    };
    host.apply(&q35("One", "64", ""));
    status(&host, 0, &q35("One", "64", ""));
    // Someone changes the medium, and then the title is changed.
    does(&["change-media", "lacks", "sda", &other, "--update", "--live"]);
    host.apply(&q35("Two", "64", ""));
    expect![[r#"
        domain lacks pending-restart unchanged
          pending: devices.disk[sda].source.file: other.iso → one.iso
    "#]]
    .assert_eq(&status(&host, 2, &q35("Two", "64", "")).facts());
    // The declared medium again.
    host.nixvirt_with("apply", &["--reset", "lacks"], &q35("Two", "64", "")).is(0);
    status(&host, 0, &q35("Two", "64", ""));
    // The machine has a watchdog of its own, and not the one that is declared.
    let watchdog = "<watchdog model='i6300esb' action='none'/>";
    host.apply(&q35("Two", "64", watchdog));
    expect![[r#"
        domain lacks pending-restart unchanged
          pending: devices.watchdog[i6300esb]: none → …
    "#]]
    .assert_eq(&status(&host, 2, &q35("Two", "64", watchdog)).facts());
    // Of memory, a saved state has what the guest had.
    host.apply(&q35("Two", "96", ""));
    does(&["managedsave", "lacks"]);
    does(&["start", "lacks"]);
    expect![[r#"
        domain lacks pending-restart unchanged
          pending: memory: 64 MiB → 96 MiB
    "#]]
    .assert_eq(&status(&host, 2, &q35("Two", "96", "")).facts());
    does(&["destroy", "lacks"]);
    does(&["start", "lacks"]);
    status(&host, 0, &q35("Two", "96", ""));
    does(&["destroy", "lacks"]);
}

/// As Windows does at the end of its installation: the tray is open, and the definition still has the medium.
#[test]
fn a_medium_that_the_guest_ejects_is_no_drift() {
    let host = Host::new();
    let disc = host.path("disc.iso");
    assert!(run(Command::new("truncate").args(["-s", "1M", &disc])).succeeded);
    let q35 = |medium: &str| {
        let drive = format!(
            "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>{medium}<target dev='sda' bus='sata'/><readonly/></disk>"
        );
        domains(&guest("ejects", "", &drive).replace("machine='pc'", "machine='q35'"))
    };
    let with = q35(&format!("<source file='{disc}'/>"));
    host.apply(&with);
    let open = r#"{"execute":"blockdev-open-tray","arguments":{"id":"sata0-0-0","force":true}}"#;
    does(&["qemu-monitor-command", "ejects", open]);
    let is_open = || virsh(&["dumpxml", "ejects"]).contains("tray='open'");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_open() {
        assert!(Instant::now() < deadline, "libvirt sees the open tray");
        thread::sleep(Duration::from_millis(50));
    }
    status(&host, 0, &with);
    host.nixvirt_with("plan", &["--reset", "ejects"], &with).is(0);
    assert!(is_open());
    // The disc is no longer declared.
    host.apply(&q35(""));
    status(&host, 0, &q35(""));
    assert!(!virsh(&["dumpxml", "ejects"]).contains("disc.iso"));
    does(&["destroy", "ejects"]);
}

#[test]
fn a_removed_password_is_in_force_until_the_next_start() {
    let host = Host::new();
    let with =
        |password: &str| domains(&guest("console", "", &format!("<graphics type='vnc' autoport='yes'{password}/>")));
    host.apply(&with(" passwd='secret'"));
    status(&host, 0, &with(" passwd='secret'"));
    host.apply(&with(" passwd='other'"));
    status(&host, 0, &with(" passwd='other'"));
    host.apply(&with(""));
    let asks =
        || virsh(&["qemu-monitor-command", "console", "{\"execute\":\"query-vnc\"}"]).contains("\"auth\":\"vnc\"");
    assert!(asks(), "QEMU goes on to ask for it");
    expect![[r#"
        domain console pending-restart unchanged
          pending: devices.graphics[vnc].passwd: (secret) → none
    "#]]
    .assert_eq(&status(&host, 2, &with("")).facts());
    does(&["destroy", "console"]);
    host.apply(&with(""));
    assert!(!asks());
    status(&host, 0, &with(""));
    does(&["destroy", "console"]);
}
