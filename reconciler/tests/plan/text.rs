//! Plans and states as people read them. The JSON of each has its published schema.

use crate::support::{FakeLibvirt, desired};
use anstream::adapter::strip_str;
use expect_test::{Expect, expect};
use nixvirt::object::{Id, Type};
use nixvirt::plan::plan;
use nixvirt::reconcile::Assessment;
use nixvirt::report::{Report, ReportConnection, Status, StatusConnection, Tense, plan_schema, status_schema};
use nixvirt_schema::engine::xml;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const URI: &str = "qemu:///system";

/// What a plan is made from, with every definition.
fn assessment(libvirt: &FakeLibvirt, manifest: Value) -> Assessment {
    let desired = desired(manifest);
    let inventory = libvirt.inventory(&desired);
    let plan = plan(&desired, &libvirt.records, &inventory, &libvirt.archive);
    let inventory = nixvirt::inventory::Inventory { objects: libvirt.objects.clone(), ..Default::default() };
    Assessment { plan, records: libvirt.records.clone(), inventory, ..Assessment::default() }
}

#[track_caller]
fn check_plan(libvirt: &FakeLibvirt, manifest: Value, expected: Expect) {
    let connection = ReportConnection::planned(assessment(libvirt, manifest), None);
    let report = Report::new(BTreeMap::from([(URI.to_owned(), connection)]));
    assert_valid(&report, &plan_schema());
    expected.assert_eq(&strip_str(&report.text(Tense::Planned, true)).to_string());
}

#[track_caller]
fn check_status(libvirt: &FakeLibvirt, manifest: Value, expected: Expect) {
    let connection = StatusConnection::of(assessment(libvirt, manifest));
    let status = Status::new(BTreeMap::from([(URI.to_owned(), connection)]));
    assert_valid(&status, &status_schema());
    expected.assert_eq(&strip_str(&status.text()).to_string());
}

