//! What happens when a plan is executed: if all succeeds, if a step fails, and if the run is killed.

mod able;
#[path = "../support/mod.rs"]
#[allow(dead_code)] // Plans are shown by other tests.
mod support;

use expect_test::{Expect, expect};
use nixvirt::able::capabilities::{Answer, Request};
use nixvirt::declared::Desired;
use nixvirt::doctor::answers::Answers;
use nixvirt::error::Error;
use nixvirt::guest::Facts;
use nixvirt::inventory::{Inventory, Observed};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::{Applied, ApplyError, Backend, Event, apply, assess};
use nixvirt::snapshot_archive::DomainArchive;
use nixvirt::state::{StateDirectory, Store};
use nixvirt::step::{Metadata, Operation};
use nixvirt_schema::engine::xml::Element;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use support::{FakeLibvirt, desired, facts, show_step};
use tempfile::TempDir;

/// A libvirt and a state directory.
struct Host {
    libvirt: RefCell<FakeLibvirt>,
    fails: Vec<Failing>,
    folder: TempDir,
    /// What it reports its guests. A libvirt without it does not tell.
    told: Option<able::Told>,
}

/// Operations that fail: those of an object that a function picks.
type Failing = (&'static str, fn(&Operation) -> bool);

impl Host {
    fn new() -> Self {
        Host {
            libvirt: RefCell::default(),
            fails: Vec::new(),
            folder: tempfile::tempdir().expect("a folder"),
            told: None,
        }
    }

    fn failing(fails: &[Failing]) -> Self {
        Host { fails: fails.to_vec(), ..Host::new() }
    }

    fn store(&self) -> Store {
        StateDirectory::new(Some(self.folder.path().join("state"))).expect("a state directory").of("test:///default")
    }

    /// A file to fill volumes from.
    fn image(&self) -> String {
        let path = self.folder.path().join("image");
        std::fs::write(&path, "content").expect("written");
        path.display().to_string()
    }

    /// Applies a manifest, and shows the steps and the errors.
    fn apply(&self, desired: &Desired) -> String {
        let steps = RefCell::new(String::new());
        let watch = |event: Event<'_>| {
            if let Event::Step(id, step) = event {
                *steps.borrow_mut() += &format!("{id}: {}\n", show_step(step));
            }
        };
        let applied = apply(self, desired, &self.store(), &watch);
        let shown = steps.into_inner() + &errors(&applied);
        shown.replace(&self.folder.path().display().to_string(), "")
    }

    #[track_caller]
    fn check(&self, manifest: Value, expected: Expect) {
        expected.assert_eq(&self.apply(&desired(manifest)));
    }
}

fn errors(applied: &Applied) -> String {
    let show = |error: &ApplyError| facts(error, "kind");
    let mut text = String::new();
    for outcome in &applied.outcomes {
        let id = &outcome.entry.id;
        outcome.error.iter().for_each(|error| text += &format!("{id}: error: {}\n", show(error)));
        outcome.warnings.iter().for_each(|warning| text += &format!("{id}: warning: {}\n", show(warning)));
    }
    applied.error.iter().for_each(|error| text += &format!("error: {}\n", error.message()));
    text
}

impl Backend for Host {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        let libvirt = self.libvirt.borrow();
        let is_listed = |id: &Id| {
            let pool = || libvirt.objects.get(&id.pool()).is_some_and(|pool| pool.is_active);
            types.contains(&id.kind) && (id.kind != Type::Volume || pool())
        };
        let listed = libvirt.objects.iter().filter(|(id, _)| is_listed(id));
        let bare = |observed: &Observed| Observed { definition: None, live: None, ..observed.clone() };
        let objects = listed.map(|(id, observed)| (id.clone(), bare(observed))).collect();
        Ok(Inventory { objects, ..Inventory::default() })
    }

    fn read(&self, id: &Id, observed: &mut Observed) -> Result<(), Error> {
        let Observed { definition, live, .. } = self.libvirt.borrow().objects[id].clone();
        (observed.definition, observed.live) = (definition, live);
        Ok(())
    }

    fn archive(&self, id: &Id) -> Result<Option<DomainArchive>, Error> {
        Ok(self.libvirt.borrow().archived(id))
    }

    fn answers(&self) -> Result<Answers, Error> {
        Ok(Answers::default())
    }

    fn domain_capabilities(&self, request: &Request) -> Result<Answer, Error> {
        Ok(self.told.as_ref().map_or(Answer::Unknown, |told| told.of(request)))
    }

    fn capabilities(&self) -> Result<Option<Element>, Error> {
        Ok(self.told.as_ref().map(|_| able::Told::host()))
    }

    fn guests(&self, _: Option<&str>) -> Result<Vec<Facts>, Error> {
        Ok(Vec::new())
    }

    fn offers_cpu(&self, _: &Element) -> Result<bool, Error> {
        Ok(true)
    }

    fn ask_agent(&self, _: &str, _: &str) -> Result<String, Error> {
        Err(Error::libvirt("no guest runs"))
    }

    fn is_local(&self) -> bool {
        false
    }

    fn execute(&self, id: &Id, operation: &Operation, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        if self.fails.iter().any(|(of, picks)| *of == id.to_string() && picks(operation)) {
            let quoted = match operation {
                Operation::Define { definition } => definition.0.to_string(),
                _ => String::new(),
            };
            return Err(Error::libvirt(format!("refused: {quoted}")));
        }
        if let Operation::Fill { .. } = operation {
            progress(7, 7);
        }
        self.libvirt.borrow_mut().operate(id, operation);
        Ok(())
    }
}

