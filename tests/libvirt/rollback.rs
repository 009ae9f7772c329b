//! Snapshots before changes, and the way back, with the content of disks.

use crate::faults::{self, said};
use crate::reconcile::{Host, guest, printed};
use expect_test::expect;
use nixvirt_tests::libvirtd::{self, process, virsh};
use nixvirt_tests::{Outcome, run};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

/// A disk that holds snapshots, and that QEMU can write to.
fn disk(file: &str) -> String {
    let _ = fs::remove_file(file);
    assert!(run(Command::new("qemu-img").args(["create", "-q", "-f", "qcow2", file, "1M"])).succeeded);
    format!(
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{file}'/><target dev='vda' bus='virtio'/></disk>"
    )
}

/// A guest of this memory in MiB.
fn declared(memory: u32, disk: &str, active: bool) -> Value {
    let memory = format!("<memory unit='MiB'>{memory}</memory>");
    let xml = guest("back", "", disk).replace("<memory unit='MiB'>64</memory>", &memory);
    json!({ "domains": [{ "xml": xml, "active": active, "rollbackSnapshots": 2 }] })
}

/// Writes a byte to the disk of a guest that is off.
fn write(file: &str, byte: &str) {
    assert!(run(Command::new("qemu-io").args(["-c", &format!("write -P {byte} 0 64k"), file])).succeeded);
}

/// Whether the disk of a guest that is off has the byte.
fn disk_has(file: &str, byte: &str) -> bool {
    let read = run(Command::new("qemu-io").args(["-r", "-c", &format!("read -P {byte} 0 64k"), file]));
    assert!(read.stdout.contains("read 65536/65536"), "{}{}", read.stdout, read.stderr);
    !read.stdout.contains("failed")
}

fn rollback(host: &Host, options: &[&str]) -> Outcome {
    run(Command::new("nixvirt").args(["rollback", "back", "--state", &host.path("state")]).args(options))
}

