//! What is planned, and where plans lead.

mod documented;
mod world;

use expect_test::{Expect, expect};
use nixvirt::inventory::Found;
use nixvirt::object::{Id, Type};
use serde_json::{Value, json};
use world::{World, desired, show};

/// Applies one declaration after the other and shows the plan of the last, which must leave nothing to do.
#[track_caller]
fn check(before: &[Value], now: Value, expected: Expect) -> World {
    let mut world = World::default();
    before.iter().for_each(|manifest| drop(world.apply(&desired(manifest.clone()))));
    check_in(&mut world, now, expected);
    world
}

#[track_caller]
fn check_in(world: &mut World, now: Value, expected: Expect) {
    let desired = desired(now);
    expected.assert_eq(&show(&world.apply(&desired)));
    let again = world.plan(&desired);
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
    let mut world = World::default();
    let desired = desired(all());
    expect![[r#"
        secret ceph c: create
          => define, remember
        nwfilter f: create
          => define, remember
        pool p: create
          => define, remember, start
        volume p/v: deferred
          note: what there is to do is known when pool p runs
        network lan: create
          => define, remember, autostart true, start
        domain web: create, a guest notices: start
          => define, remember, autostart true, start
        snapshot web/fresh: create
          => create-snapshot, remember
    "#]]
    .assert_eq(&show(&world.apply(&desired)));
    // The pool runs now, so that its volumes are known.
    expect![[r#"
        secret ceph c: unchanged
        nwfilter f: unchanged
        pool p: unchanged
        volume p/v: create
          => remember as half filled, create-volume, fill, remember
        network lan: unchanged
        domain web: unchanged
        snapshot web/fresh: unchanged
    "#]]
    .assert_eq(&show(&world.apply(&desired)));
    assert!(world.plan(&desired).is_empty());
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
        changed
    };
    let (first, second) = (desired(all()), desired(changed));
    let finish = |world: &mut World| (0..4).for_each(|_| drop(world.apply(&second)));
    let mut start = World::default();
    (0..2).for_each(|_| drop(start.apply(&first)));
    let mut whole = start.clone();
    finish(&mut whole);
    assert!(whole.plan(&second).is_empty(), "{}", show(&whole.plan(&second)));
    let steps: Vec<_> = start.plan(&second).entries.into_iter().flat_map(|entry| entry.steps).collect();
    assert!(steps.len() > 10, "the plan is long enough to be cut");
    for end in 0..steps.len() {
        let mut cut = start.clone();
        steps[..end].iter().for_each(|step| cut.perform(step));
        finish(&mut cut);
        assert_eq!(cut.has, whole.has, "cut after {end} steps");
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
            domain web: change, a guest notices: live
              title: Old -> New (now)
              currentMemory: - -> 32 unit=MiB (now)
              vcpu.current: 1 -> 2 (now)
              devices.interface[52:54:00:8d:98:86].source.network: lan -> dmz (now)
              devices.disk[sda].source.file: /one.iso -> /two.iso (now)
              devices.disk[vdb]: - -> type=file source(file=/b) target(dev=vdb bus=virtio) (now)
              => define, set-metadata, set-memory to 32768, set-vcpus to 2, update, update, attach, remember
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
              => define, set-metadata, remember
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
        domain web: change, a guest notices: live
          secret: (secret) -> (secret) (now)
          => define, update, remember
    "#]],
    );
    // A secret elsewhere may be the one that is new.
    let curl = "<disk type='network'><source protocol='https' name='a'><cookies><cookie name='a'>b</cookie></cookies></source><target dev='vdc' bus='virtio'/></disk>";
    let two = |passwd| running(&format!("<devices>{DISK}{curl}<graphics type='vnc' passwd='{passwd}'/></devices>"));
    check(
        &[two("old")],
        two("new"),
        expect![[r#"
        domain web: change, a guest notices: live
          secret: (secret) -> (secret) (next-start)
          => define, update, remember
    "#]],
    );
}

#[test]
fn the_rest_waits_for_its_next_start() {
    let before = running(&format!("<memory unit='MiB'>64</memory><devices>{DISK}</devices>"));
    let now = running(&format!("<memory unit='MiB'>128</memory><devices>{}</devices>", DISK.replace("/a", "/b")));
    let mut world = check(
        &[before],
        now.clone(),
        expect![[r#"
        domain web: change
          memory: 64 unit=MiB -> 128 unit=MiB (next-start)
          devices.disk[vda].source.file: /a -> /b (next-start)
          => define, remember
    "#]],
    );
    expect![[r#"
        domain web: unchanged
          waits: memory: 64 unit=MiB -> 128 unit=MiB
          waits: devices.disk[vda].source.file: /a -> /b
    "#]]
    .assert_eq(&show(&world.plan(&desired(now.clone()))));
    let web = Id::new(Type::Domain, "web");
    world.stop(&web);
    world.start(&web);
    expect![[r#"
        domain web: unchanged
    "#]]
    .assert_eq(&show(&world.plan(&desired(now))));
}

#[test]
fn what_a_change_does_is_a_policy() {
    let with = |policy: &str, memory: &str| json!({ "onChange": policy, "domains": [{ "xml": domain(&format!("<memory>{memory}</memory><title>{memory}</title>")), "active": true }] });
    check(
        &[with("stage", "1")],
        with("stage", "2"),
        expect![[r#"
        domain web: change
          memory: 1 -> 2 (next-start)
          title: 1 -> 2 (next-start)
          => define, remember
    "#]],
    );
    check(
        &[with("restart", "1")],
        with("restart", "2"),
        expect![[r#"
        domain web: change, a guest notices: restart
          memory: 1 -> 2 (now)
          title: 1 -> 2 (now)
          => define, remember, stop, start, remember
    "#]],
    );
    let mut world = World::default();
    world.apply(&desired(with("never", "1")));
    expect![[r#"
        domain web: left-alone
          memory: 1 -> 2 (next-start)
          title: 1 -> 2 (next-start)
          note: it runs, and `onChange` is "never": it is changed when it has stopped
    "#]]
    .assert_eq(&show(&world.plan(&desired(with("never", "2")))));
}

#[test]
fn active_and_restart_mean_what_they_did_for_nixvirt() {
    let with = |active: Option<bool>, restart: Option<bool>, title: &str| {
        let xml = domain(&format!("<title>{title}</title>"));
        json!({ "domains": [{ "xml": xml, "active": active, "restart": restart }] })
    };
    let plan = |before: &[Value], now: Value, expected: Expect| {
        let mut world = World::default();
        before.iter().for_each(|it| drop(world.apply(&desired(it.clone()))));
        expected.assert_eq(&show(&world.plan(&desired(now))));
    };
    // A new one stays off, and what runs goes on, unless more is asked for.
    plan(
        &[],
        with(None, None, "1"),
        expect![[r#"
        domain web: create
          => define, remember
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
        domain web: run, a guest notices: stop
          => stop
    "#]],
    );
    // With true at each activation, with false never.
    plan(
        &[with(Some(true), None, "1")],
        with(Some(true), Some(true), "1"),
        expect![[r#"
        domain web: run, a guest notices: restart
          => stop, start, remember
    "#]],
    );
    plan(
        &[with(Some(true), None, "1")],
        with(Some(true), Some(true), "2"),
        expect![[r#"
        domain web: change, a guest notices: restart
          title: 1 -> 2 (now)
          => define, set-metadata, remember, stop, start, remember
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
          => define, set-metadata, remember
    "#]],
    );
}

#[test]
fn what_is_no_longer_declared() {
    let nothing = json!({ "networks": [], "pools": [], "domains": [] });
    let mut world = World::default();
    world.define(Id::new(Type::Domain, "foreign"), "<domain type='kvm'><name>foreign</name></domain>");
    (0..2).for_each(|_| drop(world.apply(&desired(all()))));
    check_in(
        &mut world.clone(),
        nothing.clone(),
        expect![[r#"
        snapshot web/fresh: left-alone
          note: it is no longer declared, and stays; `present = false` deletes it
          => forget
        domain web: remove
          note: it runs on, and is gone when it has shut down
          => undefine, forget
        network lan: remove
          note: it is used by web, and is gone when it is stopped
          => undefine, forget
        volume p/v: left-alone
          note: it is no longer declared, and stays; `present = false` deletes it
          => forget
        pool p: remove
          => stop, undefine, forget
    "#]],
    );
    // A guest that is off leaves the network and the pool free.
    let web = Id::new(Type::Domain, "web");
    let mut off = world.clone();
    off.stop(&web);
    check_in(
        &mut off,
        nothing.clone(),
        expect![[r#"
        snapshot web/fresh: left-alone
          note: it is no longer declared, and stays; `present = false` deletes it
          => forget
        domain web: remove
          => undefine, forget
        network lan: remove
          => stop, undefine, forget
        volume p/v: left-alone
          note: it is no longer declared, and stays; `present = false` deletes it
          => forget
        pool p: remove
          => stop, undefine, forget
    "#]],
    );
    let with = |prune: &str| {
        let mut manifest = nothing.clone();
        manifest["prune"] = json!(prune);
        manifest
    };
    check_in(&mut world.clone(), with("none"), expect![""]);
    let mut foreign = World::default();
    foreign.define(Id::new(Type::Domain, "foreign"), "<domain type='kvm'><name>foreign</name></domain>");
    check_in(
        &mut foreign,
        with("all"),
        expect![[r#"
        domain foreign: remove
          => undefine
    "#]],
    );
    check_in(&mut world.clone(), json!({}), expect![""]);
}

#[test]
fn what_was_there_is_taken_over() {
    let kept = "<domain type='kvm'><name>web</name><uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11</uuid><memory unit='KiB'>65536</memory></domain>";
    let mut world = World::default();
    world.define(Id::new(Type::Domain, "web"), kept);
    let declare = |parts: &str| json!({ "domains": [{ "xml": domain(parts) }] });
    check_in(
        &mut world.clone(),
        declare("<memory unit='MiB'>64</memory>"),
        expect![[r#"
        domain web: take-over
          => remember
    "#]],
    );
    check_in(
        &mut world.clone(),
        declare("<memory unit='MiB'>65</memory>"),
        expect![[r#"
        domain web: change
          memory: 65536 unit=KiB -> 65 unit=MiB (now)
          note: it was there, and is taken over
          => define, remember
    "#]],
    );
    let other = "<uuid>11111111-6d6b-4c0e-9d2e-4d9b0f8f0b11</uuid>";
    check_in(
        &mut world.clone(),
        declare(other),
        expect![[r#"
        domain web: impossible
          note: libvirt has another domain web with the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11: declare that UUID, or none, to take it over
    "#]],
    );
    // Its UUID under another name.
    let renamed = kept.replace("web", "www").replace("65536", "1");
    check_in(
        &mut world.clone(),
        json!({ "domains": [{ "xml": renamed }] }),
        expect![[r#"
        domain www: change
          name: web -> www (now)
          memory: 65536 unit=KiB -> 1 unit=KiB (now)
          note: it was there, and is taken over
          note: it was named "web"
          => rename from web, define, remember
    "#]],
    );
    world.start(&Id::new(Type::Domain, "web"));
    check_in(
        &mut world,
        json!({ "domains": [{ "xml": renamed }] }),
        expect![[r#"
        domain www: impossible
          note: it runs under the name "web": it can be renamed when it is off
    "#]],
    );
}

#[test]
fn a_lost_record_is_found_again_by_the_mark() {
    let mut world = World::default();
    world.apply(&desired(running("")));
    world.define(Id::new(Type::Domain, "foreign"), "<domain type='kvm'><name>foreign</name></domain>");
    world.records.clear();
    check_in(
        &mut world,
        json!({ "domains": [] }),
        expect![[r#"
        domain web: remove
          note: it runs on, and is gone when it has shut down
          => undefine
    "#]],
    );
}

#[test]
fn cards_keep_their_addresses() {
    let two = format!("<devices>{CARD}{CARD}</devices>");
    let mut world = World::default();
    world.apply(&desired(running(&two)));
    let web = Id::new(Type::Domain, "web");
    let macs = |world: &World| {
        let text = world.has[&web].xml.clone().unwrap_or_default();
        text.lines().filter(|line| line.contains("<mac")).map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let before = macs(&world);
    assert_eq!(before.len(), 2);
    let third = CARD.replace("lan", "dmz");
    world.apply(&desired(running(&format!("<devices>{third}{CARD}{CARD}</devices>"))));
    let after = macs(&world);
    assert_eq!(after[1..], before, "a card before them moves none");
    assert!(!before.contains(&after[0]));
}

#[test]
fn cards_that_others_made_keep_their_addresses() {
    let of_others = |mac: &str| CARD.replace("'>", &format!("'><mac address='{mac}'/>"));
    let evaluated = |place| of_others(&nixvirt_schema::formats::device::interface::mac::address("kvm", "web", place));
    let mut world = World::default();
    let made =
        domain(&format!("<devices>{}{}</devices>", of_others("52:54:00:00:00:01"), of_others("52:54:00:00:00:02")));
    world.define(Id::new(Type::Domain, "web"), &made);
    let two = format!("<devices>{}{}</devices>", evaluated(0), evaluated(1));
    check_in(
        &mut world,
        running(&two),
        expect![[r#"
        domain web: take-over, a guest notices: start
          => remember, start
    "#]],
    );
    let third = evaluated(2);
    check_in(
        &mut world,
        running(&two.replace("</devices>", &format!("{third}</devices>"))),
        expect![[r#"
        domain web: change, a guest notices: live
          devices.interface[52:54:00:5f:54:fe]: - -> type=network source(network=lan) mac(address=52:54:00:5f:54:fe) (now)
          => define, attach, remember
    "#]],
    );
    // An address that was chosen is what counts.
    check_in(
        &mut world,
        running(&two.replace(&evaluated(1), &of_others("52:54:00:00:00:03"))),
        expect![[r#"
        domain web: change, a guest notices: live
          devices.interface[52:54:00:00:00:03]: - -> type=network mac(address=52:54:00:00:00:03) source(network=lan) (now)
          devices.interface[52:54:00:00:00:02]: type=network source(network=lan) mac(address=52:54:00:00:00:02) -> - (now)
          devices.interface[52:54:00:5f:54:fe]: type=network mac(address=52:54:00:5f:54:fe) source(network=lan) -> - (now)
          => define, detach, detach, attach, remember
    "#]],
    );
}

#[test]
fn a_card_that_the_guest_does_not_let_go_of_waits() {
    let with = |mac: &str| {
        running(&format!("<devices>{}</devices>", CARD.replace("'>", &format!("'><mac address='{mac}'/>"))))
    };
    let mut world = World::default();
    world.apply(&desired(with(&nixvirt_schema::formats::device::interface::mac::address("kvm", "web", 0))));
    let web = Id::new(Type::Domain, "web");
    let live = world.has[&web].live_xml.clone();
    let now = desired(with("52:54:00:00:00:03"));
    world.apply(&now);
    world.has.get_mut(&web).expect("it is there").live_xml = live;
    expect![[r#"
        domain web: unchanged
          waits: devices.interface[52:54:00:00:00:03]: - -> type=network mac(address=52:54:00:00:00:03) source(network=lan)
          waits: devices.interface[52:54:00:8d:98:86]: type=network mac(address=52:54:00:8d:98:86) source(network=lan) -> -
    "#]].assert_eq(&show(&world.plan(&now)));
}

#[test]
fn a_hub_stays_as_long_as_something_is_plugged_into_it() {
    let redirection = |address: &str| format!("<redirdev bus='usb' type='spicevmc'>{address}</redirdev>");
    let behind = "<address type='usb' bus='0' port='1.1'/>";
    let hub = "<hub type='usb'><address type='usb' bus='0' port='1'/></hub>";
    let mut world = World::default();
    let with = |title: &str, devices: &str| json!({ "domains": [{ "xml": domain(&format!("<title>{title}</title><devices>{devices}</devices>")) }] });
    world.apply(&desired(with("One", &redirection(""))));
    // libvirt adds a hub where there are more devices than ports.
    let web = Id::new(Type::Domain, "web");
    let xml = |world: &World| world.has[&web].xml.clone().unwrap_or_default();
    world.define(web.clone(), &domain(&format!("<title>One</title><devices>{}{hub}</devices>", redirection(behind))));
    world.apply(&desired(with("Two", &redirection(""))));
    assert!(xml(&world).contains("port='1.1'") && xml(&world).contains("<hub"), "{}", xml(&world));
    world.apply(&desired(with("Three", "")));
    assert!(!xml(&world).contains("<hub"), "{}", xml(&world));
}

#[test]
fn a_disk_stays_where_an_external_snapshot_put_it() {
    let mut world = World::default();
    let with = |parts: &str| json!({ "domains": [{ "xml": domain(&format!("{parts}<devices>{DISK}</devices>")) }] });
    world.apply(&desired(with("")));
    let web = Id::new(Type::Domain, "web");
    let xml = |world: &World| world.has[&web].xml.clone().unwrap_or_default();
    let moved = xml(&world).replace("file='/a'", "file='/a.snapshot'");
    world.define(web.clone(), &moved);
    world.apply(&desired(with("<title>Web</title>")));
    assert!(xml(&world).contains("/a.snapshot") && !xml(&world).contains("'/a'"), "{}", xml(&world));
    // One that is declared anew is what it says.
    let other = with("").to_string().replace("/a'", "/b'");
    world.apply(&desired(serde_json::from_str(&other).expect("JSON")));
    assert!(xml(&world).contains("'/b'") && !xml(&world).contains("/a"), "{}", xml(&world));
}

#[test]
fn a_tpm_keeps_its_state() {
    let tpm = "<devices><tpm><backend type='emulator'/></tpm></devices>";
    let mut world = World::default();
    (0..2).for_each(|_| drop(world.apply(&desired(running(tpm)))));
    let nothing = json!({ "domains": [] });
    check_in(
        &mut world,
        nothing.clone(),
        expect![[r#"
        domain web: left-alone
          note: it runs, and its TPM would lose its state if it went now: it goes when it is off
    "#]],
    );
    world.stop(&Id::new(Type::Domain, "web"));
    check_in(
        &mut world,
        nothing,
        expect![[r#"
        domain web: remove
          => undefine, forget
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
          capacity: 10 unit=MiB -> 20 unit=MiB (now)
          => grow to 20971520, remember
    "#]],
    );
    check(
        &made,
        volume("5"),
        expect![[r#"
            pool p: unchanged
            volume p/v: left-alone
              note: it has 10485760 bytes already: a volume is never made smaller, for that would cut its content
        "#]],
    );
    check(
        &made,
        with(json!([])),
        expect![[r#"
        pool p: unchanged
        volume p/v: left-alone
          note: it is no longer declared, and stays; `present = false` deletes it
          => forget
    "#]],
    );
    let mut cut_short = World::default();
    made.iter().for_each(|manifest| drop(cut_short.apply(&desired(manifest.clone()))));
    cut_short.records.values_mut().for_each(|record| record.is_half_filled = record.id.kind == Type::Volume);
    let mut without_content = cut_short.clone();
    check_in(
        &mut without_content,
        volume("10"),
        expect![[r#"
        pool p: unchanged
        volume p/v: change
          note: its content was begun and not finished: none is declared any more, and it stays as it is
          => create-volume, remember
    "#]],
    );
    check_in(
        &mut cut_short,
        with(json!([])),
        expect![[r#"
        pool p: unchanged
        volume p/v: left-alone
          note: it is no longer declared, and stays; `present = false` deletes it
          note: its content was begun and not finished
    "#]],
    );
    check(
        &made,
        with(json!([{ "name": "v", "present": false }])),
        expect![[r#"
        pool p: unchanged
        volume p/v: remove
          note: its content is deleted
          => delete-volume, forget
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
            volume p/v: impossible
              note: it is not deleted: web use it
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
          ip[10.0.0.1].dhcp: - -> host(mac=52:54:00:00:00:01 ip=10.0.0.2) (now)
          => define, update-network add ip-dhcp-host, remember
        domain web: unchanged
    "#]],
    );
    check(
        &[live(one.clone())],
        live(two.clone()),
        expect![[r#"
        network lan: change
          ip[10.0.0.1].dhcp.host[10.0.0.2].mac: 52:54:00:00:00:01 -> 52:54:00:00:00:02 (now)
          => define, update-network delete ip-dhcp-host, update-network add ip-dhcp-host, remember
        domain web: unchanged
    "#]],
    );
    let mut world = World::default();
    world.apply(&desired(one));
    expect![[r#"
        network lan: change
          ip[10.0.0.1].dhcp.host[10.0.0.2].mac: 52:54:00:00:00:01 -> 52:54:00:00:00:02 (next-start)
          note: it is not restarted: web use it
          => define, remember
        domain web: unchanged
    "#]]
    .assert_eq(&show(&world.plan(&desired(two))));
}

#[test]
fn a_port_that_libvirt_numbers_is_the_one_that_was_declared() {
    let kept = domain("<devices><serial type='pty'><target port='0'/></serial></devices>");
    let declared = domain("<devices><serial type='pty'/></devices>");
    let mut world = World::default();
    world.define(Id::new(Type::Domain, "web"), &kept);
    check_in(
        &mut world,
        json!({ "domains": [{ "xml": declared }] }),
        expect![[r#"
        domain web: take-over
          => remember
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
            domain web: create, a guest notices: start
              => define, remember, start
            network lan: remove
              note: it is used by web, and is gone when it is stopped
              => undefine, forget
            pool p: remove
              note: it is used by web, and is gone when it is stopped
              => undefine, forget
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
        volume p/v: impossible
          note: libvirt has no pool p, and none is declared: declare it
        domain web: create
          => define, remember
    "#]],
    );
    // One that is there, which is nobody's, does not run.
    let mut world = World::default();
    let pool = Found { is_persistent: true, ..Found::default() };
    world.has.insert(Id::new(Type::Pool, "p"), pool.clone());
    check_in(
        &mut world,
        json!({ "domains": guest }),
        expect![[r#"
        volume p/v: impossible
          note: pool p does not run and is not declared: start it, or declare it
        domain web: create
          => define, remember
    "#]],
    );
    // Or it runs.
    world.has.insert(Id::new(Type::Pool, "p"), Found { is_active: true, ..pool });
    check_in(
        &mut world,
        json!({ "domains": guest }),
        expect![[r#"
        volume p/v: create
          => create-volume, remember
        domain web: unchanged
    "#]],
    );
    // One that is declared is started for them.
    let mut world = World::default();
    let both = desired(json!({ "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>" }], "domains": guest }));
    expect![[r#"
        pool p: create
          => define, remember, start
        volume p/v: deferred
          note: what there is to do is known when pool p runs
        domain web: create
          => define, remember
    "#]]
    .assert_eq(&show(&world.apply(&both)));
    expect![[r#"
        pool p: unchanged
        volume p/v: create
          => create-volume, remember
        domain web: unchanged
    "#]]
    .assert_eq(&show(&world.apply(&both)));
    assert!(world.plan(&both).is_empty());
    // Unless it is not to run.
    check(
        &[],
        json!({ "pools": [{ "xml": "<pool type='dir'><name>p</name></pool>", "active": false }], "domains": guest }),
        expect![[r#"
            pool p: create
              => define, remember
            volume p/v: left-alone
              note: pool p is declared with `active = false`: what it holds is known only while it runs
            domain web: create
              => define, remember
        "#]],
    );
}
