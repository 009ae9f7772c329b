//! Volumes and pools: what libvirt rounds, drops or does not find.

use crate::support::{FakeLibvirt, desired, show};
use expect_test::expect;
use nixvirt::object::{Id, Type};
use nixvirt::plan::drift;
use nixvirt_schema::engine::xml::Element;
use serde_json::{Value, json};

fn volume(name: &str) -> Value {
    json!({ "xml": format!("<volume><name>{name}</name><capacity unit='MiB'>10</capacity><allocation>0</allocation></volume>") })
}

fn pool(kind: &str, path: &str, volumes: &[&str]) -> Value {
    let xml = format!("<pool type='{kind}'><name>p</name><target><path>{path}</path></target></pool>");
    let volumes: Vec<_> = volumes.iter().map(|name| volume(name)).collect();
    json!({ "pools": [{ "xml": xml, "active": true, "onChange": "restart", "volumes": volumes }] })
}

fn applied(manifest: &Value) -> FakeLibvirt {
    let mut libvirt = FakeLibvirt::default();
    (0..2).for_each(|_| drop(libvirt.apply(&desired(manifest.clone()))));
    libvirt
}

#[test]
fn volumes_that_are_gone_are_not_made_anew_without_a_word() {
    let declared = pool("dir", "/p", &["a", "b"]);
    let mut libvirt = applied(&declared);
    libvirt.objects.remove(&Id::within(Type::Volume, "p", "a"));
    expect![[r#"
        pool p: unchanged
        volume p/a: create
          because: vanished
          => create-volume, save-record
        volume p/b: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared.clone()))));
    libvirt.objects.remove(&Id::within(Type::Volume, "p", "b"));
    expect![[r#"
        pool p: unchanged
        volume p/a: error
          because: volumes-gone pool=pool p
        volume p/b: error
          because: volumes-gone pool=pool p
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared))));
}

/// A volume that was adopted, or that has grown, still differs from its declaration.
#[test]
fn fields_of_a_volume_that_stay_are_told_by_every_plan() {
    let xml = |name: &str, capacity: u32, format: &str| {
        format!(
            "<volume><name>{name}</name><capacity unit='MiB'>{capacity}</capacity><target><format type='{format}'/></target></volume>"
        )
    };
    let pool = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";
    let declared = |volumes: &[(&str, u32, &str)]| {
        let volumes: Vec<_> =
            volumes.iter().map(|(name, size, format)| json!({ "xml": xml(name, *size, format) })).collect();
        json!({ "pools": [{ "xml": pool, "active": true, "volumes": volumes }] })
    };
    let mut libvirt = applied(&declared(&[("grown", 10, "raw")]));
    for (name, capacity) in [("large", 20), ("small", 5), ("equal", 10)] {
        libvirt.define(Id::within(Type::Volume, "p", name), &xml(name, capacity, "raw"));
    }
    let changed =
        declared(&[("grown", 20, "qcow2"), ("large", 10, "raw"), ("small", 10, "qcow2"), ("equal", 10, "raw")]);
    expect![[r#"
        pool p: unchanged
        volume p/grown: change
          capacity: 10 MiB -> 20 MiB (now)
          because: fixed-at-creation declared=qcow2 path=target.format.type value=raw
          => grow capacity=20971520, save-record
        volume p/large: adopt
          because: never-shrinks capacity=20971520
          => save-record
        volume p/small: adopt
          capacity: 5 MiB -> 10 MiB (now)
          because: fixed-at-creation declared=qcow2 path=target.format.type value=raw
          => grow capacity=10485760, save-record
        volume p/equal: adopt
          => save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&desired(changed.clone()))));
    expect![[r#"
        pool p: unchanged
        volume p/grown: kept
          because: fixed-at-creation declared=qcow2 path=target.format.type value=raw
        volume p/large: kept
          because: never-shrinks capacity=20971520
        volume p/small: kept
          because: fixed-at-creation declared=qcow2 path=target.format.type value=raw
        volume p/equal: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(changed))));
    let as_it_is = declared(&[("grown", 20, "raw"), ("large", 20, "raw"), ("small", 10, "raw"), ("equal", 10, "raw")]);
    expect![[r#"
        pool p: unchanged
        volume p/grown: unchanged
        volume p/large: unchanged
          => save-record
        volume p/small: unchanged
          => save-record
        volume p/equal: unchanged
    "#]]
    .assert_eq(&show(&libvirt.apply(&desired(as_it_is.clone()))));
    expect![[r#"
        pool p: unchanged
        volume p/grown: unchanged
        volume p/large: unchanged
        volume p/small: unchanged
        volume p/equal: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(as_it_is))));
}