fn snapshots() -> String {
    virsh(&["snapshot-list", "back", "--name"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without the time that has passed.
fn timeless(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(", taken ").next().unwrap_or_default().to_owned() + "\n");
    lines.collect()
}

#[test]
fn a_guest_that_is_off_goes_back() {
    let host = Host::new();
    let file = host.path("vda");
    let vda = disk(&file);
    host.apply(&declared(64, &vda, false));
    expect![[r#"
        error: back has no snapshot that was taken before a change
        hint: set `rollbackSnapshots` of the domain, or use `nixvirt apply --snapshot`, before the next change
    "#]]
    .assert_eq(&rollback(&host, &["--yes"]).stderr);
    write(&file, "0xaa");
    virsh(&["snapshot-create-as", "back", "mine"]);
    let plan = host.nixvirt("plan", &declared(80, &vda, false)).is(2).said.clone();
    let applied = host.apply(&declared(80, &vda, false));
    expect![[r#"
        qemu:///system
          ~ domain back: change, after taking the snapshot nixvirt-1
              memory: 64 MiB → 80 MiB

        Legend: ~ change
        1 to change
        qemu:///system
          ~ domain back: changed, after taking the snapshot nixvirt-1
              memory: 64 MiB → 80 MiB
        1 changed
    "#]]
    .assert_eq(&(plan + &applied));
    write(&file, "0xbb");

    // Nobody is asked, so nothing is done.
    expect![[r#"
        error: cannot ask for confirmation: standard input is not a terminal
        hint: check the output of `nixvirt rollback --dry-run back`, then use --yes
    "#]]
    .assert_eq(&rollback(&host, &[]).stderr);
    expect![[r#"
        back: roll back to nixvirt-1
          memory: 80 MiB → 64 MiB
          disk vda: loses all data written since
          guest: stays off
    "#]]
    .assert_eq(&timeless(&rollback(&host, &["--dry-run"]).stdout));
    expect![[r#"
        error: back has no snapshot "nixvirt-11" that was taken before a change; did you mean "nixvirt-1"?
        hint: snapshots taken before a change: nixvirt-1
    "#]]
    .assert_eq(&rollback(&host, &["--to", "nixvirt-11", "--yes"]).stderr);
    expect![[r#"
        error: back has no snapshot "mine" that was taken before a change
        hint: snapshots taken before a change: nixvirt-1
    "#]]
    .assert_eq(&rollback(&host, &["--to", "mine", "--yes"]).stderr);
    assert!(disk_has(&file, "0xbb"));

    let outcome = rollback(&host, &["--yes"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    expect![[r#"
        back: rolled back to nixvirt-1
          memory: 80 MiB → 64 MiB
          disk vda: restored
          guest: stays off
        The next apply makes the change again, unless the declaration is changed back.
    "#]]
    .assert_eq(&timeless(&outcome.stdout));
    assert!(disk_has(&file, "0xaa") && virsh(&["dumpxml", "back"]).contains("<memory unit='KiB'>65536<"));
    expect![[r#"
        domain back change
          changes: memory: 64 MiB → 80 MiB now
          steps: save-record, take-snapshot, define, save-record
    "#]]
    .assert_eq(&host.report("plan", &[], &declared(80, &vda, false), 2).facts());
    host.nixvirt("plan", &declared(64, &vda, false)).is(0);

    // The last two are kept, and that of the user is not touched.
    for memory in [80, 96, 112] {
        host.apply(&declared(memory, &vda, false));
    }
    assert_eq!(snapshots(), "mine nixvirt-3 nixvirt-4");
    assert!(rollback(&host, &["--to", "nixvirt-3", "--yes"]).succeeded);
    assert!(virsh(&["dumpxml", "back"]).contains("<memory unit='KiB'>81920<"));
    host.nixvirt("plan", &declared(80, &vda, false)).is(0);
    assert_eq!(snapshots(), "mine nixvirt-3 nixvirt-4");
}

#[test]
fn what_is_printed_as_json() {
    let host = Host::new();
    let vda = disk(&host.path("vda"));
    host.apply(&declared(64, &vda, false));
    host.apply(&declared(80, &vda, false));
    let json = |options: &[&str]| {
        let mut report = printed(&rollback(&host, &[&["--json"], options].concat()), "rollback");
        if let Some(taken) = report.pointer_mut("/outlook/taken") {
            assert!(taken.take().is_u64());
        }
        format!("{report:#}\n")
    };
    let planned = json(&["--dry-run"]);
    expect![[r#"
        {
          "domain": "back",
          "done": false,
          "error": null,
          "outlook": {
            "changes": [
              {
                "new": "64 MiB",
                "old": "80 MiB",
                "path": "memory"
              }
            ],
            "disks": [
              "vda"
            ],
            "runs": false,
            "runsAfterwards": false,
            "snapshot": "nixvirt-1",
            "taken": null
          },
          "uri": "qemu:///system",
          "version": 1
        }
    "#]]
    .assert_eq(&planned);
    let unknown = json(&["--dry-run", "--to", "nixvirt-11"]);
    expect![[r#"
        {
          "domain": "back",
          "done": false,
          "error": {
            "hint": "snapshots taken before a change: nixvirt-1",
            "message": "back has no snapshot \"nixvirt-11\" that was taken before a change; did you mean \"nixvirt-1\"?"
          },
          "outlook": null,
          "uri": "qemu:///system",
          "version": 1
        }
    "#]]
    .assert_eq(&unknown);
    assert_eq!(json(&["--yes"]), planned.replace("\"done\": false", "\"done\": true"));
    assert!(virsh(&["dumpxml", "back"]).contains("<memory unit='KiB'>65536<"));

    // Nobody is asked in JSON.
    expect![[r#"
        error: the following required arguments were not provided:
          <--dry-run|--yes>
        hint: see `nixvirt rollback --help`
    "#]]
    .assert_eq(&rollback(&host, &["--json"]).stderr);
}

/// A guest of this memory in MiB, whose disk is a volume of this size in MiB.
fn with_volume(memory: u32, mib: u32, disk: &str, folder: &str) -> Value {
    let mut declared = declared(memory, disk, false);
    let volume = format!(
        "<volume><name>vda</name><capacity unit='MiB'>{mib}</capacity><target><format type='qcow2'/></target></volume>"
    );
    let pool = format!("<pool type='dir'><name>back</name><target><path>{folder}</path></target></pool>");
    declared["pools"] = json!([{ "xml": pool, "volumes": [{ "xml": volume }] }]);
    declared
}

/// The size of a disk in bytes.
fn size(file: &str) -> Value {
    let shown = run(Command::new("qemu-img").args(["info", "--output", "json", file])).stdout;
    serde_json::from_str::<Value>(&shown).expect("it is JSON")["virtual-size"].clone()
}

#[test]
fn a_disk_that_has_grown() {
    let host = Host::new();
    fs::create_dir(host.path("pool")).expect("a writable folder");
    let file = host.path("pool/vda");
    let vda = disk(&file);
    let declared = |memory, mib| with_volume(memory, mib, &vda, &host.path("pool"));
    host.apply(&declared(64, 1));
    write(&file, "0xaa");
    host.apply(&declared(80, 2));
    write(&file, "0xbb");
    assert!(rollback(&host, &["--yes"]).succeeded);
    assert!(disk_has(&file, "0xaa"));
    assert_eq!(size(&file), 2 << 20, "it had grown when the snapshot was taken");
    host.apply(&declared(64, 3));
    assert!(rollback(&host, &["--yes"]).succeeded);
    assert_eq!(size(&file), 2 << 20, "it grew after the snapshot was taken");
    // The next plan makes the change again, and status says so.
    let plan = host.nixvirt("plan", &declared(64, 3)).is(2).said.clone();
    let status = host.nixvirt("status", &declared(64, 3)).said.clone();
    expect![[r#"
        qemu:///system
          ~ volume back/vda: change, grow to 3 MiB
              capacity: 2 MiB → 3 MiB

        Legend: ~ change
        1 to change, 2 unchanged
        qemu:///system
          pool back:       in sync, running
          volume back/vda: to apply (change)
              capacity: 2 MiB → 3 MiB
          domain back:     in sync
        2 in sync, 1 to apply
    "#]]
    .assert_eq(&(plan + &status));
    host.apply(&declared(64, 3));
    assert_eq!(size(&file), 3 << 20);
}

#[test]
fn a_running_guest_goes_back_with_its_memory() {
    let host = Host::new();
    let file = host.path("vda");
    let vda = disk(&file);
    let write = |byte: &str| {
        let device = "/machine/peripheral/virtio-disk0/virtio-backend";
        let command = format!("qemu-io -d {device} \"write -P {byte} 0 64k\"");
        let said = virsh(&["qemu-monitor-command", "back", "--hmp", &command]);
        assert_eq!(said, "", "it is written");
    };
    host.apply(&declared(64, &vda, true));
    write("0xaa");
    let pid = process("back");
    let applied = host.report("apply", &["--snapshot"], &declared(80, &vda, true), 0);
    expect![[r#"
        domain back change
          changes: memory: 64 MiB → 80 MiB next-start
          steps: save-record, take-snapshot, define, save-record
    "#]]
    .assert_eq(&applied.facts());
    assert_eq!(process("back"), pid, "the guest keeps running");
    write("0xbb");
    let outcome = rollback(&host, &["--yes"]);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    expect![[r#"
        back: rolled back to nixvirt-1
          memory: 80 MiB → 64 MiB
          disk vda: restored
          guest: resumes from the snapshot, with its memory
        The next apply makes the change again, unless the declaration is changed back.
    "#]]
    .assert_eq(&timeless(&outcome.stdout));
    assert_eq!(virsh(&["domstate", "back"]), "running");
    expect![[r#"
        domain back change
          changes: memory: 64 MiB → 80 MiB next-start
          steps: save-record, take-snapshot, define, save-record
    "#]]
    .assert_eq(&host.report("plan", &[], &declared(80, &vda, true), 2).facts());
    host.nixvirt("plan", &declared(64, &vda, true)).is(0);
    // A guest that is off meanwhile runs again.
    virsh(&["destroy", "back"]);
    assert!(disk_has(&file, "0xaa"));
    assert!(rollback(&host, &["--yes"]).succeeded);
    assert_eq!(virsh(&["domstate", "back"]), "running");
    host.nixvirt("plan", &declared(64, &vda, true)).is(0);
}

#[test]
fn without_a_snapshot_nothing_changes() {
    let host = Host::new();
    let file = host.path("vda");
    let raw = disk(&file).replace("type='qcow2'", "type='raw'");
    let plain = |memory| {
        let mut plain = declared(memory, &raw, true);
        plain["domains"][0]["rollbackSnapshots"] = json!(0);
        plain
    };
    host.apply(&plain(64));
    let before = virsh(&["dumpxml", "back", "--inactive"]);
    expect![[r#"
        qemu:///system
          ! domain back:
              error: not changed: libvirt cannot take a snapshot first, since disk vda is in the format raw, and only qcow2 holds snapshots
              hint: to change the guest without a snapshot, set rollbackSnapshots = 0, or apply without --snapshot

        Legend: ! error
        1 error
    "#]].assert_eq(&host.nixvirt_with("plan", &["--snapshot"], &plain(80)).is(1).said);
    host.nixvirt_with("apply", &["--snapshot"], &plain(80)).is(1);
    host.nixvirt("apply", &declared(80, &raw, true)).is(1);
    assert_eq!(virsh(&["dumpxml", "back", "--inactive"]), before);
    host.apply(&plain(80));
    virsh(&["destroy", "back"]);

    // libvirt refuses a snapshot that the plan expected.
    let vda = disk(&file);
    let mut qcow2 = declared(64, &vda, false);
    qcow2["domains"][0]["rollbackSnapshots"] = json!(0);
    host.apply(&qcow2);
    let before = virsh(&["dumpxml", "back", "--inactive"]);
    fs::rename(&file, host.path("elsewhere")).expect("a writable folder");
    let said = host.nixvirt("apply", &declared(80, &vda, false)).is(1).said.clone();
    assert!(said.contains("libvirt cannot create the snapshot"), "{said}");
    assert_eq!(virsh(&["dumpxml", "back", "--inactive"]), before);
    fs::rename(host.path("elsewhere"), &file).expect("a writable folder");
    host.apply(&declared(80, &vda, false));
}

#[test]
fn killed_between_any_two_steps() {
    let _libvirtd = libvirtd::alone();
    let host = faults::Host::new("rollback");
    let file = host.path("vda");
    let vda = disk(&file);
    let (before, after) = (declared(64, &vda, false), declared(80, &vda, false));
    for steps in 0.. {
        host.heal(&before);
        write(&file, "0xaa");
        host.declare(&after);
        let output = host.cut("itself", steps);
        let is_killed = output.status.signal() == Some(9);
        host.heal(&after);
        // Nothing was written to the disk, so each snapshot has the same content. None is left that has no record.
        write(&file, "0xbb");
        let rolled = run(Command::new("nixvirt").args(["rollback", "back", "--yes", "--state", &host.path("state")]));
        assert!(rolled.succeeded, "cut before step {steps}: {}", rolled.stderr);
        assert!(disk_has(&file, "0xaa"), "cut before step {steps}");
        let definition = virsh(&["dumpxml", "back", "--inactive"]);
        assert!(definition.contains("<memory unit='KiB'>65536<"), "cut before step {steps}: {definition}");
        assert!(snapshots().split(' ').count() <= 2, "cut before step {steps}: {}", snapshots());
        if !is_killed {
            assert!(steps >= 4, "{steps} steps are too few: {}", said(&output));
            break;
        }
    }
    host.heal(&json!({ "domains": [] }));
}

#[test]
fn a_rollback_that_is_killed_is_finished_by_a_second_one() {
    let _libvirtd = libvirtd::alone();
    let host = faults::Host::new("rollback-twice");
    let file = host.path("vda");
    let vda = disk(&file);
    for (active, memory, fewest) in [(false, 64, 2), (true, 72, 3)] {
        let (before, after) = (declared(memory, &vda, active), declared(80, &vda, active));
        // What is pending of a guest that runs is recorded once more after the way back.
        host.heal(&declared(64, &vda, active));
        for steps in 0.. {
            host.heal(&before);
            if !active {
                write(&file, "0xaa");
            }
            host.heal(&after);
            if !active {
                write(&file, "0xbb");
            }
            let output = host.cut_rollback("back", steps);
            let is_killed = output.status.signal() == Some(9);
            let rolled =
                run(Command::new("nixvirt").args(["rollback", "back", "--yes", "--state", &host.path("state")]));
            assert!(rolled.succeeded, "cut before step {steps}: {}", rolled.stderr);
            let definition = virsh(&["dumpxml", "back", "--inactive"]);
            assert!(
                definition.contains(&format!("<memory unit='KiB'>{}<", memory * 1024)),
                "cut before step {steps}: {definition}"
            );
            assert_eq!(virsh(&["domstate", "back"]), if active { "running" } else { "shut off" });
            assert!(active || disk_has(&file, "0xaa"), "cut before step {steps}");
            let plan = |connection: &Value| {
                let plan = Command::new("nixvirt")
                    .args(["plan", "--detailed-exitcode"])
                    .args(host.declare(connection))
                    .output();
                let plan = plan.expect("nixvirt runs");
                (plan.status.code(), said(&plan))
            };
            assert_eq!(plan(&before).0, Some(0), "cut before step {steps}: {}", plan(&before).1);
            assert_eq!(plan(&after).0, Some(2), "cut before step {steps}: {}", plan(&after).1);
            if !is_killed {
                assert!(steps >= fewest, "{steps} steps are too few: {}", said(&output));
                break;
            }
        }
        virsh(&["destroy", "back"]);
        host.heal(&json!({ "domains": [] }));
    }
}

#[test]
fn a_rollback_that_is_killed_leaves_no_drift() {
    let _libvirtd = libvirtd::alone();
    let host = faults::Host::new("rollback-sizes");
    fs::create_dir(host.path("pool")).expect("a writable folder");
    let file = host.path("pool/vda");
    for steps in 0.. {
        let vda = disk(&file);
        let declared = |memory, mib| with_volume(memory, mib, &vda, &host.path("pool"));
        host.heal(&declared(64, 2));
        host.heal(&declared(80, 2));
        host.heal(&declared(80, 3));
        let output = host.cut_rollback("back", steps);
        let is_killed = output.status.signal() == Some(9);
        let command = |command: &str| {
            let run = Command::new("nixvirt").args([command, "--json"]).args(host.declare(&declared(80, 3))).output();
            let run = run.expect("nixvirt runs");
            let report: Value = serde_json::from_slice(&run.stdout).expect("it is JSON");
            report["connections"][libvirtd::URI]["objects"].clone()
        };
        let of_volume = |objects: Value| {
            let objects = objects.as_array().cloned().unwrap_or_default();
            objects.into_iter().find(|object| object["type"] == "volume").unwrap_or_default()
        };
        assert_eq!(of_volume(command("status"))["drift"], json!([]), "cut before step {steps}");
        host.heal(&declared(80, 3));
        assert_eq!(size(&file), 3 << 20, "cut before step {steps}");
        assert_eq!(of_volume(command("status"))["state"], "in-sync", "cut before step {steps}");
        virsh(&["undefine", "back", "--snapshots-metadata"]);
        host.heal(&json!({ "domains": [], "pools": [] }));
        if !is_killed {
            assert!(steps >= 4, "{steps} steps are too few: {}", said(&output));
            break;
        }
    }
}
