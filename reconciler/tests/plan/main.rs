//! What is planned, and where plans lead.

mod convergence;
mod devices;
mod documented;
mod in_use;
mod preserve;
mod rollback;
mod storage;
#[path = "../support/mod.rs"]
mod support;
mod text;

use expect_test::{Expect, expect};
use nixvirt::error::ErrorMessage;
use nixvirt::inventory::Observed;
use nixvirt::object::{Id, Type};
use nixvirt::state::UnreadableRecord;
use nixvirt_schema::engine::identity;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use support::{FakeLibvirt, desired, show};

/// Applies one declaration after the other and shows the plan of the last, which must leave nothing to do.
#[track_caller]
fn check(before: &[Value], now: Value, expected: Expect) -> FakeLibvirt {
    let mut libvirt = FakeLibvirt::default();
    before.iter().for_each(|manifest| drop(libvirt.apply(&desired(manifest.clone()))));
    check_in(&mut libvirt, now, expected);
    libvirt
}

#[track_caller]
fn check_in(libvirt: &mut FakeLibvirt, now: Value, expected: Expect) {
    let desired = desired(now);
    expected.assert_eq(&show(&libvirt.apply(&desired)));
    let again = libvirt.plan(&desired);
    assert!(again.is_empty(), "twice is once, and not\n{}", show(&again));
}

fn domain(parts: &str) -> String {
    format!("<domain type='kvm'><name>web</name>{parts}</domain>")
}

fn running(parts: &str) -> Value {
    json!({ "domains": [{ "xml": domain(parts), "active": true }] })
}

const CARD: &str = "<interface type='network'><source network='lan'/></interface>";
const DISK: &str = "<disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/></disk>";

fn all() -> Value {
    json!({
        "secrets": [{ "xml": "<secret><usage type='ceph'><name>c</name></usage></secret>" }],
        "nwfilters": [{ "xml": "<filter name='f'/>" }],
        "networks": [{ "xml": "<network><name>lan</name></network>", "active": true, "autostart": true }],
        "pools": [{
            "xml": "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>",
            "active": true,
            "volumes": [{ "xml": "<volume><name>v</name><capacity>10</capacity></volume>", "content": { "file": "/image" } }],
        }],
        "domains": [{
            "xml": domain(&format!("<devices>{DISK}{CARD}</devices>")), "active": true, "autostart": true,
            "snapshots": [{ "xml": "<domainsnapshot><name>fresh</name></domainsnapshot>" }],
        }],
    })
}