fn define(operation: &Operation) -> bool {
    matches!(operation, Operation::Define { .. })
}

fn fill(operation: &Operation) -> bool {
    matches!(operation, Operation::Fill { .. })
}

const POOL: &str = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";

fn domain(name: &str, parts: &str) -> String {
    format!("<domain type='kvm'><name>{name}</name>{parts}</domain>")
}

fn disk(file: &str) -> String {
    format!("<devices><disk type='file'><source file='{file}'/><target dev='vda' bus='virtio'/></disk></devices>")
}

fn all(image: &str) -> Value {
    json!({
        "secrets": [{ "xml": "<secret><usage type='ceph'><name>c</name></usage></secret>" }],
        "nwfilters": [{ "xml": "<filter name='f'/>" }],
        "networks": [{ "xml": "<network><name>lan</name></network>", "active": true, "autostart": true }],
        "pools": [{
            "xml": POOL,
            "volumes": [
                { "xml": "<volume><name>copy</name></volume>", "content": { "volume": { "name": "disk" } } },
                { "xml": "<volume><name>disk</name></volume>", "content": { "file": image } },
            ],
        }],
        "domains": [
            {
                "xml": domain("web", &disk("/p/copy")), "active": true, "autostart": true,
                "snapshots": [{ "name": "fresh" }],
            },
            { "xml": domain("db", "") },
        ],
    })
}

