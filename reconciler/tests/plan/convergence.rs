//! That one run is enough, whatever is declared after whatever was declared before.

use super::check;
use crate::support::{FakeLibvirt, desired, show};
use expect_test::expect;
use nixvirt::object::{Id, Type};
use nixvirt::plan::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A declared object: its name, the number of its UUID (0 for none), and that of its bridge or folder.
type Object = (char, u8, u8);

fn uuid(number: u8) -> String {
    format!("6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f000{number}")
}

fn xml(kind: Type, (name, number, place): Object) -> String {
    let uuid = if number == 0 { String::new() } else { format!("<uuid>{}</uuid>", uuid(number)) };
    match kind {
        Type::Network => format!(
            "<network><name>{name}</name>{uuid}<bridge name='virbr{place}'/>\
             <ip address='10.0.{place}.1' netmask='255.255.255.0'/></network>"
        ),
        Type::Pool => {
            format!("<pool type='dir'><name>{name}</name>{uuid}<target><path>/pool{place}</path></target></pool>")
        }
        _ => format!("<domain type='kvm'><name>{name}</name>{uuid}<title>{place}</title></domain>"),
    }
}

fn manifest(kind: Type, objects: &[Object]) -> Value {
    let is_active = kind != Type::Domain;
    let list = objects.iter().map(|it| json!({ "xml": xml(kind, *it), "active": is_active }));
    json!({ format!("{kind}s"): list.collect::<Vec<_>>() })
}

/// All sets of objects with these names, in which no UUID and no place is there twice.
fn states(names: &[char]) -> Vec<Vec<Object>> {
    let mut states = vec![Vec::new()];
    for name in names {
        let mut more = Vec::new();
        for state in &states {
            for number in 0..=2 {
                for place in 1..=2 {
                    let is_taken = |it: &Object| (it.1 == number && number != 0) || it.2 == place;
                    if !state.iter().any(is_taken) {
                        more.push([state.as_slice(), &[(*name, number, place)]].concat());
                    }
                }
            }
        }
        states.extend(more);
    }
    states
}

/// Applies one state after the other, and tells what is not as it should be.
fn fault(kind: Type, before: &[Object], now: &[Object]) -> Option<String> {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(manifest(kind, before)));
    let now_desired = desired(manifest(kind, now));
    let plan = libvirt.plan(&now_desired);
    let applied = catch_unwind(AssertUnwindSafe(|| libvirt.apply(&now_desired)));
    let Ok(applied) = applied else { return Some(show(&plan)) };
    let again = libvirt.plan(&now_desired);
    let has_all = now.iter().all(|(name, number, place)| {
        let observed = libvirt.objects.get(&Id::new(kind, name.to_string()));
        observed.is_some_and(|observed| {
            let text = observed.definition.as_ref().map(ToString::to_string).unwrap_or_default();
            let place = match kind {
                Type::Network => format!("virbr{place}'"),
                Type::Pool => format!("/pool{place}<"),
                _ => format!("<title>{place}<"),
            };
            (*number == 0 || observed.uuid == Some(uuid(*number)))
                && text.contains(&place)
                && observed.is_active == (kind != Type::Domain)
        })
    });
    let names = libvirt.objects.keys().filter(|id| id.kind == kind).count();
    let has_error = applied.entries.iter().any(|entry| entry.verdict == Verdict::Error);
    let is_right = has_all && names == now.len() && again.is_empty() && !has_error;
    if is_right { None } else { Some(format!("{}then\n{}", show(&applied), show(&again))) }
}

#[test]
fn every_pair_of_declared_states_converges_in_one_run() {
    let states = states(&['a', 'b', 'c']);
    let mut faults = Vec::new();
    let mut pairs = 0;
    for kind in [Type::Domain, Type::Network, Type::Pool] {
        for (first, before) in states.iter().enumerate() {
            for (second, now) in states.iter().enumerate() {
                // Of the pairs of large states, one in eleven.
                if before.len() + now.len() > 3 && (first * 7 + second) % 11 != 0 {
                    continue;
                }
                pairs += 1;
                if let Some(plan) = fault(kind, before, now) {
                    faults.push((before.len() + now.len(), format!("{kind}: {before:?} then {now:?}:\n{plan}")));
                }
            }
        }
    }
    assert!(pairs > 1_000, "{pairs} pairs");
    faults.sort();
    let shown: Vec<_> = faults.iter().take(3).map(|(_, fault)| fault.as_str()).collect();
    assert!(faults.is_empty(), "{} of {pairs} pairs:\n{}", faults.len(), shown.join("\n"));
}

