//! Snapshots that are taken before a domain changes.

use super::check_in;
use super::support::{FakeLibvirt, desired, show};
use expect_test::{Expect, expect};
use nixvirt::object::{Id, Type};
use nixvirt::step::{Operation, Step};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const DISK: &str =
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vda'/></disk>";

/// A domain of which the last two snapshots are kept.
fn declared(memory: u32, devices: &str, active: bool) -> Value {
    let xml = format!(
        "<domain type='kvm'><name>web</name><memory unit='MiB'>{memory}</memory><devices>{devices}</devices></domain>"
    );
    json!({ "domains": [{ "xml": xml, "active": active, "rollbackSnapshots": 2 }] })
}

fn snapshots(libvirt: &FakeLibvirt) -> Vec<&str> {
    libvirt.objects.keys().filter(|id| id.kind == Type::Snapshot).map(|id| id.name.as_str()).collect()
}

/// What the records say of the snapshots: each with the memory that was applied then, and whether its change was finished.
fn recorded(libvirt: &FakeLibvirt) -> String {
    let record = &libvirt.records[&Id::new(Type::Domain, "web")];
    let line = |it: &nixvirt::state::Rollback| {
        let memory = it.record.xml.split(['<', '>']).find(|part| part.parse::<u32>().is_ok()).unwrap_or("nothing");
        format!("{}: {memory}{}\n", it.snapshot(), if it.is_unfinished { ", unfinished" } else { "" })
    };
    record.rollbacks.iter().map(line).collect()
}

