//! What the engine makes of plans when all goes well, when something fails, and when it is killed.

#[path = "../plan/world.rs"]
#[allow(dead_code)] // Plans are shown there, and not here.
mod world;

use expect_test::{Expect, expect};
use nixvirt::declared::Desired;
use nixvirt::error::Error;
use nixvirt::inventory::{Found, Inventory};
use nixvirt::object::{Id, Type};
use nixvirt::reconcile::{Applied, Daemon, Event, apply, look};
use nixvirt::report::words;
use nixvirt::state::{State, Store};
use nixvirt::step::{Action, Step};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tempfile::TempDir;
use world::{World, desired};

/// A libvirt and a state directory.
struct Host {
    world: RefCell<World>,
    /// What fails, by the object and what is done to it.
    fails: Vec<(&'static str, &'static str)>,
    folder: TempDir,
}

impl Host {
    fn new() -> Self {
        Host { world: RefCell::default(), fails: Vec::new(), folder: tempfile::tempdir().expect("a folder") }
    }

    fn failing(fails: &[(&'static str, &'static str)]) -> Self {
        Host { fails: fails.to_vec(), ..Host::new() }
    }

    fn store(&self) -> Store {
        State::new(Some(self.folder.path().join("state"))).expect("a state directory").of("test:///default")
    }

    /// A file to fill volumes from.
    fn image(&self) -> String {
        let path = self.folder.path().join("image");
        std::fs::write(&path, "content").expect("written");
        path.display().to_string()
    }

    /// Applies a manifest, and shows the steps and what came of the objects.
    fn apply(&self, desired: &Desired) -> String {
        let shown = RefCell::new(String::new());
        let watch = |event: Event<'_>| {
            if let Event::Step(step) = event {
                *shown.borrow_mut() += &format!("{}: {}\n", step.id, words(&step.action));
            }
        };
        let applied = apply(self, desired, &self.store(), &watch);
        let said = shown.into_inner() + &failures(&applied);
        said.replace(&self.folder.path().display().to_string(), "")
    }

    #[track_caller]
    fn check(&self, manifest: Value, expected: Expect) {
        expected.assert_eq(&self.apply(&desired(manifest)));
    }
}

fn failures(applied: &Applied) -> String {
    let mut said = String::new();
    for outcome in &applied.outcomes {
        let id = &outcome.entry.id;
        outcome.failure.iter().for_each(|why| said += &format!("{id} failed: {}\n", why.line()));
        outcome.warnings.iter().for_each(|why| said += &format!("{id} waits: {}\n", why.line()));
    }
    applied.failure.iter().for_each(|why| said += &format!("all failed: {}\n", why.line()));
    said
}

impl Daemon for Host {
    fn list(&self, types: &BTreeSet<Type>) -> Result<Inventory, Error> {
        let world = self.world.borrow();
        let runs = |id: &Id| match (id.kind, &id.parent) {
            (Type::Volume, Some(pool)) => world.has.get(&Id::new(Type::Pool, pool)).is_some_and(|pool| pool.is_active),
            _ => true,
        };
        let listed = world.has.iter().filter(|(id, _)| types.contains(&id.kind) && runs(id));
        let bare = |found: &Found| Found { xml: None, live_xml: None, ..found.clone() };
        Ok(Inventory { objects: listed.map(|(id, found)| (id.clone(), bare(found))).collect() })
    }

    fn read(&self, id: &Id, found: &mut Found) -> Result<(), Error> {
        let world = self.world.borrow();
        (found.xml, found.live_xml) = (world.has[id].xml.clone(), world.has[id].live_xml.clone());
        Ok(())
    }