#[test]
fn domains_that_get_each_others_names() {
    check(
        &[manifest(Type::Domain, &[('x', 1, 1), ('y', 2, 2)])],
        manifest(Type::Domain, &[('z', 1, 1), ('x', 2, 2)]),
        expect![[r#"
            domain z: change
              name: x -> z (now)
              => rename from=x, define, save-record
            domain x: change
              name: y -> x (now)
              => rename from=y, define, save-record, drop-record object=domain y
        "#]],
    );
    check(
        &[manifest(Type::Domain, &[('x', 1, 1), ('y', 2, 2)])],
        manifest(Type::Domain, &[('x', 2, 2), ('y', 1, 1)]),
        expect![[r#"
            domain y: change
              name: x -> y (now)
              => move-aside to=y-moved-0 uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0002, rename from=x, define, save-record
            domain x: change
              name: y -> x (now)
              => rename from=y-moved-0, define, save-record
        "#]],
    );
}

/// No UUID is advised that is declared for another one.
#[test]
fn a_name_swap_of_running_domains_waits() {
    let mut libvirt = FakeLibvirt::default();
    libvirt.apply(&desired(manifest(Type::Domain, &[('x', 1, 1), ('y', 2, 2)])));
    let names: BTreeSet<Id> = libvirt.objects.keys().cloned().collect();
    names.iter().for_each(|id| libvirt.start(id));
    expect![[r#"
        domain y: error
          because: runs-under-other-name name=x
        domain x: error
          because: runs-under-other-name name=y
    "#]]
    .assert_eq(&show(&libvirt.plan(&desired(manifest(Type::Domain, &[('x', 2, 2), ('y', 1, 1)])))));
}

/// Where one of them cannot be renamed, none is, not even for the time being.
#[test]
fn a_name_swap_with_a_running_domain_waits() {
    for busy in ["x", "y"] {
        let mut libvirt = FakeLibvirt::default();
        libvirt.apply(&desired(manifest(Type::Domain, &[('x', 1, 1), ('y', 2, 2), ('z', 3, 3)])));
        libvirt.start(&Id::new(Type::Domain, busy));
        let swapped = [('x', 2, 2), ('y', 3, 3), ('z', 1, 1)];
        let plan = libvirt.plan(&desired(manifest(Type::Domain, &swapped)));
        let shown = show(&plan);
        assert!(plan.is_empty(), "{shown}");
        let (running, waiting) = (shown.matches("runs-under-other-name").count(), shown.matches("name-taken").count());
        assert_eq!((running, waiting), (1, 2), "{shown}");
    }
}

#[test]
fn networks_that_get_each_others_names_and_bridges() {
    check(
        &[manifest(Type::Network, &[('x', 1, 1), ('y', 2, 2)])],
        manifest(Type::Network, &[('x', 2, 1), ('y', 1, 2)]),
        expect![[r#"
            network x: change
              name: y -> x (now)
              bridge.name: virbr2 -> virbr1 (now)
              ip[10.0.1.1]: - -> address=10.0.1.1, netmask=255.255.255.0 (now)
              ip[10.0.2.1]: address=10.0.2.1, netmask=255.255.255.0 -> - (now)
              => displace name=x uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0001, displace name=y uuid=6c8f9b9e-6d6b-4c0e-9d2e-4d9b0f8f0002, define, save-record, start
            network y: change
              name: x -> y (now)
              bridge.name: virbr1 -> virbr2 (now)
              ip[10.0.2.1]: - -> address=10.0.2.1, netmask=255.255.255.0 (now)
              ip[10.0.1.1]: address=10.0.1.1, netmask=255.255.255.0 -> - (now)
              => define, save-record, start
        "#]],
    );
    check(
        &[manifest(Type::Network, &[('x', 0, 1)])],
        manifest(Type::Network, &[('y', 0, 1)]),
        expect![[r#"
            network x: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=network x
            network y: create
              => define, save-record, start
        "#]],
    );
}

#[test]
fn a_pool_of_another_name_in_the_same_folder() {
    check(
        &[manifest(Type::Pool, &[('x', 0, 1)])],
        manifest(Type::Pool, &[('y', 0, 1)]),
        expect![[r#"
            pool x: remove
              => stop force=false timeout=0, undefine keep=[] mustBeOff=false purge=[], drop-record object=pool x
            pool y: create
              => define, save-record, build, start
        "#]],
    );
}

/// A network that a guest uses keeps its name and its bridge, and what needs them waits.
#[test]
fn a_network_in_use_is_not_renamed() {
    let card = "<devices><interface type='bridge'><source bridge='virbr1'/></interface></devices>";
    for before in [0, 1] {
        let mut libvirt = FakeLibvirt::default();
        libvirt.apply(&desired(manifest(Type::Network, &[('x', before, 1)])));
        let web = Id::new(Type::Domain, "web");
        libvirt.define(web.clone(), &super::domain(card));
        libvirt.start(&web);
        let now = desired(manifest(Type::Network, &[('y', before, 1)]));
        let waiting = show(&libvirt.apply(&now));
        match before {
            0 => expect![[r#"
                network y: deferred
                  because: waits-for-used by=["web"] object=network x
                network x: kept
                  because: still-in-use by=["web"] prevents=remove
            "#]]
            .assert_eq(&waiting),
            _ => expect![[r#"
                network y: kept
                  because: still-in-use by=["web"] prevents=rename
            "#]]
            .assert_eq(&waiting),
        }
        libvirt.stop(&web);
        libvirt.apply(&now);
        assert!(libvirt.objects.contains_key(&Id::new(Type::Network, "y")));
        assert!(libvirt.plan(&now).is_empty());
    }
}