#[track_caller]
fn assert_valid(report: &impl Serialize, schema: &Value) {
    let report = serde_json::to_value(report).expect("it is JSON");
    let validator = jsonschema::validator_for(schema).expect("a JSON Schema");
    let wrong: Vec<_> = validator.iter_errors(&report).map(|why| format!("{}: {why}", why.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
        "secrets": [{ "xml": "<secret><usage type='ceph'><name>client.admin</name></usage></secret>", "valueFile": concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml") }],
        "nwfilters": [{ "xml": "<filter name='clean'/>" }],
        "networks": [{ "xml": LAN, "active": true, "autostart": true }],
        "pools": [{ "xml": POOL, "volumes": [
            { "xml": "<volume><name>base</name></volume>", "content": { "file": "/base.qcow2" } },
            { "xml": "<volume><name>web</name></volume>", "content": { "volume": { "name": "base" } } },
        ] }],
        "domains": [{ "xml": domain("web", ""), "active": true, "snapshots": [{ "name": "fresh" }] }],
    });
    check_plan(
        &FakeLibvirt::default(),
        manifest.clone(),
        expect![[r#"
            qemu:///system
              + secret ceph client.admin: create, set its value
              + nwfilter clean:           create
              + pool p:                   create, start
              . volume p/base:            depends on the contents of pool p, which is started first
              . volume p/web:             depends on the contents of pool p, which is started first
              + network lan:              create, enable autostart, start
              + domain web:               create, start
              + snapshot web/fresh:       create

            Legend: + create, . deferred or pending restart
            6 to create, 2 deferred
        "#]],
    );
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(manifest.clone()));
    check_plan(
        &libvirt,
        manifest.clone(),
        expect![[r#"
            qemu:///system
                secret ceph client.admin: unchanged
                nwfilter clean:           unchanged
                pool p:                   unchanged
              + volume p/base:            create, fill from /base.qcow2
              + volume p/web:             create, copy from volume p/base
                network lan:              unchanged
                domain web:               unchanged
                snapshot web/fresh:       unchanged

            Legend: + create
            2 to create, 6 unchanged
        "#]],
    );
    libvirt.apply(&desired(manifest.clone()));
    check_plan(
        &libvirt,
        manifest.clone(),
        expect![[r#"
        qemu:///system
            secret ceph client.admin: unchanged
            nwfilter clean:           unchanged
            pool p:                   unchanged
            volume p/base:            unchanged
            volume p/web:             unchanged
            network lan:              unchanged
            domain web:               unchanged
            snapshot web/fresh:       unchanged
        8 unchanged
    "#]],
    );
    check_status(
        &libvirt,
        manifest,
        expect![[r#"
        qemu:///system
          secret ceph client.admin: in sync
          nwfilter clean:           in sync
          pool p:                   in sync, running
          volume p/base:            in sync
          volume p/web:             in sync
          network lan:              in sync, running
          domain web:               in sync, running
          snapshot web/fresh:       in sync
        8 in sync
    "#]],
    );
}

/// The next start brings what others put in the definition, not what was applied.
#[test]
fn drift_is_not_pending() {
    let with = |memory: &str| json!({ "domains": [guest("web", &format!("<memory unit='MiB'>{memory}</memory>"))] });
    let mut libvirt = applied(&[with("64"), with("96")]);
    let web = libvirt.objects.get_mut(&Id::new(Type::Domain, "web")).expect("it was applied");
    web.definition = xml::element(&domain("web", "<memory unit='MiB'>128</memory>"));
    check_status(
        &libvirt,
        with("96"),
        expect![[r#"
        qemu:///system
          domain web: drifted, running
              drift: memory: 96 MiB → 128 MiB
        1 drifted
    "#]],
    );
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
    check_plan(
        &libvirt,
        after.clone(),
        expect![[r#"
            qemu:///system
              ~ nwfilter clean:   change; takes effect immediately in running guests
                  chain: + root
                pool p:           unchanged
              ~ volume p/grows:   change, grow to 20 MiB
                  capacity: 10 MiB → 20 MiB
                volume p/shrinks: kept
                  capacity stays 10 MiB: a volume is never shrunk
                volume p/fixed:   kept
                  target is not changed to format.type=qcow2: libvirt sets this field only when it creates the volume
              ~ network lan:      change, enable autostart
                  mtu: + size=9000 (pending restart)
                  not stopped: in use by domain live
              ~ domain live:      change live; the guest keeps running
                  title: Old → New (live)
                  devices.disk[vdb]: + type=file, source.file=/vdb, target.dev=vdb, target.bus=virtio (live)
                  devices.disk[vda]: - type=file, source.file=/vda, target.dev=vda, target.bus=virtio (live)
              ~ domain mixed:     change live
                  title: Old → New (live)
                  memory: 64 MiB → 96 MiB (pending restart)
              ~ domain stages:    change
                  memory: 64 MiB → 1 GiB (pending restart)
              ~ domain restarts:  change, restart; the guest shuts down (forced off after 30 s) and starts again
                  memory: 64 MiB → 96 MiB
                domain never:     kept
                  memory: 64 MiB → 96 MiB (once stopped)
                  not changed while it runs (onChange is "never"); once it is stopped, the next apply changes it
              > domain stops:     stop; the guest shuts down
              ~ domain password:  change live; the guest keeps running
                  secrets: changed, values redacted (live)
              ~ domain off:       change
                  memory: 64 MiB → 96 MiB
              > domain starts:    enable autostart, start

            Legend: ~ change, > change state
            11 to change, 3 kept, 1 unchanged
        "#]],
    );
    check_status(
        &libvirt,
        after.clone(),
        expect![[r#"
            qemu:///system
              nwfilter clean:   to apply (change)
                  chain: + root
              pool p:           in sync, running
              volume p/grows:   to apply (change)
                  capacity: 10 MiB → 20 MiB
              volume p/shrinks: kept
                  capacity stays 10 MiB: a volume is never shrunk
              volume p/fixed:   kept
                  target is not changed to format.type=qcow2: libvirt sets this field only when it creates the volume
              network lan:      to apply (change), running
                  mtu: + size=9000 (pending restart)
                  not stopped: in use by domain live
              domain live:      to apply (change), running
                  title: Old → New
                  devices.disk[vdb]: + type=file, source.file=/vdb, target.dev=vdb, target.bus=virtio
                  devices.disk[vda]: - type=file, source.file=/vda, target.dev=vda, target.bus=virtio
              domain mixed:     to apply (change), running
                  title: Old → New
                  memory: 64 MiB → 96 MiB (pending restart)
              domain stages:    to apply (change), running
                  memory: 64 MiB → 1 GiB (pending restart)
              domain restarts:  to apply (change), running
                  memory: 64 MiB → 96 MiB
              domain never:     kept, running
                  memory: 64 MiB → 96 MiB (once stopped)
                  not changed while it runs (onChange is "never"); once it is stopped, the next apply changes it
              domain stops:     to apply (change state), running
              domain password:  to apply (change), running
                  secrets: changed, values redacted
              domain off:       to apply (change)
                  memory: 64 MiB → 96 MiB
              domain starts:    to apply (change state)
            1 in sync, 3 kept, 11 to apply
        "#]],
    );
    libvirt.apply(&desired(after.clone()));
    libvirt.define(Id::new(Type::Domain, "off"), &domain("off", "<memory unit='MiB'>128</memory>"));
    libvirt.objects.remove(&Id::new(Type::Domain, "starts"));
    check_plan(
        &libvirt,
        after.clone(),
        expect![[r#"
            qemu:///system
                nwfilter clean:   unchanged
                pool p:           unchanged
                volume p/grows:   unchanged
                volume p/shrinks: kept
                  capacity stays 10 MiB: a volume is never shrunk
                volume p/fixed:   kept
                  target is not changed to format.type=qcow2: libvirt sets this field only when it creates the volume
              . network lan:      pending restart
                  mtu: + size=9000 (pending restart)
                  not stopped: in use by domain live
                domain live:      unchanged
              . domain mixed:     pending restart
                  memory: 64 MiB → 96 MiB (pending restart)
              . domain stages:    pending restart
                  memory: 64 MiB → 1 GiB (pending restart)
                domain restarts:  unchanged
                domain never:     kept
                  memory: 64 MiB → 96 MiB (once stopped)
                  not changed while it runs (onChange is "never"); once it is stopped, the next apply changes it
                domain stops:     unchanged
                domain password:  unchanged
                domain off:       unchanged
              + domain starts:    create, enable autostart, start

            Legend: + create, . deferred or pending restart
            1 to create, 3 pending restart, 3 kept, 8 unchanged
        "#]],
    );
    check_status(
        &libvirt,
        after,
        expect![[r#"
            qemu:///system
              nwfilter clean:   in sync
              pool p:           in sync, running
              volume p/grows:   in sync
              volume p/shrinks: kept
                  capacity stays 10 MiB: a volume is never shrunk
              volume p/fixed:   kept
                  target is not changed to format.type=qcow2: libvirt sets this field only when it creates the volume
              network lan:      pending restart, running
                  mtu: + size=9000 (pending restart)
                  not stopped: in use by domain live
              domain live:      in sync, running
              domain mixed:     pending restart, running
                  memory: 64 MiB → 96 MiB (pending restart)
              domain stages:    pending restart, running
                  memory: 64 MiB → 1 GiB (pending restart)
              domain restarts:  in sync, running
              domain never:     kept, running
                  memory: 64 MiB → 96 MiB (once stopped)
                  not changed while it runs (onChange is "never"); once it is stopped, the next apply changes it
              domain stops:     in sync
              domain password:  in sync, running
              domain off:       drifted
                  drift: memory: 96 MiB → 128 MiB
              domain starts:    missing
            7 in sync, 3 pending restart, 1 drifted, 3 kept, 1 missing
        "#]],
    );
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
    let libvirt = applied(std::slice::from_ref(&before));
    check_plan(
        &libvirt,
        after,
        expect![[r#"
            qemu:///system
                pool p:             unchanged
              - network dmz:        remove
              - volume p/gone:      delete with its content
                snapshot off/old:   kept, no longer managed (set present = false to delete it)
                snapshot off/fresh: kept, no longer managed (set present = false to delete it)
              - domain web:         stays running; removed once it shuts down
                domain tpm:         kept
                  libvirt would delete the TPM state of the running guest; once the guest is off, the next apply removes the domain
              - domain off:         remove with its NVRAM and TPM state
                network lan:        kept, in use by domain web; removed by the next apply once no domain uses it
                volume p/kept:      kept, no longer managed (set present = false to delete it)

            Legend: - remove
            3 to remove, 1 kept until shutdown, 5 kept, 1 unchanged
        "#]],
    );
    check_status(
        &libvirt,
        json!({}),
        expect![[r#"
        qemu:///system
          pool p:             in sync, running
              managed, but not declared
          volume p/gone:      in sync
              managed, but not declared
          volume p/kept:      in sync
              managed, but not declared
          network dmz:        in sync, running
              managed, but not declared
          network lan:        in sync, running
              managed, but not declared
          domain off:         in sync
              managed, but not declared
          domain tpm:         in sync, running
              managed, but not declared
          domain web:         in sync, running
              managed, but not declared
          snapshot off/fresh: in sync
              managed, but not declared
          snapshot off/old:   in sync
              managed, but not declared
        10 in sync
    "#]],
    );
    let mut fewer = before;
    fewer["domains"][2]["snapshots"] = json!([{ "name": "old", "present": false }]);
    check_plan(
        &libvirt,
        fewer,
        expect![[r#"
            qemu:///system
                pool p:             unchanged
                volume p/kept:      unchanged
                volume p/gone:      unchanged
                network lan:        unchanged
                network dmz:        unchanged
                domain web:         unchanged
                domain tpm:         unchanged
                domain off:         unchanged
              - snapshot off/old:   delete
                snapshot off/fresh: kept, no longer managed (set present = false to delete it)

            Legend: - remove
            1 to remove, 1 kept, 8 unchanged
        "#]],
    );
}

/// A guest that keeps running is not removed yet, and what someone else removed was not removed by this run.
#[test]
fn the_summary_tells_what_became_of_undeclared_objects() {
    let declared =
        json!({ "domains": [guest("web", ""), { "xml": domain("off", "") }, { "xml": domain("gone", "") }] });
    let mut libvirt = applied(&[declared]);
    libvirt.objects.remove(&Id::new(Type::Domain, "gone"));
    let connection = ReportConnection::planned(assessment(&libvirt, json!({ "domains": [] })), None);
    let report = Report::new(BTreeMap::from([(URI.to_owned(), connection)]));
    expect![[r#"
        qemu:///system
          - domain web:  stays running; removed once it shuts down
          - domain off:  removed
          - domain gone: already gone
        1 removed, 1 kept until shutdown, 1 already gone
    "#]]
    .assert_eq(&strip_str(&report.text(Tense::Done, true)).to_string());
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
        expect![[r#"
            qemu:///system
              = domain same:    adopt
              ~ domain other:   change
                  memory: 64 MiB → 96 MiB
                  exists already, and is adopted
              ~ domain renamed: change, rename from former
                  name: former → renamed
                  exists already, and is adopted

            Legend: ~ change, = adopt
            2 to change, 1 to adopt
        "#]],
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
    check_plan(
        &libvirt,
        manifest.clone(),
        expect![[r#"
            qemu:///system
              ! secrets[0]:
                  error: the definition has neither <usage> nor <uuid>, one of which identifies a secret
              ! nwfilters[0]:
                  error: the definition has no attribute `name`
              ! domains[2]:
                  error: the declaration has no definition
                  hint: set `definition` or `xml`
              ! domains[3] (/no/such.xml):
                  error: the declaration has both `definition` and `xml`
                  hint: set only one of them
              ! domains[4] (/no/such.xml):
                  error: cannot read /no/such.xml: No such file or directory (os error 2)
              ! domains[5]:
                  error: invalid XML, line 1, column 9: <domain> is not closed
              ! domains[6]:
                  error: invalid XML, line 1, column 1: expected the root element <domain>, found <network>
              ! domains[7]:
                  error: the definition has no <name>
              ! secret tls t:
                  error: cannot read the secret's value from /no/such/value: No such file or directory (os error 2)
              ! volume q/nothing:
                  error: the declaration has no definition
                  hint: set `definition` or `xml`
              ! volume q/twice:
                  error: declared 2 times: pools[0].volumes[2], pools[0].volumes[3]
              ! volume q/wrong:
                  error: the definition names the volume "name", but the manifest names it "wrong"
              ! network a:
                  error: the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b02 is declared for several networks: a, b
              ! network b:
                  error: the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b02 is declared for several networks: a, b
              + pool q:           create, start
              ! volume p/v:
                  error: pool p does not exist, and is not declared
                  hint: declare the pool
              ~ network dmz:      change, replace network lan
                  name: lan → dmz
                  exists already, and is adopted
              ! domain web:
                  error: libvirt has another domain web with the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b01
                  hint: to adopt it, declare that UUID, or none
              ! domain renamed:
                  error: libvirt has this domain under the name runs, and it is running
                  hint: shut the guest down, so that the domain can be renamed

            Legend: + create, ~ change, ! error
            1 to create, 1 to change, 17 errors
        "#]],
    );
    check_status(
        &libvirt,
        manifest,
        expect![[r#"
            qemu:///system
              ! secrets[0]:
                  error: the definition has neither <usage> nor <uuid>, one of which identifies a secret
              ! nwfilters[0]:
                  error: the definition has no attribute `name`
              ! domains[2]:
                  error: the declaration has no definition
                  hint: set `definition` or `xml`
              ! domains[3] (/no/such.xml):
                  error: the declaration has both `definition` and `xml`
                  hint: set only one of them
              ! domains[4] (/no/such.xml):
                  error: cannot read /no/such.xml: No such file or directory (os error 2)
              ! domains[5]:
                  error: invalid XML, line 1, column 9: <domain> is not closed
              ! domains[6]:
                  error: invalid XML, line 1, column 1: expected the root element <domain>, found <network>
              ! domains[7]:
                  error: the definition has no <name>
              secret tls t:     error, not managed
                  error: cannot read the secret's value from /no/such/value: No such file or directory (os error 2)
              volume q/nothing: error, not managed
                  error: the declaration has no definition
                  hint: set `definition` or `xml`
              volume q/twice:   error, not managed
                  error: declared 2 times: pools[0].volumes[2], pools[0].volumes[3]
              volume q/wrong:   error, not managed
                  error: the definition names the volume "name", but the manifest names it "wrong"
              network a:        error, not managed
                  error: the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b02 is declared for several networks: a, b
              network b:        error, not managed
                  error: the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b02 is declared for several networks: a, b
              pool q:           to apply (create), not managed
              volume p/v:       error, not managed
                  error: pool p does not exist, and is not declared
                  hint: declare the pool
              network dmz:      to apply (change), not managed
                  name: lan → dmz
                  exists already, and is adopted
              domain web:       error, not managed
                  error: libvirt has another domain web with the UUID 6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0b01
                  hint: to adopt it, declare that UUID, or none
              domain renamed:   error, not managed
                  error: libvirt has this domain under the name runs, and it is running
                  hint: shut the guest down, so that the domain can be renamed
            2 to apply, 17 errors
        "#]],
    );
}

#[test]
fn what_two_declarations_share() {
    let network = |name: &str, bridge: &str, ip: &str| {
        let xml = format!("<network><name>{name}</name><bridge name='{bridge}'/><ip {ip}/></network>");
        json!({ "xml": xml, "active": true })
    };
    let pool = |name: &str| json!({ "xml": format!("<pool type='dir'><name>{name}</name><target><path>/srv</path></target></pool>") });
    let manifest = json!({
        "pools": [pool("a"), pool("b")],
        "networks": [
            network("one", "br1", "address='10.7.0.1' netmask='255.255.255.0'"),
            network("two", "br2", "address='10.7.0.2' prefix='24'"),
            network("all", "br3", "address='10.0.0.1' prefix='8'"),
            network("six", "br4", "family='ipv6' address='fd00::1' prefix='64'"),
            network("seven", "br5", "address='10.9.0.1' prefix='24'"),
            network("eight", "br5", "address='10.9.1.1' prefix='24'"),
        ],
    });
    check_plan(
        &FakeLibvirt::default(),
        manifest,
        expect![[r#"
        qemu:///system
          ! pool a:
              error: pools "a" and "b" have the same folder "/srv"
              hint: give each pool a folder of its own
          ! pool b:
              error: pools "a" and "b" have the same folder "/srv"
              hint: give each pool a folder of its own
          ! network eight:
              error: networks "seven" and "eight" have the same bridge "br5"
              hint: give each network a bridge of its own, or omit `bridge.name`
          ! network seven:
              error: networks "seven" and "eight" have the same bridge "br5"
              hint: give each network a bridge of its own, or omit `bridge.name`
          + network one:   create, start
          + network two:   create, start
              networks "one" and "two" have the same subnet ("10.7.0.1/24" and "10.7.0.2/24"), and cannot run at the same time
              hint: give each network a subnet of its own
          + network all:   create, start
              networks "one" and "all" have overlapping subnets ("10.7.0.1/24" and "10.0.0.1/8"): the host reaches some guests of only one of them
              hint: give each network a subnet of its own
          + network six:   create, start

        Legend: + create, ! error
        4 to create, 4 errors
    "#]],
    );
}

#[test]
fn nothing() {
    check_plan(
        &FakeLibvirt::default(),
        json!({}),
        expect![[r#"
        no objects declared
    "#]],
    );
    check_status(
        &FakeLibvirt::default(),
        json!({}),
        expect![[r#"
            no objects declared
        "#]],
    );
}

#[test]
fn seeds_that_cannot_be_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = json!({ "user-data": { "text": "@password@" } });
    let seeds = [
        json!({ "files": files, "secretFiles": { "password": folder.path() } }),
        json!({ "files": files, "secretFiles": { "password": "/no/such/file" } }),
        json!({ "files": files, "secretFiles": { "passwd": "/proc/version" } }),
        json!({ "files": files, "label": "LONGER-LABEL" }),
        json!({ "files": { "user:data": { "text": "" } } }),
        json!({ "files": { "user-data": { "text": "" }, "USER-DATA": { "text": "" } } }),
        json!({ "files": { "a": { "text": "" }, "a/b": { "text": "" } } }),
        json!({ "files": { "a": { "text": "x".repeat(17 << 20) } } }),
    ];
    let volume = |(number, seed): (usize, &Value)| {
        let xml = format!("<volume><name>{number}</name></volume>");
        json!({ "xml": xml, "content": { "seed": seed } })
    };
    let mut volumes: Vec<_> = seeds.iter().enumerate().map(volume).collect();
    let packed = "<volume><name>packed</name><target><format type='qcow2'/></target></volume>";
    volumes.push(json!({ "xml": packed, "content": { "seed": { "files": files } } }));
    let report = ReportConnection::planned(
        assessment(&FakeLibvirt::default(), json!({ "pools": [{ "xml": POOL, "volumes": volumes }] })),
        None,
    );
    let report = Report::new(BTreeMap::from([(URI.to_owned(), report)]));
    let text = strip_str(&report.text(Tense::Planned, false)).to_string();
    let folder = folder.path().display().to_string();
    expect![[r#"
        qemu:///system
          ! volume p/0:
              error: cannot read the secret from /folder: Is a directory (os error 21)
          ! volume p/1:
              error: cannot read the secret from /no/such/file: No such file or directory (os error 2)
          ! volume p/2:
              error: `secretFiles` has "passwd", but no file of the seed has the placeholder @passwd@
              hint: write the placeholder where the secret belongs, or remove the secret
          ! volume p/3:
              error: a seed cannot have the label "LONGER-LABEL"
              hint: a label has up to 11 letters, digits, spaces, hyphens and underscores
          ! volume p/4:
              error: a seed cannot have a file of one of these names: user:data
              hint: a name is a path without ".", ".." and the characters " * : < > ? \ |
          ! volume p/5:
              error: two files of the seed cannot have the path "USER-DATA"
              hint: rename one of them: the file system of a seed ignores case, and a path is either a file or a folder
          ! volume p/6:
              error: two files of the seed cannot have the path "a"
              hint: rename one of them: the file system of a seed ignores case, and a path is either a file or a folder
          ! volume p/7:
              error: the files of the seed are larger than 16 MiB together
          ! volume p/packed:
              error: a seed cannot be in a qcow2 volume
              hint: declare the format of the volume as raw
          + pool p:          create, start

        Legend: + create, ! error
        1 to create, 9 errors
    "#]]
    .assert_eq(&text.replace(&folder, "/folder"));
}