#[test]
fn the_volumes_of_a_pool_at_a_new_place_are_made_in_the_same_run() {
    let mut libvirt = applied(&pool("dir", "/p", &["a"]));
    let moved = desired(pool("dir", "/q", &["a"]));
    expect![[r#"
        pool p: change
          target.path: /p -> /q (now)
          => define, save-record, stop force=false timeout=120, build, start, save-record
        volume p/a: deferred
          because: waits-for-pool pool=pool p
    "#]]
    .assert_eq(&show(&libvirt.apply(&moved)));
    libvirt.objects.remove(&Id::within(Type::Volume, "p", "a"));
    expect![[r#"
        pool p: unchanged
        volume p/a: create
          => create-volume, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&moved)));
    assert!(libvirt.plan(&moved).is_empty());
}

#[test]
fn volumes_that_libvirt_does_not_create_in_their_pool() {
    let mut found = String::new();
    let targets = [
        "",
        "<format type='qcow2'/>",
        "<format type='luks'/>",
        "<format type='linux'/>",
        "<encryption format='luks'/>",
    ];
    for kind in ["dir", "disk", "rbd", "zfs", "logical", "iscsi"] {
        for target in targets {
            let mut manifest = pool(kind, "/p", &["a"]);
            let xml = format!("<volume><name>a</name><capacity>10</capacity><target>{target}</target></volume>");
            manifest["pools"][0]["volumes"][0]["xml"] = xml.into();
            let declared = desired(manifest);
            let mut libvirt = FakeLibvirt::default();
            libvirt.apply(&declared);
            let plan = show(&libvirt.apply(&declared));
            if let Some(reason) = plan.lines().find(|line| line.contains("not-created-in-pool")) {
                found += &format!("{kind} {target}{reason}\n");
            }
        }
    }
    expect![[r#"
        dir <format type='luks'/>  because: not-created-in-pool poolType=dir volumes={"format":"luks","which":"of-format"}
        dir <format type='linux'/>  because: not-created-in-pool poolType=dir volumes={"format":"linux","which":"of-format"}
        disk <format type='qcow2'/>  because: not-created-in-pool poolType=disk volumes={"format":"qcow2","which":"of-format"}
        disk <format type='luks'/>  because: not-created-in-pool poolType=disk volumes={"format":"luks","which":"of-format"}
        rbd <format type='qcow2'/>  because: not-created-in-pool poolType=rbd volumes={"format":"qcow2","which":"of-format"}
        rbd <format type='luks'/>  because: not-created-in-pool poolType=rbd volumes={"format":"luks","which":"of-format"}
        rbd <format type='linux'/>  because: not-created-in-pool poolType=rbd volumes={"format":"linux","which":"of-format"}
        rbd <encryption format='luks'/>  because: not-created-in-pool poolType=rbd volumes={"which":"encrypted"}
        zfs <encryption format='luks'/>  because: not-created-in-pool poolType=zfs volumes={"which":"encrypted"}
        iscsi   because: not-created-in-pool poolType=iscsi volumes={"which":"all"}
        iscsi <format type='qcow2'/>  because: not-created-in-pool poolType=iscsi volumes={"which":"all"}
        iscsi <format type='luks'/>  because: not-created-in-pool poolType=iscsi volumes={"which":"all"}
        iscsi <format type='linux'/>  because: not-created-in-pool poolType=iscsi volumes={"which":"all"}
        iscsi <encryption format='luks'/>  because: not-created-in-pool poolType=iscsi volumes={"which":"all"}
    "#]].assert_eq(&found);
}

#[test]
fn a_logical_volume_is_allocated_as_a_whole() {
    let mut libvirt = FakeLibvirt::default();
    let declared = desired(pool("logical", "/dev/vg", &["a"]));
    libvirt.apply(&declared);
    expect![[r#"
        pool p: unchanged
        volume p/a: create
          because: allocated-as-whole
          => create-volume, save-record
    "#]]
    .assert_eq(&show(&libvirt.apply(&declared)));
    let made = libvirt.objects[&Id::within(Type::Volume, "p", "a")].definition.as_ref().map(Element::to_string);
    assert!(!made.unwrap_or_default().contains("allocation"));
}

/// The fields that are drift when libvirt has something else than was applied.
fn drifted(kind: &str, applied: &str, found: &str) -> String {
    let kind = Type::ALL.into_iter().find(|it| it.name() == kind).expect("a type");
    let mut libvirt = FakeLibvirt::default();
    let id = Id::new(kind, "p");
    libvirt.define(id.clone(), found);
    let record = nixvirt::state::Record { xml: applied.to_owned(), ..nixvirt::state::Record::new(id.clone()) };
    let lines = drift(&record, &libvirt.objects[&id]).into_iter();
    lines.map(|it| format!("{}: {} -> {}\n", it.path, it.old.unwrap_or_default(), it.new.unwrap_or_default())).collect()
}

#[test]
fn what_libvirt_makes_of_a_definition_is_no_drift() {
    let volume = |capacity: &str| format!("<volume><name>p</name>{capacity}</volume>");
    let pool = |parts: &str| format!("<pool type='dir'><name>p</name>{parts}<target><path>/p</path></target></pool>");
    let permissions = |owner: &str, mode: &str| {
        let permissions = format!("<permissions><mode>{mode}</mode><owner>{owner}</owner></permissions>");
        pool("").replace("</target>", &format!("{permissions}</target>"))
    };
    let network =
        |dhcp: &str| format!("<network><name>p</name><ip address='10.0.0.1' netmask='255.0.0.0'>{dhcp}</ip></network>");
    let rows = [
        ("volume", volume("<capacity unit='MB'>500</capacity>"), volume("<capacity unit='bytes'>500000256</capacity>")),
        ("volume", volume("<capacity>1000001</capacity>"), volume("<capacity unit='bytes'>1000448</capacity>")),
        ("volume", volume("<capacity unit='MiB'>10</capacity>"), volume("<capacity unit='MiB'>12</capacity>")),
        (
            "pool",
            pool("<capacity>7</capacity><allocation>3</allocation><available>4</available>"),
            pool("<capacity>9</capacity>"),
        ),
        ("pool", permissions("-1", "0755"), permissions("0", "0755")),
        ("pool", permissions("4294967295", "0755"), permissions("-1", "0755")),
        ("network", network("<dhcp/>"), network("")),
    ];
    for (kind, applied, found) in rows {
        assert_eq!(drifted(kind, &applied, &found), "", "{applied}");
    }
    expect![[r#"
        capacity: 10 bytes -> 9 bytes
    "#]]
    .assert_eq(&drifted("volume", &volume("<capacity>10</capacity>"), &volume("<capacity>9</capacity>")));
    expect![[r#"
        target.permissions.mode: 0755 -> 0750
    "#]]
    .assert_eq(&drifted("pool", &permissions("0", "0755"), &permissions("0", "0750")));
}

#[test]
fn the_owner_that_libvirt_chooses_has_two_spellings() {
    let declared = |id: &str| {
        let permissions = format!("<permissions><owner>{id}</owner><group>{id}</group></permissions>");
        let xml = format!("<pool type='dir'><name>p</name><target><path>/p</path>{permissions}</target></pool>");
        desired(json!({ "pools": [{ "xml": xml }] }))
    };
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&declared("-1"));
    expect![[r#"
        pool p: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&declared("4294967295"))));
    expect![[r#"
        pool p: change
          target.permissions.owner: -1 -> 4294967294 (now)
          target.permissions.group: -1 -> 4294967294 (now)
          => define, save-record
    "#]]
    .assert_eq(&show(&libvirt.plan(&declared("4294967294"))));
}

#[test]
fn a_seed_is_written_again_when_it_changes() {
    let declared = |text: &str| {
        let mut manifest = pool("dir", "/p", &["seed"]);
        manifest["pools"][0]["volumes"][0]["content"] =
            json!({ "seed": { "files": { "user-data": { "text": text } } } });
        manifest["domains"] = json!([{ "active": true, "xml": "<domain type='qemu'><name>g</name><devices><disk type='volume'>
            <source pool='p' volume='seed'/><target dev='vda'/></disk></devices></domain>" }]);
        manifest
    };
    let mut libvirt = FakeLibvirt::default();
    expect![[r#"
        pool p: create
          => define, save-record, build, start
        volume p/seed: deferred
          because: waits-for-pool pool=pool p
        domain g: create, effect on the guest: start
          => define, save-record, start
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared("one")))));
    (0..2).for_each(|_| drop(libvirt.apply(&desired(declared("one")))));
    expect![[r#"
        pool p: unchanged
        volume p/seed: unchanged
        domain g: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared("one")))));
    expect![[r#"
        pool p: unchanged
        volume p/seed: kept
          because: still-in-use by=["g"] prevents=rewrite
        domain g: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(declared("two")))));
    let mut off = declared("two");
    off["domains"][0]["active"] = json!(false);
    drop(libvirt.apply(&desired(off.clone())));
    expect![[r#"
        pool p: unchanged
        volume p/seed: change
          because: content-changed
          => save-record incomplete, write-seed, save-record
        domain g: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(off.clone()))));
    drop(libvirt.apply(&desired(off.clone())));
    expect![[r#"
        pool p: unchanged
        volume p/seed: unchanged
        domain g: unchanged
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(off))));
}
