//! Reports say what guests have, and an apply respects what others changed. On a real libvirt, with guests without an operating
//! system, which never release a PCI device.

use crate::reconcile::{Host, disk, domains, guest};
use nixvirt_tests::libvirtd::{ask_virsh, process, virsh};
use nixvirt_tests::run;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

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

/// What `status --exit-code` says, which must be this code.
#[track_caller]
fn status(host: &Host, code: i32, declared: &Value) -> String {
    host.nixvirt_with("status", &["--exit-code"], declared).is(code).said.clone()
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
    let said = status(&host, 2, &q35(&vda));
    assert!(said.contains("pending") && said.contains("disk[vda]") && said.contains("disk[sda]"), "{said}");
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
    let run = host.nixvirt("apply", &declared);
    let said = &run.is(0).said;
    assert!(said.contains("cannot detach disk vdb") && said.contains("the guest still has disk vdb"), "{said}");
    assert_eq!(disks("holds"), ["vda", "vdb"]);
    let said = status(&host, 2, &declared);
    assert!(
        said.contains("last apply:") && said.contains("cannot detach disk vdb") && said.contains("pending"),
        "{said}"
    );
    host.nixvirt("apply", &declared).is(0);
    let said = status(&host, 2, &declared);
    assert!(said.contains("cannot detach disk vdb"), "the error stays until the change is in effect: {said}");
    does(&["destroy", "holds"]);
    host.nixvirt("apply", &declared).is(0);
    let said = status(&host, 0, &declared);
    assert!(!said.contains("last apply"), "{said}");
    does(&["destroy", "holds"]);
}

#[test]
fn a_guest_that_failed_to_start_says_why() {
    let host = Host::new();
    let vda = disk(&host, "vda");
    let declared = domains(&guest("fails", "", &vda));
    fs::remove_file(host.path("vda")).expect("it was made");
    host.nixvirt("apply", &declared).is(1);
    let said = status(&host, 2, &declared);
    assert!(said.contains("to apply") && said.contains("last apply:") && said.contains("No such file"), "{said}");
    let json = host.nixvirt_with("status", &["--json"], &declared);
    assert!(json.said.contains("\"failures\"") && json.said.contains("No such file"), "{}", json.said);
    disk(&host, "vda");
    host.apply(&declared);
    let said = status(&host, 0, &declared);
    assert!(!said.contains("last apply"), "{said}");
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
    let said = status(&host, 2, &with("One"));
    assert!(said.contains("drifted") && said.contains("disk[vdb]"), "{said}");
    let said = host.nixvirt_with("plan", &["--diff"], &with("Two")).is(2).said.clone();
    assert!(said.contains("undoes drift: devices.disk[vdb]") && said.contains("(changed in libvirt)"), "{said}");
    // The drift is undone on purpose.
    let said = host.nixvirt_with("apply", &["--reset", "shown"], &with("One")).is(0).said.clone();
    assert!(said.contains("undid drift: devices.disk[vdb]"), "{said}");
    status(&host, 0, &with("One"));
    let said = host.nixvirt_with("apply", &["--reset", "nobody"], &with("One")).is(1).said.clone();
    assert!(said.contains("no object \"nobody\" is declared"), "{said}");
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
    let reset = |command, code| host.nixvirt_with(command, &["--reset", "given"], &declared).is(code).said.clone();
    for scope in [&["--live"][..], &["--live", "--config"]] {
        fs::write(&file, redirection("4003")).expect("a writable folder");
        does(&[&["attach-device", "given", &file], scope].concat());
        host.apply(&declared);
        status(&host, 2, &declared);
        let said = reset("plan", 2);
        assert!(said.contains("undoes drift: devices.redirdev[127.0.0.1 4003]"), "{said}");
        let said = reset("apply", 0);
        assert_eq!(said.matches("undid drift: devices.redirdev[127.0.0.1 4003]").count(), 1, "{said}");
        let live = virsh(&["dumpxml", "given"]);
        assert!(live.contains("service='4002'") && !live.contains("service='4003'"), "{live}");
        status(&host, 0, &declared);
        reset("plan", 0);
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
    let said = status(&host, 2, &q35("Two", "64", ""));
    assert!(said.contains("other.iso") && said.contains("pending"), "{said}");
    // The declared medium again.
    host.nixvirt_with("apply", &["--reset", "lacks"], &q35("Two", "64", "")).is(0);
    status(&host, 0, &q35("Two", "64", ""));
    // The machine has a watchdog of its own, and not the one that is declared.
    let watchdog = "<watchdog model='i6300esb' action='none'/>";
    host.apply(&q35("Two", "64", watchdog));
    let said = status(&host, 2, &q35("Two", "64", watchdog));
    assert!(said.contains("watchdog") && said.contains("pending"), "{said}");
    // Of memory, a saved state has what the guest had.
    host.apply(&q35("Two", "96", ""));
    does(&["managedsave", "lacks"]);
    does(&["start", "lacks"]);
    let said = status(&host, 2, &q35("Two", "96", ""));
    assert!(said.contains("memory: 64 MiB → 96 MiB") && said.contains("pending"), "{said}");
    does(&["destroy", "lacks"]);
    does(&["start", "lacks"]);
    status(&host, 0, &q35("Two", "96", ""));
    does(&["destroy", "lacks"]);
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
    let said = status(&host, 2, &with(""));
    assert!(said.contains("passwd") && said.contains("pending"), "{said}");
    does(&["destroy", "console"]);
    host.apply(&with(""));
    assert!(!asks());
    status(&host, 0, &with(""));
    does(&["destroy", "console"]);
}