#[test]
fn everything_is_made_in_the_order_of_need() {
    let mut libvirt = FakeLibvirt::default();
    let desired = desired(all());
    expect![[r#"
        secret ceph c: create
          => define, save-record
        nwfilter f: create
          => define, save-record
        pool p: create
          => define, save-record, build, start
        volume p/v: deferred
          because: waits-for-pool pool=pool p
        network lan: create
          => define, save-record, autostart on=true, start
        domain web: create, effect on the guest: start
          => define, save-record, autostart on=true, start
        snapshot web/fresh: create
          => create-snapshot, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&desired)));
    // The pool runs now, so that its volumes are known.
    expect![[r#"
        secret ceph c: unchanged
        nwfilter f: unchanged
        pool p: unchanged
        volume p/v: create
          => save-record to create, create-volume, save-record incomplete, fill file=/image, save-record
        network lan: unchanged
        domain web: unchanged
        snapshot web/fresh: unchanged
    "#]]
    .assert_eq(&show(&libvirt.apply(&desired)));
    assert!(libvirt.plan(&desired).is_empty());
}

/// Stopped anywhere and run again, it comes to the same end.
#[test]
fn every_prefix_leads_to_the_same() {
    let changed = {
        let mut changed = all();
        changed["domains"][0]["xml"] = json!(domain(&format!(
            "<title>T</title><memory unit='MiB'>64</memory><devices>{CARD}{}</devices>",
            DISK.replace("vda", "vdb")
        )));
        changed["pools"][0]["volumes"][0]["xml"] = json!("<volume><name>v</name><capacity>20</capacity></volume>");
        changed["networks"] = json!([{ "xml": "<network><name>other</name></network>", "active": true }]);
        changed["nwfilters"] = json!([{ "xml": "<filter name='g'/>" }]);
        changed
    };
    let (first, second) = (desired(all()), desired(changed));
    let finish = |libvirt: &mut FakeLibvirt| (0..4).for_each(|_| drop(libvirt.apply(&second)));
    let mut start = FakeLibvirt::default();
    (0..2).for_each(|_| drop(start.apply(&first)));
    let mut whole = start.clone();
    finish(&mut whole);
    assert!(whole.plan(&second).is_empty(), "{}", show(&whole.plan(&second)));
    let steps: Vec<_> = start
        .plan(&second)
        .entries
        .into_iter()
        .flat_map(|entry| entry.steps.into_iter().map(move |step| (entry.id.clone(), step)))
        .collect();
    assert!(steps.len() > 10, "the plan is long enough to be cut");
    for end in 0..steps.len() {
        let mut cut = start.clone();
        steps[..end].iter().for_each(|(id, step)| cut.execute(id, step));
        finish(&mut cut);
        assert_eq!(cut.objects, whole.objects, "cut after {end} steps");
        assert!(cut.plan(&second).is_empty(), "cut after {end} steps: {}", show(&cut.plan(&second)));
    }
}

#[test]
fn a_running_guest_gets_at_once_what_it_can() {
    let before = format!(
        "<title>Old</title><memory unit='MiB'>64</memory><vcpu current='1'>4</vcpu><devices>{DISK}{CARD}\
         <disk type='file' device='cdrom'><source file='/one.iso'/><target dev='sda' bus='sata'/></disk></devices>"
    );
    let now = before
        .replace("Old", "New")
        .replace("current='1'", "current='2'")
        .replace("network='lan'", "network='dmz'")
        .replace("one.iso", "two.iso")
        .replace("</memory>", "</memory><currentMemory unit='MiB'>32</currentMemory>")
        .replace(
            "</devices>",
            "<disk type='file'><source file='/b'/><target dev='vdb' bus='virtio'/></disk></devices>",
        );
    check(
        &[running(&before)],
        running(&now),
        expect![[r#"
            domain web: change, effect on the guest: live
              title: Old -> New (now)
              currentMemory: - -> 32 MiB (now)
              vcpu.current: 1 -> 2 (now)
              devices.interface[52:54:00:8d:98:86].source.network: lan -> dmz (now)
              devices.disk[sda].source.file: /one.iso -> /two.iso (now)
              devices.disk[vdb]: - -> type=file, source.file=/b, target.dev=vdb, target.bus=virtio (now)
              => define, set-metadata part=title text=New, set-memory kib=32768, set-vcpus count=2, update, update, attach, save-record
        "#]],
    );
}

#[test]
fn a_title_is_no_matter_of_the_guest() {
    let with = |title: &str| {
        let graphics = "<graphics type='vnc' passwd='secret'/>";
        running(&format!("<title>{title}</title><devices>{DISK}{CARD}{graphics}</devices>"))
    };
    check(
        &[with("Old")],
        with("New"),
        expect![[r#"
            domain web: change
              title: Old -> New (now)
              => define, set-metadata part=title text=New, save-record
        "#]],
    );
}

#[test]
fn a_new_password_is_had_at_once() {
    let with = |passwd| running(&format!("<devices>{DISK}<graphics type='vnc' passwd='{passwd}'/></devices>"));
    check(
        &[with("old")],
        with("new"),
        expect![[r#"
            domain web: change, effect on the guest: live
              secrets (now)
              => define, update, save-record
        "#]],
    );
    // A secret elsewhere may be the one that is new.
    let curl = "<disk type='network'><source protocol='https' name='a'><cookies><cookie name='a'>b</cookie></cookies></source><target dev='vdc' bus='virtio'/></disk>";
    let two = |passwd| running(&format!("<devices>{DISK}{curl}<graphics type='vnc' passwd='{passwd}'/></devices>"));
    check(
        &[two("old")],
        two("new"),
        expect![[r#"
            domain web: change, effect on the guest: live
              secrets (next-start)
              => define, update, save-record
        "#]],
    );
}

#[test]
fn a_password_is_added_and_removed_at_the_next_start() {
    let with = |passwd| running(&format!("<devices>{DISK}<graphics type='vnc'{passwd}/></devices>"));
    check(
        &[with(" passwd='old'")],
        with(""),
        expect![[r#"
        domain web: change
          devices.graphics[vnc].passwd: (secret) -> - (next-start)
          secrets (next-start)
          => define, save-record
    "#]],
    );
    check(
        &[with("")],
        with(" passwd='new'"),
        expect![[r#"
        domain web: change
          devices.graphics[vnc].passwd: - -> (secret) (next-start)
          secrets (next-start)
          => define, save-record
    "#]],
    );
}

#[test]
fn the_rest_waits_for_its_next_start() {
    let before = running(&format!("<memory unit='MiB'>64</memory><devices>{DISK}</devices>"));
    let now = running(&format!("<memory unit='MiB'>128</memory><devices>{}</devices>", DISK.replace("/a", "/b")));
    let mut libvirt = check(
        &[before],
        now.clone(),
        expect![[r#"
            domain web: change
              memory: 64 MiB -> 128 MiB (next-start)
              devices.disk[vda].source.file: /a -> /b (next-start)
              => define, save-record
        "#]],
    );
    expect![[r#"
        domain web: unchanged
          pending: memory: 64 MiB -> 128 MiB
          pending: devices.disk[vda].source.file: /a -> /b
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(now.clone()))));
    let web = Id::new(Type::Domain, "web");
    libvirt.stop(&web);
    libvirt.start(&web);
    expect![[r#"
        domain web: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(now))));
}

#[test]
fn what_a_change_does_is_a_policy() {
    let with = |policy: &str, memory: &str| json!({ "onChange": policy, "domains": [{ "xml": domain(&format!("<memory>{memory}</memory><title>{memory}</title>")), "active": true }] });
    check(
        &[with("stage", "1")],
        with("stage", "2"),
        expect![[r#"
            domain web: change
              memory: 1 KiB -> 2 KiB (next-start)
              title: 1 -> 2 (next-start)
              => define, save-record
        "#]],
    );
    check(
        &[with("restart", "1")],
        with("restart", "2"),
        expect![[r#"
            domain web: change, effect on the guest: restart
              memory: 1 KiB -> 2 KiB (now)
              title: 1 -> 2 (now)
              => define, save-record, stop force=false timeout=120, start, save-record
        "#]],
    );
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(with("never", "1")));
    expect![[r#"
        domain web: kept
          memory: 1 KiB -> 2 KiB (once-stopped)
          title: 1 -> 2 (once-stopped)
          because: on-change-never
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(with("never", "2")))));
}

/// Nothing is defined, so that nothing may be recorded as applied.
#[test]
fn a_restart_of_a_kept_guest_applies_nothing() {
    let with = |memory: &str| {
        let xml = domain(&format!("<memory>{memory}</memory>"));
        json!({ "onChange": "never", "domains": [{ "xml": xml, "active": true, "restart": true }] })
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(with("1")));
    expect![[r#"
        domain web: kept, effect on the guest: restart
          memory: 1 KiB -> 2 KiB (once-stopped)
          because: on-change-never
          => stop force=false timeout=120, start
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(with("2")))));
}

/// A broken declaration is a place in the manifest, and has no name that an object could have.
#[test]
fn an_object_named_like_a_place_is_applied_beside_a_broken_declaration() {
    for name in ["number 1", "domains[0]"] {
        let with = |title: &str, broken: &str| {
            let xml = format!("<domain type='kvm'><name>{name}</name><title>{title}</title></domain>");
            json!({ "domains": [{ "xml": broken }, { "xml": xml }] })
        };
        let other = "<domain type='kvm'><name>other</name></domain>";
        let mut libvirt = FakeLibvirt::default();
        libvirt.apply(&desired(with("One", other)));
        let plan = show(&libvirt.apply(&desired(with("Two", "<domain>"))));
        expect![[r#"
            domains[0]: invalid-xml column=9 file=null line=1 message=<domain> is not closed
            domain NAME: change
              title: One -> Two (now)
              => define, save-record
        "#]]
        .assert_eq(&plan.replace(&format!("domain {name}:"), "domain NAME:"));
        // Which object the broken declaration means is unknown, so that none is removed.
        let none = json!({ "domains": [{ "xml": "<domain>" }] });
        expect![[r#"
            domains[0]: invalid-xml column=9 file=null line=1 message=<domain> is not closed
        "#]]
        .assert_eq(&show(&libvirt.plan(&desired(none))));
    }
}

#[test]
fn active_and_restart_mean_what_they_did_for_nixvirt() {
    let with = |active: Option<bool>, restart: Option<bool>, title: &str| {
        let xml = domain(&format!("<title>{title}</title>"));
        json!({ "domains": [{ "xml": xml, "active": active, "restart": restart }] })
    };
    let plan = |before: &[Value], now: Value, expected: Expect| {
        let mut libvirt = FakeLibvirt::default();
        before.iter().for_each(|it| drop(libvirt.apply(&desired(it.clone()))));
        expected.assert_eq(&show(&libvirt.plan(&desired(now))));
    };
    // A new one stays off, and what runs goes on, unless more is asked for.
    plan(
        &[],
        with(None, None, "1"),
        expect![[r#"
            domain web: create
              => define, save-record
        "#]],
    );
    plan(
        &[with(Some(true), None, "1")],
        with(None, None, "1"),
        expect![[r#"
        domain web: unchanged
    "#]],
    );
    plan(
        &[with(Some(true), None, "1")],
        with(Some(false), None, "1"),
        expect![[r#"
            domain web: state-change, effect on the guest: stop
              => stop force=false timeout=120
        "#]],
    );
    // With true at each activation, with false never.
    plan(
        &[with(Some(true), None, "1")],
        with(Some(true), Some(true), "1"),
        expect![[r#"
            domain web: state-change, effect on the guest: restart
              => stop force=false timeout=120, start, save-record
        "#]],
    );
    plan(
        &[with(Some(true), None, "1")],
        with(Some(true), Some(true), "2"),
        expect![[r#"
            domain web: change, effect on the guest: restart
              title: 1 -> 2 (now)
              => define, set-metadata part=title text=2, save-record, stop force=false timeout=120, start, save-record
        "#]],
    );
    let mut never = with(Some(true), Some(false), "2");
    never["onChange"] = json!("restart");
    plan(
        &[with(Some(true), None, "1")],
        never,
        expect![[r#"
            domain web: change
              title: 1 -> 2 (now)
              => define, set-metadata part=title text=2, save-record
        "#]],
    );
}

#[test]
fn what_is_no_longer_declared() {
    let nothing = json!({ "networks": [], "pools": [], "domains": [] });
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(Id::new(Type::Domain, "foreign"), "<domain type='kvm'><name>foreign</name></domain>");
    (0..2).for_each(|_| drop(libvirt.apply(&desired(all()))));
    check_in(
        &mut libvirt.clone(),
        nothing.clone(),
        expect![[r#"
            pool p: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=pool p
            snapshot web/fresh: kept
              because: no-longer-declared
              => drop-record object=snapshot web/fresh
            domain web: remove
              because: removed-once-stopped
              => archive-snapshots uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, undefine keep=["snapshots"] mustBeOff=false purge=[], confirm-archive uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, drop-record object=domain web
            network lan: kept
              because: still-in-use by=["web"] prevents=remove
            volume p/v: kept
              because: no-longer-declared
              => drop-record object=volume p/v
        "#]],
    );
    // A guest that is off leaves the network and the pool free.
    let web = Id::new(Type::Domain, "web");
    let mut off = libvirt.clone();
    off.stop(&web);
    check_in(
        &mut off,
        nothing.clone(),
        expect![[r#"
            pool p: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=pool p
            network lan: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=network lan
            snapshot web/fresh: kept
              because: no-longer-declared
              => drop-record object=snapshot web/fresh
            domain web: remove
              => archive-snapshots uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, undefine keep=["snapshots"] mustBeOff=false purge=[], confirm-archive uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, drop-record object=domain web
            volume p/v: kept
              because: no-longer-declared
              => drop-record object=volume p/v
        "#]],
    );
    let with = |prune: &str| {
        let mut manifest = nothing.clone();
        manifest["prune"] = json!(prune);
        manifest
    };
    check_in(&mut libvirt.clone(), with("none"), expect![""]);
    let mut foreign = FakeLibvirt::default();
    foreign.define(Id::new(Type::Domain, "foreign"), "<domain type='kvm'><name>foreign</name></domain>");
    check_in(
        &mut foreign,
        with("all"),
        expect![[r#"
            domain foreign: remove
              => undefine keep=[] mustBeOff=false purge=[]
        "#]],
    );
    check_in(&mut libvirt.clone(), json!({}), expect![""]);
}

/// An object that is adopted unchanged keeps what is not declared. If it has to be defined, it loses that, and the plan says so.
#[test]
fn what_is_not_declared_goes_with_the_first_change() {
    let disk = |name: &str| format!("<disk><source file='/{name}'/><target dev='{name}'/></disk>");
    let found = format!(
        "<domain type='kvm'><name>web</name><memory unit='MiB'>64</memory><os><firmware><feature name='secure-boot'/></firmware></os>
         <devices><emulator>/qemu</emulator>{}{}<rng/><controller type='usb' index='0'/><memballoon model='virtio'/></devices></domain>",
        disk("vda"),
        disk("vdb")
    );
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(Id::new(Type::Domain, "web"), &found);
    let declare = |memory| {
        let parts = format!("<memory unit='MiB'>{memory}</memory><devices>{}</devices>", disk("vda"));
        json!({ "domains": [{ "xml": domain(&parts) }] })
    };
    check_in(
        &mut libvirt.clone(),
        declare(64),
        expect![[r#"
            domain web: adopt
              => save-record
        "#]],
    );
    check_in(
        &mut libvirt,
        declare(65),
        expect![[r#"
            domain web: change
              memory: 64 MiB -> 65 MiB (now)
              devices.disk[vdb]: source.file=/vdb, target.dev=vdb -> - (now)
              devices.rng:  -> - (now)
              because: adopts-existing
              => define, save-record
        "#]],
    );
    let network = |ip| format!("<network><name>lan</name><ip address='{ip}' netmask='255.255.255.0'/></network>");
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(Id::new(Type::Network, "lan"), &network("10.0.0.1"));
    check_in(
        &mut libvirt,
        json!({ "networks": [{ "xml": network("10.0.1.1") }] }),
        expect![[r#"
            network lan: change
              ip[10.0.1.1]: - -> address=10.0.1.1, netmask=255.255.255.0 (now)
              ip[10.0.0.1]: address=10.0.0.1, netmask=255.255.255.0 -> - (now)
              because: adopts-existing
              => define, save-record
        "#]],
    );
}

#[test]
fn what_was_there_is_taken_over() {
    let kept = "<domain type='kvm'><name>web</name><uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11</uuid><memory unit='KiB'>65536</memory></domain>";
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(Id::new(Type::Domain, "web"), kept);
    let declare = |parts: &str| json!({ "domains": [{ "xml": domain(parts) }] });
    check_in(
        &mut libvirt.clone(),
        declare("<memory unit='MiB'>64</memory>"),
        expect![[r#"
            domain web: adopt
              => save-record
        "#]],
    );
    check_in(
        &mut libvirt.clone(),
        declare("<memory unit='MiB'>65</memory>"),
        expect![[r#"
            domain web: change
              memory: 64 MiB -> 65 MiB (now)
              because: adopts-existing
              => define, save-record
        "#]],
    );
    let other = "<uuid>11111111-6d6b-4c0e-9d2e-4d9b0f8f0b11</uuid>";
    check_in(
        &mut libvirt.clone(),
        declare(other),
        expect![[r#"
            domain web: error
              because: uuid-mismatch uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11
        "#]],
    );
    // Its UUID under another name.
    let renamed = kept.replace("web", "www").replace("65536", "1");
    check_in(
        &mut libvirt.clone(),
        json!({ "domains": [{ "xml": renamed }] }),
        expect![[r#"
            domain www: change
              name: web -> www (now)
              memory: 64 MiB -> 1 KiB (now)
              because: adopts-existing
              => rename from=web, define, save-record
        "#]],
    );
    libvirt.start(&Id::new(Type::Domain, "web"));
    check_in(
        &mut libvirt,
        json!({ "domains": [{ "xml": renamed }] }),
        expect![[r#"
            domain www: error
              because: runs-under-other-name name=web
        "#]],
    );
}

#[test]
fn a_lost_record_is_found_again_by_the_mark() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(running("")));
    libvirt.define(Id::new(Type::Domain, "foreign"), "<domain type='kvm'><name>foreign</name></domain>");
    libvirt.records.clear();
    check_in(
        &mut libvirt,
        json!({ "domains": [] }),
        expect![[r#"
            domain web: remove
              because: removed-once-stopped
              => undefine keep=[] mustBeOff=false purge=[]
        "#]],
    );
}

#[test]
fn cards_keep_their_addresses() {
    let two = format!("<devices>{CARD}{CARD}</devices>");
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(running(&two)));
    let web = Id::new(Type::Domain, "web");
    let macs = |libvirt: &FakeLibvirt| {
        let text = libvirt.objects[&web].definition.as_ref().expect("it is defined").to_string();
        text.lines().filter(|line| line.contains("<mac")).map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let before = macs(&libvirt);
    assert_eq!(before.len(), 2);
    let third = CARD.replace("lan", "dmz");
    libvirt.apply(&desired(running(&format!("<devices>{third}{CARD}{CARD}</devices>"))));
    let after = macs(&libvirt);
    assert_eq!(after[1..], before, "a card before them moves none");
    assert!(!before.contains(&after[0]));
}

#[test]
fn cards_that_others_made_keep_their_addresses() {
    let of_others = |mac: &str| CARD.replace("'>", &format!("'><mac address='{mac}'/>"));
    let evaluated = |place| of_others(&nixvirt_schema::formats::device::interface::mac::address("kvm", "web", place));
    let mut libvirt = FakeLibvirt::default();
    let made =
        domain(&format!("<devices>{}{}</devices>", of_others("52:54:00:00:00:01"), of_others("52:54:00:00:00:02")));
    libvirt.define(Id::new(Type::Domain, "web"), &made);
    let two = format!("<devices>{}{}</devices>", evaluated(0), evaluated(1));
    check_in(
        &mut libvirt,
        running(&two),
        expect![[r#"
            domain web: adopt, effect on the guest: start
              => save-record, start
        "#]],
    );
    let third = evaluated(2);
    check_in(
        &mut libvirt,
        running(&two.replace("</devices>", &format!("{third}</devices>"))),
        expect![[r#"
            domain web: change, effect on the guest: live
              devices.interface[52:54:00:5f:54:fe]: - -> type=network, source.network=lan, mac.address=52:54:00:5f:54:fe (now)
              => define, attach, save-record
        "#]],
    );
    // An address that was chosen is what counts.
    check_in(
        &mut libvirt,
        running(&two.replace(&evaluated(1), &of_others("52:54:00:00:00:03"))),
        expect![[r#"
            domain web: change, effect on the guest: live
              devices.interface[52:54:00:00:00:03]: - -> type=network, mac.address=52:54:00:00:00:03, source.network=lan (now)
              devices.interface[52:54:00:00:00:02]: type=network, source.network=lan, mac.address=52:54:00:00:00:02 -> - (now)
              devices.interface[52:54:00:5f:54:fe]: type=network, mac.address=52:54:00:5f:54:fe, source.network=lan -> - (now)
              => define, detach, detach, attach, save-record
        "#]],
    );
}

#[test]
fn a_card_that_the_guest_does_not_let_go_of_waits() {
    let with = |mac: &str| {
        running(&format!("<devices>{}</devices>", CARD.replace("'>", &format!("'><mac address='{mac}'/>"))))
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(with(&nixvirt_schema::formats::device::interface::mac::address("kvm", "web", 0))));
    let web = Id::new(Type::Domain, "web");
    let live = libvirt.objects[&web].live.clone();
    let now = desired(with("52:54:00:00:00:03"));
    libvirt.apply(&now);
    libvirt.objects.get_mut(&web).expect("it is there").live = live;
    expect![[r#"
        domain web: unchanged
          pending: devices.interface[52:54:00:00:00:03]: - -> type=network, mac.address=52:54:00:00:00:03, source.network=lan
          pending: devices.interface[52:54:00:8d:98:86]: type=network, mac.address=52:54:00:8d:98:86, source.network=lan -> -
    "#]].assert_eq(&show(&libvirt.plan(&now)));
}

#[test]
fn a_hub_stays_as_long_as_something_is_plugged_into_it() {
    let redirection = |address: &str| format!("<redirdev bus='usb' type='spicevmc'>{address}</redirdev>");
    let behind = "<address type='usb' bus='0' port='1.1'/>";
    let hub = "<hub type='usb'><address type='usb' bus='0' port='1'/></hub>";
    let mut libvirt = FakeLibvirt::default();
    let with = |title: &str, devices: &str| json!({ "domains": [{ "xml": domain(&format!("<title>{title}</title><devices>{devices}</devices>")) }] });
    libvirt.apply(&desired(with("One", &redirection(""))));
    // libvirt adds a hub where there are more devices than ports.
    let web = Id::new(Type::Domain, "web");
    let xml = |libvirt: &FakeLibvirt| libvirt.objects[&web].definition.as_ref().expect("it is defined").to_string();
    libvirt.define(web.clone(), &domain(&format!("<title>One</title><devices>{}{hub}</devices>", redirection(behind))));
    libvirt.apply(&desired(with("Two", &redirection(""))));
    assert!(xml(&libvirt).contains("port='1.1'") && xml(&libvirt).contains("<hub"), "{}", xml(&libvirt));
    libvirt.apply(&desired(with("Three", "")));
    assert!(!xml(&libvirt).contains("<hub"), "{}", xml(&libvirt));
}

#[test]
fn a_disk_stays_where_an_external_snapshot_put_it() {
    let mut libvirt = FakeLibvirt::default();
    let with = |parts: &str| json!({ "domains": [{ "xml": domain(&format!("{parts}<devices>{DISK}</devices>")) }] });
    libvirt.apply(&desired(with("")));
    let web = Id::new(Type::Domain, "web");
    let xml = |libvirt: &FakeLibvirt| libvirt.objects[&web].definition.as_ref().expect("it is defined").to_string();
    let moved = xml(&libvirt).replace("file='/a'", "file='/a.snapshot'");
    libvirt.define(web.clone(), &moved);
    libvirt.apply(&desired(with("<title>Web</title>")));
    assert!(xml(&libvirt).contains("/a.snapshot") && !xml(&libvirt).contains("'/a'"), "{}", xml(&libvirt));
    // A disk that is declared with another file gets that file.
    let other = with("").to_string().replace("/a'", "/b'");
    libvirt.apply(&desired(serde_json::from_str(&other).expect("JSON")));
    assert!(xml(&libvirt).contains("'/b'") && !xml(&libvirt).contains("/a"), "{}", xml(&libvirt));
}

#[test]
fn a_tpm_keeps_its_state() {
    let tpm = "<devices><tpm><backend type='emulator'/></tpm></devices>";
    let mut libvirt = FakeLibvirt::default();
    (0..2).for_each(|_| drop(libvirt.apply(&desired(running(tpm)))));
    let nothing = json!({ "domains": [] });
    check_in(
        &mut libvirt,
        nothing.clone(),
        expect![[r#"
            domain web: kept
              because: would-lose-tpm-state
        "#]],
    );
    libvirt.stop(&Id::new(Type::Domain, "web"));
    check_in(
        &mut libvirt,
        nothing,
        expect![[r#"
            domain web: remove
              => undefine keep=["tpm"] mustBeOff=true purge=[], drop-record object=domain web
        "#]],
    );
}

#[test]
fn volumes_keep_their_content() {
    let with = |volumes: Value| json!({ "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>", "active": true, "volumes": volumes }] });
    let volume = |capacity: &str| {
        with(json!([{ "xml": format!("<volume><name>v</name><capacity unit='MiB'>{capacity}</capacity></volume>") }]))
    };
    let made = [volume("10"), volume("10")];
    check(
        &made,
        volume("20"),
        expect![[r#"
            pool p: unchanged
            volume p/v: change
              capacity: 10 MiB -> 20 MiB (now)
              => grow capacity=20971520, save-record
        "#]],
    );
    check(
        &made,
        volume("5"),
        expect![[r#"
            pool p: unchanged
            volume p/v: kept
              because: never-shrinks capacity=10485760
        "#]],
    );
    check(
        &made,
        with(json!([])),
        expect![[r#"
            pool p: unchanged
            volume p/v: kept
              because: no-longer-declared
              => drop-record object=volume p/v
        "#]],
    );
    let mut cut_short = FakeLibvirt::default();
    made.iter().for_each(|manifest| drop(cut_short.apply(&desired(manifest.clone()))));
    cut_short.records.values_mut().for_each(|record| record.is_incomplete = record.id.kind == Type::Volume);
    let mut without_content = cut_short.clone();
    check_in(
        &mut without_content,
        volume("10"),
        expect![[r#"
            pool p: unchanged
            volume p/v: change
              because: content-incomplete
              => save-record
        "#]],
    );
    check_in(
        &mut cut_short,
        with(json!([])),
        expect![[r#"
            pool p: unchanged
            volume p/v: kept
              because: no-longer-declared
              because: content-incomplete
        "#]],
    );
    check(
        &made,
        with(json!([{ "name": "v", "present": false }])),
        expect![[r#"
            pool p: unchanged
            volume p/v: remove
              => delete-volume, drop-record object=volume p/v
        "#]],
    );
    let used_by = |mut pools: Value| {
        let disk = "<disk type='volume'><source pool='p' volume='v'/><target dev='vda'/></disk>";
        pools["domains"] = json!([{ "xml": domain(&format!("<devices>{disk}</devices>")), "active": true }]);
        pools
    };
    let gone = with(json!([{ "name": "v", "present": false }]));
    check(
        &[used_by(volume("10")), used_by(volume("10"))],
        used_by(gone),
        expect![[r#"
            pool p: unchanged
            domain web: unchanged
            volume p/v: error
              because: still-in-use by=["web"] prevents=delete
        "#]],
    );
}

#[test]
fn a_network_changes_while_its_guests_use_it() {
    let with = |dhcp: &str| {
        let xml =
            format!("<network><name>lan</name><ip address='10.0.0.1' netmask='255.255.255.0'>{dhcp}</ip></network>");
        json!({
            "networks": [{ "xml": xml, "active": true, "onChange": "restart" }],
            "domains": [{ "xml": domain(&format!("<devices>{CARD}</devices>")), "active": true }],
        })
    };
    let host = |mac: &str, ip: &str| format!("<dhcp><host mac='{mac}' ip='{ip}'/></dhcp>");
    let live = |manifest: Value| {
        let mut manifest = manifest;
        manifest["networks"][0]["onChange"] = json!("live");
        manifest
    };
    let (one, two) = (with(&host("52:54:00:00:00:01", "10.0.0.2")), with(&host("52:54:00:00:00:02", "10.0.0.2")));
    check(
        &[live(with("")), live(with(""))],
        live(one.clone()),
        expect![[r#"
            network lan: change
              ip[10.0.0.1].dhcp: - -> host.mac=52:54:00:00:00:01, host.ip=10.0.0.2 (now)
              => define, update-network how=add parent=0 section=ip-dhcp-host, save-record
            domain web: unchanged
        "#]],
    );
    check(
        &[live(one.clone())],
        live(two.clone()),
        expect![[r#"
            network lan: change
              ip[10.0.0.1].dhcp.host[10.0.0.2].mac: 52:54:00:00:00:01 -> 52:54:00:00:00:02 (now)
              => define, update-network how=delete parent=0 section=ip-dhcp-host, update-network how=add parent=0 section=ip-dhcp-host, save-record
            domain web: unchanged
        "#]],
    );
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(one));
    expect![[r#"
        network lan: change
          ip[10.0.0.1].dhcp.host[10.0.0.2].mac: 52:54:00:00:00:01 -> 52:54:00:00:00:02 (next-start)
          because: still-in-use by=["web"] prevents=restart
          => define, save-record
        domain web: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(two))));
}

#[test]
fn a_port_that_libvirt_numbers_is_the_one_that_was_declared() {
    let kept = domain("<devices><serial type='pty'><target port='0'/></serial></devices>");
    let declared = domain("<devices><serial type='pty'/></devices>");
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(Id::new(Type::Domain, "web"), &kept);
    check_in(
        &mut libvirt,
        json!({ "domains": [{ "xml": declared }] }),
        expect![[r#"
            domain web: adopt
              => save-record
        "#]],
    );
}

#[test]
fn what_a_guest_is_about_to_need_is_not_stopped() {
    let both = json!({
        "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>", "active": true }],
        "networks": [{ "xml": "<network><name>lan</name></network>", "active": true }],
    });
    let devices = "<devices><disk type='volume'><source pool='p' volume='v'/><target dev='vda'/></disk>\
                   <interface type='network'><source network='lan'/></interface></devices>";
    check(
        &[both],
        json!({ "pools": [], "networks": [], "domains": [{ "xml": domain(devices), "active": true }] }),
        expect![[r#"
            domain web: create, effect on the guest: start
              => define, save-record, start
            network lan: kept
              because: still-in-use by=["web"] prevents=remove
            pool p: kept
              because: still-in-use by=["web"] prevents=remove
        "#]],
    );
}

#[test]
fn volumes_of_a_domain_are_made_in_any_pool_that_runs() {
    let volume = json!({ "pool": "p", "xml": "<volume><name>v</name><capacity>10</capacity></volume>" });
    let guest = json!([{ "xml": domain(""), "volumes": [volume] }]);
    // No pool is declared and there is none.
    check(
        &[],
        json!({ "domains": guest }),
        expect![[r#"
            volume p/v: error
              because: pool-missing pool=pool p
            domain web: create
              => define, save-record
        "#]],
    );
    // One that is there, which is nobody's, does not run.
    let mut libvirt = FakeLibvirt::default();
    let pool = Observed { is_persistent: true, ..Observed::default() };
    libvirt.objects.insert(Id::new(Type::Pool, "p"), pool.clone());
    check_in(
        &mut libvirt,
        json!({ "domains": guest }),
        expect![[r#"
            volume p/v: error
              because: pool-not-running pool=pool p
            domain web: create
              => define, save-record
        "#]],
    );
    // Or it runs.
    libvirt.objects.insert(Id::new(Type::Pool, "p"), Observed { is_active: true, ..pool });
    check_in(
        &mut libvirt,
        json!({ "domains": guest }),
        expect![[r#"
            volume p/v: create
              => create-volume, save-record
            domain web: unchanged
        "#]],
    );
    // One that is declared is started for them.
    let mut libvirt = FakeLibvirt::default();
    let both = desired(json!({ "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>" }], "domains": guest }));
    expect![[r#"
        pool p: create
          => define, save-record, build, start
        volume p/v: deferred
          because: waits-for-pool pool=pool p
        domain web: create
          => define, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&both)));
    expect![[r#"
        pool p: unchanged
        volume p/v: create
          => create-volume, save-record
        domain web: unchanged
    "#]]
    .assert_eq(&show(&libvirt.apply(&both)));
    assert!(libvirt.plan(&both).is_empty());
    // Unless it is not to run.
    check(
        &[],
        json!({ "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>", "active": false }], "domains": guest }),
        expect![[r#"
            pool p: create
              => define, save-record
            volume p/v: kept
              because: pool-declared-inactive pool=pool p
            domain web: create
              => define, save-record
        "#]],
    );
}

const ABSENT: fn() -> Value = || json!({ "domains": [] });

#[test]
fn the_snapshots_of_an_undefined_domain_are_archived_and_restored() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(running("")));
    libvirt.stop(&Id::new(Type::Domain, "web"));
    libvirt.define(Id::within(Type::Snapshot, "web", "old"), "<domainsnapshot><name>old</name></domainsnapshot>");
    check_in(
        &mut libvirt,
        ABSENT(),
        expect![[r#"
            domain web: remove
              => archive-snapshots uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, undefine keep=["snapshots"] mustBeOff=false purge=[], confirm-archive uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, drop-record object=domain web
        "#]],
    );
    // The declared snapshot is restored, and not created.
    let snapshots = json!([{ "xml": "<domainsnapshot><name>old</name></domainsnapshot>" }]);
    let declared = json!({ "domains": [{ "xml": domain(""), "snapshots": snapshots }] });
    check_in(
        &mut libvirt,
        declared,
        expect![[r#"
            domain web: create
              => define, restore-snapshot isCurrent=false name=old, drop-archive uuid=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39, save-record
            snapshot web/old: adopt
              => save-record
        "#]],
    );
    assert!(libvirt.archive.domains.is_empty());
}

/// A run may be killed between any two steps.
#[test]
fn snapshots_survive_a_killed_run() {
    let absent = desired(ABSENT());
    let back = desired(running("<title>Back</title>"));
    let mut start = FakeLibvirt::default();
    start.apply(&desired(running("")));
    start.stop(&Id::new(Type::Domain, "web"));
    let snapshot = Id::within(Type::Snapshot, "web", "old");
    start.define(snapshot.clone(), "<domainsnapshot><name>old</name></domainsnapshot>");
    let steps = |libvirt: &FakeLibvirt, desired| {
        let entries = libvirt.plan(desired).entries.into_iter();
        entries.flat_map(|it| it.steps.into_iter().map(move |step| (it.id.clone(), step))).collect::<Vec<_>>()
    };
    let prefixes = |libvirt: &FakeLibvirt, desired| {
        let steps = steps(libvirt, desired);
        let cut = |end: usize| {
            let mut cut = libvirt.clone();
            steps[..end].iter().for_each(|(id, step)| cut.execute(id, step));
            cut
        };
        (0..=steps.len()).map(cut).collect::<Vec<_>>()
    };
    for removed in prefixes(&start, &absent) {
        for mut restored in prefixes(&removed, &back) {
            restored.apply(&back);
            assert!(restored.objects.contains_key(&snapshot));
            assert!(restored.plan(&back).is_empty(), "{}", show(&restored.plan(&back)));
        }
    }
}

#[test]
fn a_saved_state_keeps_its_domain() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(running("")));
    libvirt.stop(&Id::new(Type::Domain, "web"));
    libvirt.objects.get_mut(&Id::new(Type::Domain, "web")).expect("it exists").has_managed_save = true;
    check_in(
        &mut libvirt,
        ABSENT(),
        expect![[r#"
        domain web: kept
          because: would-lose-saved-state
    "#]],
    );
}

#[test]
fn an_archive_that_cannot_be_read_stops_its_domain() {
    let mut libvirt = FakeLibvirt::default();
    let uuid = "0a1b2c3d-0000-4000-8000-00000000000a";
    let error = UnreadableRecord { path: "/kept/a.json".into(), message: "expected XML".to_owned() };
    libvirt.archive.unreadable.insert(uuid.to_owned(), error);
    check_in(
        &mut libvirt,
        running(&format!("<uuid>{}</uuid>", uuid.replace('-', ""))),
        expect![[r#"
        domain web: error
          because: unreadable-archive file=/kept/a.json message=expected XML
    "#]],
    );
}

/// Someone has deleted the guest, and defined another one under its name.
#[test]
fn another_object_of_the_name() {
    let manifest = json!({ "domains": [{ "xml": domain("") }] });
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(manifest.clone()));
    let other = "<domain><name>web</name><uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999</uuid></domain>";
    libvirt.define(Id::new(Type::Domain, "web"), other);
    check_in(
        &mut libvirt.clone(),
        manifest,
        expect![[r#"
        domain web: error
          because: other-object applied=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39 uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999
    "#]],
    );
    let meant = domain("<uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999</uuid>");
    check_in(
        &mut libvirt.clone(),
        json!({ "domains": [{ "xml": meant }] }),
        expect![[r#"
        domain web: change
          type: - -> kvm (now)
          because: adopts-existing
          => define, save-record
    "#]],
    );
    check_in(
        &mut libvirt,
        json!({ "domains": [] }),
        expect![[r#"
        domain web: kept
          because: other-object applied=38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39 uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999
          => drop-record object=domain web
    "#]],
    );
}

/// Nobody chose a UUID that follows from the name.
#[test]
fn a_derived_uuid_gives_way_to_that_of_the_object() {
    let other = "<uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999</uuid>";
    let chosen = "<uuid>0b5e5cf1-7fd4-4d35-8c8e-4c0b2f9f1c11</uuid>";
    let derived = |kind| format!("<uuid>{}</uuid>", identity::uuid(kind, "default"));
    let domain = |uuid: &str, title: &str| format!("<domain type='kvm'><name>default</name>{uuid}{title}</domain>");
    let network = |uuid: &str, mode: &str| format!("<network><name>default</name>{uuid}{mode}</network>");
    let pool = |uuid: &str, path: &str| {
        format!("<pool type='dir'><name>default</name>{uuid}<target><path>{path}</path></target></pool>")
    };
    let filter = |uuid: &str, chain: &str| format!("<filter name='default'{chain}>{uuid}</filter>");
    let mut libvirt = FakeLibvirt::default();
    libvirt.define(Id::new(Type::Domain, "default"), &domain(other, ""));
    libvirt.define(Id::new(Type::Network, "default"), &network(other, ""));
    libvirt.define(Id::new(Type::Pool, "default"), &pool(other, "/a"));
    libvirt.define(Id::new(Type::Nwfilter, "default"), &filter(other, ""));
    let declared = |title: &str, mode: &str, path: &str, chain: &str| {
        json!({
            "domains": [{ "xml": domain(&derived("domain"), title) }],
            "networks": [{ "xml": network(&derived("network"), mode) }],
            "pools": [{ "xml": pool(&derived("pool"), path) }],
            "nwfilters": [{ "xml": filter(&derived("nwfilter"), chain) }],
        })
    };
    check_in(
        &mut libvirt,
        declared("", "", "/a", ""),
        expect![[r#"
        nwfilter default: adopt
          => save-record
        pool default: adopt
          => save-record
        network default: adopt
          => save-record
        domain default: adopt
          => save-record
    "#]],
    );
    let title = "<title>Web</title>";
    let mode = "<forward mode='route'/>";
    check_in(
        &mut libvirt,
        declared(title, mode, "/b", " chain='ipv4'"),
        expect![[r#"
        nwfilter default: change, effect on the guest: live
          chain: - -> ipv4 (now)
          => define, save-record
        pool default: change
          target.path: /a -> /b (now)
          => define, save-record
        network default: change
          forward: - -> mode=route (now)
          => define, save-record
        domain default: change
          title: - -> Web (now)
          => define, save-record
    "#]],
    );
    let uuids: Vec<_> = libvirt.objects.values().map(|it| it.uuid.as_deref().unwrap_or_default()).collect();
    assert_eq!(uuids, ["6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999"; 4]);
    check_in(
        &mut libvirt,
        json!({ "domains": [{ "xml": domain(chosen, title) }] }),
        expect![[r#"
        domain default: create
          because: replaces uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f9999
          => undefine keep=[] mustBeOff=false purge=[], define, save-record
    "#]],
    );
}

#[test]
fn what_could_not_be_read() {
    let volume = json!({ "xml": "<volume><name>v</name><capacity>1</capacity></volume>" });
    let pools = |volumes: Value| json!([{ "xml": "<pool type='dir'><name>p</name></pool>", "active": true, "volumes": volumes }]);
    let manifest = json!({ "pools": pools(json!([volume])), "domains": [{ "xml": domain("") }] });
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(manifest.clone()));
    libvirt.apply(&desired(manifest.clone()));
    let error = ErrorMessage { message: "it hangs".into(), hint: None };
    let mut unlisted = libvirt.clone();
    unlisted.objects.retain(|id, _| id.kind != Type::Volume);
    let pool = unlisted.objects.get_mut(&Id::new(Type::Pool, "p")).expect("it was applied");
    pool.parts_error = Some(error.clone());
    check_in(
        &mut unlisted,
        manifest,
        expect![[r#"
        pool p: unchanged
        volume p/v: error
          because: unlisted-parent error={"hint":null,"message":"it hangs"} parent=pool p
        domain web: unchanged
    "#]],
    );
    libvirt.objects.values_mut().for_each(|observed| observed.error = Some(error.clone()));
    check_in(
        &mut libvirt,
        json!({ "pools": pools(json!([])), "domains": [] }),
        expect![[r#"
        pool p: error
          because: unreadable-definition error={"hint":null,"message":"it hangs"}
        domain web: error
          because: unreadable-definition error={"hint":null,"message":"it hangs"}
        volume p/v: error
          because: unreadable-definition error={"hint":null,"message":"it hangs"}
    "#]],
    );
}

#[test]
fn a_volume_that_an_interrupted_run_may_have_created() {
    let with = |content: Value| {
        let volume = json!({ "xml": "<volume><name>v</name><capacity>1</capacity></volume>", "content": content });
        json!({ "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>", "active": true, "volumes": [volume] }] })
    };
    let file = with(json!({ "file": "/image" }));
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(file.clone()));
    libvirt.apply(&desired(file.clone()));
    libvirt.records.values_mut().for_each(|record| record.is_incomplete = record.id.kind == Type::Volume);
    check_in(
        &mut libvirt.clone(),
        file.clone(),
        expect![[r#"
        pool p: unchanged
        volume p/v: change
          because: may-be-another
          => check-empty, save-record incomplete, fill file=/image, save-record
    "#]],
    );
    check_in(
        &mut libvirt.clone(),
        with(json!({ "volume": { "name": "base" } })),
        expect![[r#"
        pool p: unchanged
        volume p/v: change
          because: may-be-another
          => check-empty, save-record incomplete, clone-volume pool=p volume=base, save-record
    "#]],
    );
    libvirt.records.values_mut().for_each(|record| record.is_created = record.is_incomplete);
    check_in(
        &mut libvirt,
        file,
        expect![[r#"
        pool p: unchanged
        volume p/v: change
          because: rewrites-content
          => save-record incomplete, fill file=/image, save-record
    "#]],
    );
}

/// A declaration that leaves out what libvirt fills in again, as `init` writes one, changes no definition. Beside another change, all
/// that it leaves out is shown.
#[test]
fn defaults_that_are_left_out() {
    let os = |machine: &str| format!("<os><type arch='x86_64' machine='{machine}'>hvm</type></os>");
    let all = os("q35")
        + "<on_crash>destroy</on_crash><clock offset='utc'/><devices><memballoon model='virtio'/>\
           <watchdog model='itco' action='reset'/></devices>";
    let brief = os("q35") + "<devices/>";
    check(
        &[running(&all)],
        running(&brief),
        expect![[r#"
        domain web: state-change
          => save-record
    "#]],
    );
    check(
        &[running(&all)],
        running(&os("pc")),
        expect![[r#"
        domain web: change
          os.type.machine: q35 -> pc (next-start)
          on_crash: destroy -> - (next-start)
          clock: offset=utc -> - (next-start)
          devices: memballoon.model=virtio, watchdog.model=itco, watchdog.action=reset -> - (next-start)
          => define, save-record
    "#]],
    );
    let other = all.replace("destroy", "restart");
    check(
        &[running(&other)],
        running(&brief),
        expect![[r#"
        domain web: change
          devices.memballoon: model=virtio -> - (next-start)
          devices.watchdog[itco]: model=itco, action=reset -> - (next-start)
          on_crash: restart -> - (next-start)
          clock: offset=utc -> - (next-start)
          => define, save-record
    "#]],
    );
    // A version that is declared is no default.
    let versions = ["pc-q35-8.0", "pc-q35-9.2"].map(os);
    check(
        &[running(&versions[0])],
        running(&versions[1]),
        expect![[r#"
        domain web: change
          os.type.machine: pc-q35-8.0 -> pc-q35-9.2 (next-start)
          => define, save-record
    "#]],
    );
    // A guest without NUMA is a single node.
    let pages =
        |nodes: &str| format!("<memoryBacking><hugepages><page size='2048'{nodes}/></hugepages></memoryBacking>");
    check(
        &[running(&pages(" nodeset='0'"))],
        running(&pages("")),
        expect![[r#"
        domain web: unchanged
    "#]],
    );
}