    fn perform(&self, step: &Step, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        let (id, what) = (step.id.to_string(), words(&step.action));
        if self.fails.iter().any(|(of, action)| *of == id && what.starts_with(action)) {
            let xml = if let Action::Define { xml } = &step.action { xml.0.as_str() } else { "" };
            return Err(Error::libvirt(format!("libvirt does not like it: {xml}")));
        }
        if let Action::Fill { .. } = &step.action {
            progress(7, 7);
        }
        self.world.borrow_mut().perform(step);
        Ok(())
    }
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
        secret ceph c: note what was applied
        nwfilter f: define
        nwfilter f: note what was applied
        pool p: define
        pool p: note what was applied
        pool p: start
        volume p/disk: note what was applied
        volume p/disk: create
        volume p/disk: fill from /image
        volume p/disk: note what was applied
        volume p/copy: note what was applied
        volume p/copy: copy p/disk
        volume p/copy: note what was applied
        network lan: define
        network lan: note what was applied
        network lan: start with the host
        network lan: start
        domain web: define
        domain web: note what was applied
        domain web: start with the host
        domain web: start
        domain db: define
        domain db: note what was applied
        snapshot web/fresh: create
        snapshot web/fresh: note what was applied
    "#]],
    );
    host.check(manifest.clone(), expect![[""]]);
    let look = look(&host, &desired(manifest), &host.store()).expect("it answers");
    assert!(look.plan.is_empty());
}

