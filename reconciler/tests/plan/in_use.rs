//! What running guests use is kept, under whatever name, path or bridge they use it.

use super::{check_in, domain};
use crate::support::{FakeLibvirt, desired, show};
use expect_test::expect;
use nixvirt::object::{Id, Type};
use nixvirt::paths::{FileId, Paths, ResolvedPath};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LAN: &str = "<network><name>lan</name><bridge name='virbr5'/></network>";
const POOL: &str = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";
const VOLUME: &str = "<volume><name>v</name><capacity>10</capacity><target><path>/p/v</path></target></volume>";

/// A host with a network, a pool and a volume, of which a running guest that nobody declares uses one.
fn used_by(device: &str) -> FakeLibvirt {
    let mut libvirt = FakeLibvirt::default();
    let all = desired(json!({
        "networks": [{ "xml": LAN, "active": true }],
        "pools": [{ "xml": POOL, "active": true, "volumes": [{ "xml": VOLUME }] }],
    }));
    (0..2).for_each(|_| drop(libvirt.apply(&all)));
    let web = Id::new(Type::Domain, "web");
    libvirt.define(web.clone(), &domain(&format!("<devices>{device}</devices>")));
    libvirt.start(&web);
    libvirt
}

fn nothing() -> Value {
    json!({ "networks": [], "pools": [] })
}

#[test]
fn an_undeclared_network_is_kept_for_a_guest_on_its_bridge_and_removed_once_free() {
    let mut libvirt = used_by("<interface type='bridge'><source bridge='virbr5'/></interface>");
    check_in(
        &mut libvirt,
        nothing(),
        expect![[r#"
            pool p: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=pool p
            network lan: kept
              because: still-in-use by=["web"] prevents=remove
            volume p/v: kept
              because: no-longer-declared
              => drop-record object=volume p/v
        "#]],
    );
    libvirt.stop(&Id::new(Type::Domain, "web"));
    check_in(
        &mut libvirt,
        nothing(),
        expect![[r#"
            network lan: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=network lan
        "#]],
    );
}

#[test]
fn an_undeclared_pool_is_kept_for_a_guest_with_a_path_into_it_and_removed_once_free() {
    let mut libvirt = used_by("<disk type='file'><source file='/p/v'/><target dev='vda'/></disk>");
    check_in(
        &mut libvirt,
        nothing(),
        expect![[r#"
            network lan: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=network lan
            volume p/v: kept
              because: no-longer-declared
              => drop-record object=volume p/v
            pool p: kept
              because: still-in-use by=["web"] prevents=remove
        "#]],
    );
    libvirt.stop(&Id::new(Type::Domain, "web"));
    check_in(
        &mut libvirt,
        nothing(),
        expect![[r#"
            pool p: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=pool p
        "#]],
    );
}

#[test]
fn a_pool_is_kept_whatever_path_a_guest_has_its_volume_by() {
    let resolved = ResolvedPath { path: "/p/v".to_owned(), file: None };
    for path in ["/p/v", "/p/sub/../v", "/link/v"] {
        let mut libvirt = used_by(&format!("<disk type='file'><source file='{path}'/><target dev='vda'/></disk>"));
        libvirt.paths = Paths::known(BTreeMap::from([("/link/v".to_owned(), resolved.clone())]));
        let plan = show(&libvirt.plan(&desired(nothing())));
        assert!(plan.contains("pool p: kept\n  because: still-in-use by=[\"web\"] prevents=remove"), "{path}: {plan}");
    }
}

/// The plan for a volume with `present = false` beside a guest with this disk.
fn deletion(device: &str, paths: Paths) -> String {
    let mut libvirt = used_by(device);
    libvirt.paths = paths;
    let gone = json!({ "pools": [{ "xml": POOL, "active": true, "volumes": [{ "name": "v", "present": false }] }] });
    let plan = show(&libvirt.plan(&desired(gone)));
    plan.replace("pool p: unchanged\n", "")
}

/// Paths of this host that lead to the file of the volume.
fn paths(of_volume: &[&str]) -> Paths {
    let place = |path: &str| ResolvedPath { path: path.to_owned(), file: Some(FileId::File(1, 7)) };
    let known = of_volume.iter().chain(&["/p/v"]).map(|path| ((*path).to_owned(), place(path)));
    Paths::known(known.collect::<BTreeMap<_, _>>())
}

#[test]
fn a_volume_is_not_deleted_whatever_path_a_guest_has_it_by() {
    let disk = |source: &str| format!("<disk>{source}<target dev='vda'/></disk>");
    let backing = "<source file='/top'/><backingStore type='file'><source file='/middle'/><backingStore type='file'>\
                   <source file='/link/v'/></backingStore></backingStore>";
    let used = [
        disk("<source pool='p' volume='v'/>"),
        disk("<source file='/p/v'/>"),
        disk("<source file='/p/sub/../v'/>"),
        disk("<source file='/link/v'/>"),
        disk("<source dev='/dev/disk/by-id/v'/>"),
        disk(backing),
        disk("<source file='/top'/><mirror><source file='/link/v'/></mirror>"),
        "<filesystem><source file='/link/v'/></filesystem>".to_owned(),
    ];
    let known = paths(&["/link/v", "/dev/disk/by-id/v"]);
    for device in used {
        let plan = deletion(&device, known.clone());
        assert_eq!(plan, "volume p/v: error\n  because: still-in-use by=[\"web\"] prevents=delete\n", "{device}");
    }
    let other = deletion(&disk("<source file='/q/v'/>"), known);
    assert_eq!(other, "volume p/v: remove\n  => delete-volume, drop-record object=volume p/v\n");
    // On another host, a path of the same name may lead to it.
    let remote = deletion(&disk("<source file='/q/v'/>"), Paths::default());
    assert_eq!(remote, "volume p/v: error\n  because: still-in-use by=[\"web\"] prevents=delete\n");
}
