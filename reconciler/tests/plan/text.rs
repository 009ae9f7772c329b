//! Plans and states as people read them.

use crate::support::{FakeLibvirt, desired};
use anstream::adapter::strip_str;
use expect_test::{Expect, expect};
use nixvirt::object::{Id, Type};
use nixvirt::plan::plan;
use nixvirt::reconcile::Assessment;
use nixvirt::report::{Connection, Report, Status, StatusConnection, Tense};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const URI: &str = "qemu:///system";

/// What a plan is made from, with every definition.
fn assessment(libvirt: &FakeLibvirt, manifest: Value) -> Assessment {
    let desired = desired(manifest);
    let inventory = libvirt.inventory(&desired);
    let plan = plan(&desired, &libvirt.records, &inventory);
    let inventory = nixvirt::inventory::Inventory { objects: libvirt.objects.clone() };
    Assessment { plan, records: libvirt.records.clone(), inventory, unreadable_records: Vec::new() }
}

#[track_caller]
fn check_plan(libvirt: &FakeLibvirt, manifest: Value, expected: Expect) {
    let connection = Connection::planned(assessment(libvirt, manifest), None);
    let report = Report::new(BTreeMap::from([(URI.to_owned(), connection)]));
    expected.assert_eq(&strip_str(&report.text(Tense::Planned, true)).to_string());
}

#[track_caller]
fn check_status(libvirt: &FakeLibvirt, manifest: Value, expected: Expect) {
    let connection = StatusConnection::of(assessment(libvirt, manifest));
    let status = Status::new(BTreeMap::from([(URI.to_owned(), connection)]));
    expected.assert_eq(&strip_str(&status.text()).to_string());
}

/// A libvirt to which these manifests were applied.
fn applied(manifests: &[Value]) -> FakeLibvirt {
    let mut libvirt = FakeLibvirt::default();
    for manifest in manifests {
        // Volumes are known when their pools run.
        (0..2).for_each(|_| drop(libvirt.apply(&desired(manifest.clone()))));
    }
    libvirt
}

fn domain(name: &str, parts: &str) -> String {
    format!("<domain type='kvm'><name>{name}</name>{parts}</domain>")
}

fn guest(name: &str, parts: &str) -> Value {
    json!({ "xml": domain(name, parts), "active": true })
}

const POOL: &str = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";
const LAN: &str = "<network><name>lan</name></network>";
const CARD: &str = "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/></interface>";

fn disk(target: &str) -> String {
    format!("<disk type='file'><source file='/{target}'/><target dev='{target}' bus='virtio'/></disk>")
}

fn volume(name: &str, mib: u32) -> Value {
    json!({ "xml": format!("<volume><name>{name}</name><capacity unit='MiB'>{mib}</capacity></volume>") })
}

#[test]
fn a_new_connection() {
    let manifest = json!({
        "secrets": [{ "xml": "<secret><usage type='ceph'><name>client.admin</name></usage></secret>", "valueFile": "/dev/null" }],
        "nwfilters": [{ "xml": "<filter name='clean'/>" }],
        "networks": [{ "xml": LAN, "active": true, "autostart": true }],
        "pools": [{ "xml": POOL, "volumes": [
            { "xml": "<volume><name>base</name></volume>", "content": { "file": "/base.qcow2" } },
            { "xml": "<volume><name>web</name></volume>", "content": { "volume": { "name": "base" } } },
        ] }],
        "domains": [{ "xml": domain("web", ""), "active": true, "snapshots": [{ "name": "fresh" }] }],
    });
    check_plan(&FakeLibvirt::default(), manifest.clone(), expect![""]);
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(manifest.clone()));
    check_plan(&libvirt, manifest.clone(), expect![""]);
    libvirt.apply(&desired(manifest.clone()));
    check_plan(&libvirt, manifest.clone(), expect![""]);
    check_status(&libvirt, manifest, expect![""]);
}

#[test]
fn changes() {
    let before = json!({
        "networks": [{ "xml": LAN, "active": true }],
        "pools": [{ "xml": POOL, "active": true, "volumes": [volume("grows", 10), volume("shrinks", 10), volume("fixed", 1)] }],
        "nwfilters": [{ "xml": "<filter name='clean'/>" }],
        "domains": [
            guest("live", &format!("<title>Old</title><devices>{}{CARD}</devices>", disk("vda"))),
            guest("mixed", "<title>Old</title><memory unit='MiB'>64</memory>"),
            guest("stages", "<memory unit='KiB'>65536</memory>"),
            guest("restarts", "<memory unit='MiB'>64</memory>"),
            guest("never", "<memory unit='MiB'>64</memory>"),
            guest("stops", ""),
            guest("password", "<devices><graphics type='vnc' passwd='a'/></devices>"),
            { "xml": domain("off", "<memory unit='MiB'>64</memory>") },
            { "xml": domain("starts", "") },
        ],
    });
    let after = json!({
        "networks": [{ "xml": "<network><name>lan</name><mtu size='9000'/></network>", "active": false, "autostart": true }],
        "pools": [{ "xml": POOL, "active": true, "volumes": [
            volume("grows", 20),
            volume("shrinks", 5),
            { "xml": "<volume><name>fixed</name><capacity unit='MiB'>1</capacity><target><format type='qcow2'/></target></volume>" },
        ] }],
        "nwfilters": [{ "xml": "<filter name='clean' chain='root'/>" }],
        "domains": [
            guest("live", &format!("<title>New</title><devices>{}{CARD}</devices>", disk("vdb"))),
            guest("mixed", "<title>New</title><memory unit='MiB'>96</memory>"),
            { "xml": domain("stages", "<memory unit='GiB'>1</memory>"), "active": true, "onChange": "stage" },
            { "xml": domain("restarts", "<memory unit='MiB'>96</memory>"), "active": true, "onChange": "restart",
              "shutdown": { "timeout": 30, "force": true } },
            { "xml": domain("never", "<memory unit='MiB'>96</memory>"), "active": true, "onChange": "never" },
            { "xml": domain("stops", ""), "active": false },
            guest("password", "<devices><graphics type='vnc' passwd='b'/></devices>"),
            { "xml": domain("off", "<memory unit='MiB'>96</memory>") },
            { "xml": domain("starts", ""), "active": true, "autostart": true },
        ],
    });
    let mut libvirt = applied(&[before]);
    check_plan(&libvirt, after.clone(), expect![""]);
    check_status(&libvirt, after.clone(), expect![""]);
    libvirt.apply(&desired(after.clone()));
    libvirt.define(Id::new(Type::Domain, "off"), &domain("off", "<memory unit='MiB'>128</memory>"));
    libvirt.objects.remove(&Id::new(Type::Domain, "starts"));
    check_plan(&libvirt, after.clone(), expect![""]);
    check_status(&libvirt, after, expect![""]);
}