#[test]
fn the_last_ones_are_kept() {
    let mut libvirt = FakeLibvirt::default();
    let create = expect![[r#"
        domain web: create, effect on the guest: start
          => define, save-record, start
    "#]];
    check_in(&mut libvirt, declared(1, DISK, true), create);
    let first = expect![[r#"
        domain web: change
          memory: 1 MiB -> 2 MiB (next-start)
          => save-record, take-snapshot snapshot=nixvirt-1, define, save-record
    "#]];
    check_in(&mut libvirt, declared(2, DISK, true), first);
    // A snapshot of somebody else has the next name.
    let other = nixvirt_schema::engine::xml::element("<domainsnapshot><name>nixvirt-2</name></domainsnapshot>");
    let theirs = Id::within(Type::Snapshot, "web", "nixvirt-2");
    libvirt
        .objects
        .insert(theirs, nixvirt::inventory::Observed { definition: other, is_active: true, ..Default::default() });
    libvirt.apply(&desired(declared(3, DISK, true)));
    let last = expect![[r#"
        domain web: change
          memory: 3 MiB -> 4 MiB (next-start)
          => save-record, take-snapshot snapshot=nixvirt-4, drop-snapshot snapshot=nixvirt-1, define, save-record
    "#]];
    check_in(&mut libvirt, declared(4, DISK, true), last);
    assert_eq!(snapshots(&libvirt), ["nixvirt-2", "nixvirt-3", "nixvirt-4"]);
    expect![[r#"
        nixvirt-3: 2
        nixvirt-4: 3
    "#]]
    .assert_eq(&recorded(&libvirt));
    // A domain that is only started or stopped keeps what it has.
    let plan = libvirt.apply(&desired(declared(4, DISK, false)));
    expect![[r#"
        domain web: state-change, effect on the guest: stop
          pending: memory: 1 MiB -> 4 MiB
          => stop force=false timeout=120
    "#]]
    .assert_eq(&show(&plan));
    // A change without a policy takes none, and forgets none.
    let mut plain = declared(5, DISK, false);
    plain["domains"][0]["rollbackSnapshots"] = json!(0);
    libvirt.apply(&desired(plain));
    expect![[r#"
        nixvirt-3: 2
        nixvirt-4: 3
    "#]]
    .assert_eq(&recorded(&libvirt));
}

/// Applies a declaration up to the definition, or with it.
fn killed(libvirt: &mut FakeLibvirt, wanted: &Value, defines: bool) {
    for entry in &libvirt.plan(&desired(wanted.clone())).entries {
        let is_define = |step: &Step| matches!(step, Step::Libvirt(Operation::Define { .. }));
        let at = entry.steps.iter().position(is_define).expect("it is defined");
        entry.steps[..at + usize::from(defines)].iter().for_each(|step| libvirt.execute(&entry.id, step));
    }
}

/// A run that is killed before the change leaves a snapshot, which the next one replaces. If the change has begun, the snapshot is
/// the one to go back to.
#[test]
fn a_killed_run() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared(1, DISK, false)));
    let wanted = declared(2, DISK, false);
    killed(&mut libvirt, &wanted, false);
    expect![[r#"
        nixvirt-1: 1, unfinished
    "#]]
    .assert_eq(&recorded(&libvirt));
    check_in(
        &mut libvirt,
        wanted,
        expect![[r#"
        domain web: change
          memory: 1 MiB -> 2 MiB (now)
          => save-record, take-snapshot snapshot=nixvirt-2, drop-snapshot snapshot=nixvirt-1, define, save-record
    "#]],
    );
    expect![[r#"
        nixvirt-2: 1
    "#]]
    .assert_eq(&recorded(&libvirt));
    let wanted = declared(3, DISK, false);
    killed(&mut libvirt, &wanted, true);
    expect![[r#"
        nixvirt-2: 1
        nixvirt-3: 2, unfinished
    "#]]
    .assert_eq(&recorded(&libvirt));
    check_in(
        &mut libvirt,
        wanted,
        expect![[r#"
        domain web: change
          memory: 2 MiB -> 3 MiB (now)
          => define, save-record
    "#]],
    );
    expect![[r#"
        nixvirt-2: 1
        nixvirt-3: 2
    "#]]
    .assert_eq(&recorded(&libvirt));
    assert_eq!(snapshots(&libvirt), ["nixvirt-2", "nixvirt-3"]);
}

#[test]
fn what_cannot_be_taken_changes_nothing() {
    let rows: [(&str, Expect); 6] = [
        (
            &DISK.replace("qcow2", "raw"),
            expect![[r#"
            domain web: error
              because: cannot-snapshot obstacle={"format":"raw","obstacle":"disk","target":"vda"}
        "#]],
        ),
        (
            &DISK.replace(" type='qcow2'", ""),
            expect![[r#"
            domain web: error
              because: cannot-snapshot obstacle={"format":null,"obstacle":"disk","target":"vda"}
        "#]],
        ),
        (
            "",
            expect![[r#"
            domain web: error
              because: cannot-snapshot obstacle={"obstacle":"no-disk"}
        "#]],
        ),
        (
            &format!("{DISK}{}", DISK.replace("qcow2", "raw").replace("vda", "vdb").replace("/a", "/b")),
            expect![[r#"
            domain web: error
              because: cannot-snapshot obstacle={"format":"raw","obstacle":"disk","target":"vdb"}
        "#]],
        ),
        // What a guest does not write to is not in the snapshot.
        (
            &format!("{DISK}{}", DISK.replace("qcow2", "raw").replace("vda", "vdb").replace("/><t", "/><readonly/><t")),
            expect![[r#"
            domain web: change
              memory: 1 MiB -> 2 MiB (now)
              => save-record, take-snapshot snapshot=nixvirt-1, define, save-record
        "#]],
        ),
        (
            &format!("{DISK}<disk type='file' device='cdrom'><target dev='sda'/></disk>"),
            expect![[r#"
            domain web: change
              memory: 1 MiB -> 2 MiB (now)
              => save-record, take-snapshot snapshot=nixvirt-1, define, save-record
        "#]],
        ),
    ];
    for (devices, expected) in rows {
        let mut libvirt = FakeLibvirt::default();
        libvirt.apply(&desired(declared(1, devices, false)));
        expected.assert_eq(&show(&libvirt.plan(&desired(declared(2, devices, false)))));
    }
}

/// A domain that was adopted, and one that gets another name.
#[test]
fn other_changes() {
    let mut libvirt = FakeLibvirt::default();
    let domain = |name: &str, memory: u32| {
        let uuid = "<uuid>0a1b2c3d-0000-4000-8000-00000000000a</uuid>";
        let xml = format!(
            "<domain type='kvm'><name>{name}</name>{uuid}<memory unit='MiB'>{memory}</memory><devices>{DISK}</devices></domain>"
        );
        json!({ "domains": [{ "xml": xml, "rollbackSnapshots": 2 }] })
    };
    libvirt.apply(&desired(domain("web", 1)));
    libvirt.records.clear();
    check_in(
        &mut libvirt,
        domain("web", 2),
        expect![[r#"
        domain web: change
          memory: 1 MiB -> 2 MiB (now)
          because: adopts-existing
          => save-record, take-snapshot snapshot=nixvirt-1, define, save-record
    "#]],
    );
    expect![[r#"
        nixvirt-1: nothing
    "#]]
    .assert_eq(&recorded(&libvirt));
    check_in(
        &mut libvirt,
        domain("new", 2),
        expect![[r#"
        domain new: change
          name: web -> new (now)
          => save-record, rename from=web, take-snapshot snapshot=nixvirt-2, define, save-record, drop-record object=domain web
    "#]],
    );
}

/// A running guest whose definition was removed has nothing to go back to.
#[test]
fn a_guest_without_a_definition() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(declared(1, DISK, true)));
    libvirt.records.clear();
    let web = libvirt.objects.get_mut(&Id::new(Type::Domain, "web")).expect("it was created");
    web.is_persistent = false;
    check_in(
        &mut libvirt,
        declared(1, DISK, true),
        expect![[r#"
            domain web: change
              because: adopts-existing
              => define, save-record
        "#]],
    );
}