#[test]
fn one_run_makes_all_and_the_next_nothing() {
    let host = Host::new();
    let manifest = all(&host.image());
    host.check(
        manifest.clone(),
        expect![[r#"
            secret ceph c: define
            secret ceph c: save-record
            nwfilter f: define
            nwfilter f: save-record
            pool p: define
            pool p: save-record
            pool p: build
            pool p: start
            volume p/disk: save-record to create
            volume p/disk: create-volume
            volume p/disk: save-record incomplete
            volume p/disk: fill file=/image
            volume p/disk: save-record
            volume p/copy: save-record to create
            volume p/copy: create-volume
            volume p/copy: save-record incomplete
            volume p/copy: clone-volume pool=p volume=disk
            volume p/copy: save-record
            network lan: define
            network lan: save-record
            network lan: autostart on=true
            network lan: start
            domain web: define
            domain web: save-record
            domain web: autostart on=true
            domain web: start
            domain db: define
            domain db: save-record
            snapshot web/fresh: create-snapshot
            snapshot web/fresh: save-record
        "#]],
    );
    host.check(manifest.clone(), expect![[""]]);
    let assessment = assess(&host, &desired(manifest), &host.store()).expect("it answers");
    assert!(assessment.plan.is_empty());
}

#[test]
fn what_fails_stops_what_belongs_to_it_and_nothing_else() {
    let host = Host::failing(&[
        ("network lan", define),
        ("pool p", |operation| *operation == Operation::Start),
        ("domain db", define),
    ]);
    let mut manifest = all(&host.image());
    manifest["domains"][1]["snapshots"] = json!([{ "name": "old" }]);
    host.check(
        manifest,
        expect![[r#"
            secret ceph c: define
            secret ceph c: save-record
            nwfilter f: define
            nwfilter f: save-record
            pool p: define
            pool p: save-record
            pool p: build
            pool p: start
            network lan: define
            domain web: define
            domain web: save-record
            domain web: autostart on=true
            domain web: start
            domain db: define
            pool p: error: failed hint=null message=refused: 
            volume p/disk: error: parent-failed parent=pool p
            volume p/copy: error: parent-failed parent=pool p
            network lan: error: failed hint=null message=refused: <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <metadata>
                <nixvirt:declared xmlns:nixvirt='urn:nixvirt:declared' by='here'/>
              </metadata>
            </network>

            domain web: error: incomplete-volume prevents=start volume=volume p/copy
            domain db: error: failed hint=null message=refused: <domain type='kvm'>
              <name>db</name>
              <uuid>4c2634f8-e724-8d48-ad4d-9e13c7162146</uuid>
              <metadata>
                <nixvirt:declared xmlns:nixvirt='urn:nixvirt:declared' by='here'/>
              </metadata>
            </domain>

            snapshot web/fresh: error: parent-failed parent=domain web
            snapshot db/old: error: parent-failed parent=domain db
        "#]],
    );
}

#[test]
fn no_guest_starts_from_half_a_disk() {
    let mut host = Host::failing(&[("volume p/disk", fill)]);
    let mut manifest = all(&host.image());
    for list in ["secrets", "nwfilters", "networks"] {
        manifest.as_object_mut().expect("it is").remove(list);
    }
    manifest["domains"][1] = json!({ "xml": domain("db", &disk("/p/disk")), "active": true });
    host.check(
        manifest.clone(),
        expect![[r#"
            pool p: define
            pool p: save-record
            pool p: build
            pool p: start
            volume p/disk: save-record to create
            volume p/disk: create-volume
            volume p/disk: save-record incomplete
            volume p/disk: fill file=/image
            domain web: define
            domain web: save-record
            domain web: autostart on=true
            domain web: start
            domain db: define
            domain db: save-record
            domain db: start
            volume p/disk: error: failed hint=null message=refused: 
            volume p/copy: error: source-failed source=volume p/disk
            domain web: error: incomplete-volume prevents=start volume=volume p/copy
            domain db: error: incomplete-volume prevents=start volume=volume p/disk
            snapshot web/fresh: error: parent-failed parent=domain web
        "#]],
    );
    host.fails.clear();
    host.check(
        manifest,
        expect![[r#"
            volume p/disk: save-record incomplete
            volume p/disk: fill file=/image
            volume p/disk: save-record
            volume p/copy: save-record to create
            volume p/copy: create-volume
            volume p/copy: save-record incomplete
            volume p/copy: clone-volume pool=p volume=disk
            volume p/copy: save-record
            domain web: start
            domain db: start
            snapshot web/fresh: create-snapshot
            snapshot web/fresh: save-record
        "#]],
    );
}

#[test]
fn a_running_guest_is_not_stopped_for_half_a_disk() {
    let with = |host: &Host, on_change: &str, has_disk: bool| {
        let volume =
            json!({ "pool": "p", "xml": "<volume><name>disk</name></volume>", "content": { "file": host.image() } });
        let volumes = if has_disk { vec![volume] } else { Vec::new() };
        let devices = if has_disk { disk("/p/disk") } else { "<devices/>".to_owned() };
        json!({
            "pools": [{ "xml": POOL, "active": true }],
            "domains": [{ "xml": domain("web", &devices), "active": true, "onChange": on_change, "volumes": volumes }],
        })
    };
    let mut host = Host::failing(&[("volume p/disk", fill)]);
    host.apply(&desired(with(&host, "restart", false)));
    host.check(
        with(&host, "restart", true),
        expect![[r#"
            volume p/disk: save-record to create
            volume p/disk: create-volume
            volume p/disk: save-record incomplete
            volume p/disk: fill file=/image
            domain web: define
            domain web: save-record
            domain web: stop force=false timeout=120
            volume p/disk: error: failed hint=null message=refused: 
            domain web: error: incomplete-volume prevents=restart volume=volume p/disk
        "#]],
    );
    host.fails.clear();
    host.check(
        with(&host, "restart", true),
        expect![[r#"
            volume p/disk: save-record incomplete
            volume p/disk: fill file=/image
            volume p/disk: save-record
            domain web: stop force=false timeout=120
            domain web: start
            domain web: save-record
        "#]],
    );

    let host = Host::failing(&[("volume p/disk", fill)]);
    host.apply(&desired(with(&host, "live", false)));
    host.check(
        with(&host, "live", true),
        expect![[r#"
            volume p/disk: save-record to create
            volume p/disk: create-volume
            volume p/disk: save-record incomplete
            volume p/disk: fill file=/image
            domain web: define
            domain web: attach
            domain web: save-record
            volume p/disk: error: failed hint=null message=refused: 
            domain web: warning: incomplete-volume prevents=attach volume=volume p/disk
        "#]],
    );
}

#[test]
fn a_volume_is_not_made_where_there_is_nothing_to_fill_it_from() {
    let host = Host::new();
    let manifest = json!({ "pools": [{ "xml": POOL, "volumes": [
        { "xml": "<volume><name>disk</name></volume>", "content": { "file": "/no/such/image" } },
    ] }] });
    host.check(
        manifest,
        expect![[r#"
            pool p: define
            pool p: save-record
            pool p: build
            pool p: start
            volume p/disk: error: failed hint=null message=cannot read /no/such/image: No such file or directory (os error 2)
        "#]],
    );
}

#[test]
fn what_cannot_change_while_it_runs_waits() {
    let host = Host::failing(&[("domain web", |operation| {
        matches!(operation, Operation::SetMetadata(Metadata::Title { .. }))
    })]);
    let with = |title: &str| json!({ "domains": [{ "xml": domain("web", &format!("<title>{title}</title>")), "active": true }] });
    host.apply(&desired(with("One")));
    host.check(
        with("Two"),
        expect![[r#"
            domain web: define
            domain web: set-metadata part=title text=Two
            domain web: save-record
            domain web: warning: failed hint=null message=refused: 
        "#]],
    );
    host.check(with("Two"), expect![[""]]);
}

#[test]
fn no_secret_is_told() {
    let host = Host::failing(&[("domain web", define)]);
    let xml = domain("web", "<devices><graphics type='vnc' passwd='a&lt;b'/></devices>");
    host.check(
        json!({ "domains": [{ "xml": xml }] }),
        expect![[r#"
            domain web: define
            domain web: error: failed hint=null message=refused: <domain type='kvm'>
              <name>web</name>
              <uuid>38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39</uuid>
              <devices>
                <graphics type='vnc' passwd='(secret)'/>
              </devices>
              <metadata>
                <nixvirt:declared xmlns:nixvirt='urn:nixvirt:declared' by='here'/>
              </metadata>
            </domain>

        "#]],
    );
}

#[test]
fn nothing_is_done_that_could_not_be_noted() {
    let host = Host::new();
    std::fs::write(host.folder.path().join("state"), "a file").expect("written");
    host.check(
        all(&host.image()),
        expect![[r#"
            error: cannot create /state/test%3A%2F%2F%2Fdefault: Not a directory (os error 20)
        "#]],
    );
    assert!(host.libvirt.borrow().objects.is_empty());
}

#[test]
fn killed_between_any_two_steps_it_comes_to_the_same() {
    let whole = Host::new();
    let manifest = |host: &Host| {
        let mut manifest = all(&host.image());
        manifest["domains"][0]["xml"] = json!(domain("web", &(disk("/p/copy") + "<title>New</title>")));
        manifest["networks"][0]["xml"] = json!("<network><name>lan</name><domain name='lan'/></network>");
        desired(manifest)
    };
    let before = |host: &Host| host.apply(&desired(all(&host.image())));
    let count = before(&whole).lines().count() + whole.apply(&manifest(&whole)).lines().count();
    assert!(count >= 30, "{count}");
    for steps in 0..=count {
        let host = Host::new();
        let left = Cell::new(steps);
        let watch = |event: Event<'_>| {
            if let (Event::Step(..), None) = (event, left.get().checked_sub(1).inspect(|fewer| left.set(*fewer))) {
                std::panic::resume_unwind(Box::new("killed"));
            }
        };
        let run = |desired: &Desired| drop(apply(&host, desired, &host.store(), &watch));
        let _ = catch_unwind(AssertUnwindSafe(|| {
            run(&desired(all(&host.image())));
            run(&manifest(&host));
        }));
        host.apply(&manifest(&host));
        assert_eq!(host.apply(&manifest(&host)), "", "after {steps} steps, twice is once");
        let facts = |it: &Observed| (it.is_active, it.autostart, it.is_persistent, it.definition.clone());
        let state = |host: &Host| -> Vec<_> {
            host.libvirt.borrow().objects.iter().map(|(id, observed)| (id.clone(), facts(observed))).collect()
        };
        assert_eq!(state(&host), state(&whole), "after {steps} steps");
    }
}