#[test]
fn removals() {
    let before = json!({
        "networks": [{ "xml": LAN, "active": true }, { "xml": LAN.replace("lan", "dmz"), "active": true }],
        "pools": [{ "xml": POOL, "active": true, "volumes": [volume("kept", 1), volume("gone", 1)] }],
        "domains": [
            guest("web", &format!("<devices>{CARD}</devices>")),
            guest("tpm", "<devices><tpm><backend type='emulator'/></tpm></devices>"),
            { "xml": domain("off", ""), "purge": ["nvram", "tpm"], "snapshots": [{ "name": "fresh" }, { "name": "old" }] },
        ],
    });
    let after = json!({
        "networks": [],
        "pools": [{ "xml": POOL, "active": true, "volumes": [{ "name": "gone", "present": false }] }],
        "domains": [],
    });
    let libvirt = applied(&[before.clone()]);
    check_plan(&libvirt, after, expect![""]);
    check_status(&libvirt, json!({}), expect![""]);
    let mut fewer = before;
    fewer["domains"][2]["snapshots"] = json!([{ "name": "old", "present": false }]);
    check_plan(&libvirt, fewer, expect![""]);
}

#[test]
fn adoption_and_renaming() {
    let mut libvirt = FakeLibvirt::default();
    let uuid = "<uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b11</uuid>";
    libvirt.define(Id::new(Type::Domain, "same"), &domain("same", ""));
    libvirt.define(Id::new(Type::Domain, "other"), &domain("other", "<memory unit='MiB'>64</memory>"));
    libvirt.define(Id::new(Type::Domain, "former"), &domain("former", uuid));
    check_plan(
        &libvirt,
        json!({ "domains": [
            { "xml": domain("same", "") },
            { "xml": domain("other", "<memory unit='MiB'>96</memory>") },
            { "xml": domain("renamed", uuid) },
        ] }),
        expect![""],
    );
}

#[test]
fn errors() {
    let mut libvirt = FakeLibvirt::default();
    let [one, two] = [1, 2].map(|number| format!("<uuid>6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b0{number}</uuid>"));
    libvirt.define(Id::new(Type::Domain, "web"), &domain("web", &one));
    libvirt.define(Id::new(Type::Domain, "runs"), &domain("runs", &two));
    libvirt.start(&Id::new(Type::Domain, "runs"));
    libvirt.define(Id::new(Type::Network, "lan"), &format!("<network><name>lan</name>{one}</network>"));
    let network = |name: &str, uuid: &str| json!({ "xml": format!("<network><name>{name}</name>{uuid}</network>") });
    let manifest = json!({
        "secrets": [
            { "xml": "<secret/>" },
            { "xml": "<secret><usage type='tls'><name>t</name></usage></secret>", "valueFile": "/no/such/value" },
        ],
        "nwfilters": [{ "xml": "<filter/>" }],
        "networks": [network("dmz", &one), network("a", &two), network("b", &two)],
        "pools": [{ "xml": POOL.replace(">p<", ">q<"), "volumes": [
            { "name": "nothing" },
            { "name": "wrong", "xml": "<volume><name>name</name></volume>" },
            { "xml": "<volume><name>twice</name></volume>" },
            { "name": "twice", "present": false },
        ] }],
        "domains": [
            { "xml": domain("web", &two.replace("02<", "03<")) },
            { "xml": domain("renamed", &two), "volumes": [{ "pool": "p", "xml": "<volume><name>v</name></volume>" }] },
            {},
            { "definition": "/no/such.xml", "xml": "<domain/>" },
            { "definition": "/no/such.xml" },
            { "xml": "<domain>" },
            { "xml": "<network/>" },
            { "xml": "<domain/>" },
        ],
    });
    check_plan(&libvirt, manifest.clone(), expect![""]);
    check_status(&libvirt, manifest, expect![""]);
}

#[test]
fn nothing() {
    check_plan(&FakeLibvirt::default(), json!({}), expect![""]);
    check_status(&FakeLibvirt::default(), json!({}), expect![""]);
}