#[test]
fn what_fails_stops_what_belongs_to_it_and_nothing_else() {
    let host = Host::failing(&[("network lan", "define"), ("pool p", "start"), ("domain db", "define")]);
    let mut manifest = all(&host.image());
    manifest["domains"][1]["snapshots"] = json!([{ "name": "old" }]);
    host.check(
        manifest,
        expect![[r#"
            secret ceph c: define
            secret ceph c: note what was applied
            nwfilter f: define
            nwfilter f: note what was applied
            pool p: define
            pool p: note what was applied
            pool p: start
            network lan: define
            domain web: define
            domain web: note what was applied
            domain web: start with the host
            domain web: start
            domain db: define
            pool p failed: libvirt does not like it: 
            volume p/disk failed: pool p, which it belongs to, is not as declared
            volume p/copy failed: pool p, which it belongs to, is not as declared
            network lan failed: libvirt does not like it: <network>
              <name>lan</name>
              <uuid>0e07b095-24f6-810b-a3d8-f63355c294db</uuid>
              <metadata>
                <nixvirt:declared xmlns:nixvirt='https://github.com/AshleyYakeley/NixVirt/declared' by='here'/>
              </metadata>
            </network>

            domain web failed: it is not started: volume p/copy, which it uses, is not as declared
            domain db failed: libvirt does not like it: <domain type='kvm'>
              <name>db</name>
              <uuid>4c2634f8-e724-8d48-ad4d-9e13c7162146</uuid>
              <metadata>
                <nixvirt:declared xmlns:nixvirt='https://github.com/AshleyYakeley/NixVirt/declared' by='here'/>
              </metadata>
            </domain>

            snapshot web/fresh failed: domain web, which it belongs to, is not as declared
            snapshot db/old failed: domain db, which it belongs to, is not as declared
        "#]],
    );
}

#[test]
fn no_guest_starts_from_half_a_disk() {
    let mut host = Host::failing(&[("volume p/disk", "fill")]);
    let mut manifest = all(&host.image());
    for list in ["secrets", "nwfilters", "networks"] {
        manifest.as_object_mut().expect("it is").remove(list);
    }
    manifest["domains"][1] = json!({ "xml": domain("db", &disk("/p/disk")), "active": true });
    host.check(
        manifest.clone(),
        expect![[r#"
        pool p: define
        pool p: note what was applied
        pool p: start
        volume p/disk: note what was applied
        volume p/disk: create
        volume p/disk: fill from /image
        domain web: define
        domain web: note what was applied
        domain web: start with the host
        domain web: start
        domain db: define
        domain db: note what was applied
        domain db: start
        volume p/disk failed: libvirt does not like it: 
        volume p/copy failed: volume p/disk, of which it is a copy, is not as declared
        domain web failed: it is not started: volume p/copy, which it uses, is not as declared
        domain db failed: it is not started: volume p/disk, which it uses, is not as declared
        snapshot web/fresh failed: domain web, which it belongs to, is not as declared
    "#]],
    );
    host.fails.clear();
    host.check(
        manifest,
        expect![[r#"
        volume p/disk: create
        volume p/disk: fill from /image
        volume p/disk: note what was applied
        volume p/copy: note what was applied
        volume p/copy: copy p/disk
        volume p/copy: note what was applied
        domain web: start
        domain db: start
        snapshot web/fresh: create
        snapshot web/fresh: note what was applied
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
    let mut host = Host::failing(&[("volume p/disk", "fill")]);
    host.apply(&desired(with(&host, "restart", false)));
    host.check(
        with(&host, "restart", true),
        expect![[r#"
        volume p/disk: note what was applied
        volume p/disk: create
        volume p/disk: fill from /image
        domain web: define
        domain web: note what was applied
        domain web: stop
        volume p/disk failed: libvirt does not like it: 
        domain web failed: it is not restarted: volume p/disk, which it uses, is not as declared
    "#]],
    );
    host.fails.clear();
    host.check(
        with(&host, "restart", true),
        expect![[r#"
        volume p/disk: create
        volume p/disk: fill from /image
        volume p/disk: note what was applied
        domain web: stop
        domain web: start
        domain web: note what was applied
    "#]],
    );

    let host = Host::failing(&[("volume p/disk", "fill")]);
    host.apply(&desired(with(&host, "live", false)));
    host.check(
        with(&host, "live", true),
        expect![[r#"
            volume p/disk: note what was applied
            volume p/disk: create
            volume p/disk: fill from /image
            domain web: define
            domain web: plug a device in
            domain web: note what was applied
            volume p/disk failed: libvirt does not like it: 
            domain web waits: it does not get the disk: volume p/disk, which it uses, is not as declared
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
        pool p: note what was applied
        pool p: start
        volume p/disk failed: cannot read /no/such/image: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn what_cannot_change_while_it_runs_waits() {
    let host = Host::failing(&[("domain web", "change its metadata")]);
    let with = |title: &str| json!({ "domains": [{ "xml": domain("web", &format!("<title>{title}</title>")), "active": true }] });
    host.apply(&desired(with("One")));
    host.check(
        with("Two"),
        expect![[r#"
        domain web: define
        domain web: change its metadata
        domain web: note what was applied
        domain web waits: libvirt does not like it: 
    "#]],
    );
    host.check(with("Two"), expect![[""]]);
}

#[test]
fn no_secret_is_told() {
    let host = Host::failing(&[("domain web", "define")]);
    let xml = domain("web", "<devices><graphics type='vnc' passwd='a&lt;b'/></devices>");
    host.check(
        json!({ "domains": [{ "xml": xml }] }),
        expect![[r#"
            domain web: define
            domain web failed: libvirt does not like it: <domain type='kvm'>
              <name>web</name>
              <uuid>38ef4c3c-7b77-8f09-ac68-6e5c7ea4aa39</uuid>
              <devices>
                <graphics type='vnc' passwd='(secret)'/>
              </devices>
              <metadata>
                <nixvirt:declared xmlns:nixvirt='https://github.com/AshleyYakeley/NixVirt/declared' by='here'/>
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
            all failed: cannot create /state/test%3A%2F%2F%2Fdefault: Not a directory (os error 20)
        "#]],
    );
    assert!(host.world.borrow().has.is_empty());
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
            if let (Event::Step(_), None) = (event, left.get().checked_sub(1).inspect(|fewer| left.set(*fewer))) {
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
        let of = |found: &Found| (found.is_active, found.autostart, found.is_persistent, found.xml.clone());
        let state = |host: &Host| -> Vec<_> {
            host.world.borrow().has.iter().map(|(id, found)| (id.clone(), of(found))).collect()
        };
        assert_eq!(state(&host), state(&whole), "after {steps} steps");
    }
}
