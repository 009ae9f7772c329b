//! Random specs that the rules accept: libvirt defines them, with validation, except for the reasons in the table.
//!
//! `RUNS` is the number of specs of each kind, `SEED` the first seed.

use nixvirt::object::Type;
use nixvirt_libvirt::Connection;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::generator::sound_spec;
use nixvirt_tests::libvirt::version;
use nixvirt_tests::libvirtd::{self, URI};
use nixvirt_tests::setting;
use pretty_assertions::assert_eq;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::Duration;

mod reasons;

use reasons::REASONS;

/// A random spec as one of an object that this host could have.
fn adapted(kind: Kind, seed: u64) -> Option<Json> {
    let mut spec = sound_spec(kind, seed, Some(version()))?;
    let set = spec.as_object_mut()?;
    set.insert("name".to_owned(), "random".into());
    set.remove("uuid");
    if kind == Kind::Domain {
        set.insert("type".to_owned(), "qemu".into());
        set.insert("memory".to_owned(), json!("64 MiB"));
        set.insert("os".to_owned(), json!({ "type": "hvm", "machine": "q35" }));
    }
    let text = spec.to_string();
    let read = json::parse(&text).ok()?;
    if render(kind, &read).report.has_errors() { None } else { Some(spec) }
}

#[test]
fn libvirt_defines_what_the_rules_accept() {
    let _libvirtd = libvirtd::alone();
    let connection = Connection::open(URI, Duration::from_secs(10)).expect("the daemon answers");
    let (first, count) = (setting("SEED", 1), setting("RUNS", 200));
    let mut wrong: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let kinds = [(Kind::Network, Type::Network), (Kind::Pool, Type::Pool), (Kind::Domain, Type::Domain)];
    for (kind, of) in kinds {
        let (mut tried, mut defined) = (0, 0);
        for seed in first..first + count {
            let Some(spec) = adapted(kind, seed) else { continue };
            let text = spec.to_string();
            let read = json::parse(&text).expect("it is JSON");
            let xml = render(kind, &read).xml;
            tried += 1;
            match connection.define(of, &xml) {
                Ok(_) => defined += 1,
                Err(error) => {
                    let why = error.message();
                    if !REASONS.iter().any(|(part, _)| why.contains(part)) {
                        wrong.entry(plain(&why)).or_insert((0, format!("{why}\n  seed {seed}: {spec}"))).0 += 1;
                    }
                }
            }
        }
        println!("{}: {defined} of {tried} are defined", kind.name());
    }
    let mut wrong: Vec<_> = wrong.into_values().collect();
    wrong.sort_by_key(|(times, _)| std::cmp::Reverse(*times));
    let shown: String = wrong.iter().map(|(times, why)| format!("{times} times: {why}\n")).collect();
    assert_eq!(shown, "");
}

/// A message without its values.
fn plain(message: &str) -> String {
    let parts: Vec<_> = message.split('\'').enumerate().filter(|(at, _)| at % 2 == 0).map(|(_, part)| part).collect();
    parts.concat().chars().filter(|it| !it.is_ascii_digit()).collect()
}
