//! Random specs that pass the rules: a real libvirt defines all of them, except for what depends on the host.
//!
//! `dev/run specs COUNT` tries many of each kind, and `SEED` starts at another one. Of all specs that are refused alike, the
//! first is shortened.

mod domain;
mod host;
mod volume;

use host::reason;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::kind::Kind;
use nixvirt_tests::generator::{is_sound, smaller_specs, sound, spec};
use nixvirt_tests::libvirt::{Files, version};
use nixvirt_tests::libvirtd::{self, URI, virsh};
use nixvirt_tests::setting;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use virt::connect::Connect;
use virt::error::Error;
use virt::storage_vol::StorageVol;

/// The name of each object.
const NAME: &str = "random";

/// The number of specs that one `xmllint` validates. libvirtd reads its schemas again for each object, which takes longer than
/// all the rest.
const AT_ONCE: usize = 1000;

/// What is reported when the daemon ends instead of answering.
const CRASH: &str = "libvirtd crashes";

#[test]
fn libvirt_defines_random_domains() {
    check(Kind::Domain, 150);
}

#[test]
fn libvirt_defines_random_networks() {
    check(Kind::Network, 150);
}

#[test]
fn libvirt_defines_random_pools() {
    check(Kind::Pool, 150);
}

#[test]
fn libvirt_creates_random_volumes() {
    check(Kind::Volume, 100);
}

#[test]
fn libvirt_defines_random_secrets() {
    check(Kind::Secret, 100);
}

#[test]
fn libvirt_defines_random_nwfilters() {
    check(Kind::Nwfilter, 100);
}

/// Tries that many specs of a kind, unless the environment says how many.
fn check(kind: Kind, usual: u64) {
    let _libvirtd = libvirtd::alone();
    let libvirt = Libvirt::new(kind);
    let (first, count) = (setting("SEED", 1), setting("SPECS", usual));
    let (mut tried, mut taken, mut of_host) = (0, 0, BTreeMap::<_, usize>::new());
    let mut refused = BTreeMap::<String, Vec<(u64, Json)>>::new();
    let seeds: Vec<_> = (first..first + count).collect();
    for seeds in seeds.chunks(AT_ONCE) {
        let specs: Vec<_> = seeds.iter().filter_map(|seed| Some((*seed, libvirt.spec(*seed)?))).collect();
        tried += specs.len();
        let refusals = libvirt.refusals(specs.iter().map(|(_, spec)| spec));
        for (spec, refusal) in specs.into_iter().zip(refusals) {
            match refusal {
                None => taken += 1,
                Some(message) => match reason(&message) {
                    Some(reason) => *of_host.entry(reason).or_default() += 1,
                    None => refused.entry(alike(&message)).or_default().push(spec),
                },
            }
        }
    }
    println!("{}: libvirt takes {taken} of {tried} specs; {of_host:#?}", kind.name());
    let mut refused: Vec<_> = refused.into_iter().collect();
    refused.sort_by_key(|(_, specs)| std::cmp::Reverse(specs.len()));
    let found = refused.into_iter().map(|(message, mut specs)| {
        let count = specs.len();
        let (seed, spec) = specs.swap_remove(0);
        let spec = libvirt.smallest(spec, &message);
        let said = libvirt.refusals([&spec].into_iter()).remove(0).unwrap_or_default();
        format!("{count} × {said}\nSEED={seed} {spec}\n{}", libvirt.xml(&spec))
    });
    let found: Vec<_> = found.collect();
    assert!(found.is_empty(), "libvirt refuses what passes:\n{}", found.join("\n\n"));
}

/// A message without what differs between specs: quoted texts and numbers.
fn alike(message: &str) -> String {
    let unquoted: String = message.split('\'').step_by(2).collect();
    let has_digit = |word: &str| word.contains(|it: char| it.is_ascii_digit());
    unquoted.split(' ').filter(|word| !has_digit(word)).collect::<Vec<_>>().join(" ")
}

fn connect() -> Connect {
    Connect::open(Some(URI)).expect("the daemon answers")
}

/// The types of pools that this libvirt is built without.
fn missing_types() -> Vec<String> {
    let capabilities = virsh(&["pool-capabilities"]);
    let missing = capabilities.lines().filter(|line| line.contains("supported='no'"));
    missing.filter_map(|line| line.split('\'').nth(1)).map(str::to_owned).collect()
}

/// The daemon, which defines objects of a kind.
struct Libvirt {
    kind: Kind,
    connect: RefCell<Connect>,
    version: Release,
    /// Types of pools that this libvirt is built without.
    missing: Vec<String>,
}

impl Libvirt {
    fn new(kind: Kind) -> Self {
        if kind == Kind::Volume {
            volume::prepare();
        }
        let connect = RefCell::new(connect());
        let missing = if kind == Kind::Pool { missing_types() } else { Vec::new() };
        Libvirt { kind, connect, version: version(), missing }
    }

    /// The random spec of a seed: of a pool, the first that this libvirt has the type of.
    fn random(&self, seed: u64) -> Json {
        let mut all = (0..).map(|again| spec(self.kind, seed + (again << 32)));
        let is_there = |spec: &Json| !self.missing.iter().any(|missing| spec["type"] == missing.as_str());
        all.find(is_there).expect("the types differ")
    }

    /// The spec of a seed that passes the rules, and that this host could run.
    fn spec(&self, seed: u64) -> Option<Json> {
        let mut spec = self.random(seed);
        let set = spec.as_object_mut()?;
        if self.kind != Kind::Secret {
            set.insert("name".to_owned(), NAME.into());
        }
        match self.kind {
            Kind::Domain => domain::fit(set, seed),
            Kind::Volume => volume::fit(set, seed),
            _ => {}
        }
        sound(self.kind, spec, Some(self.version))
    }

    fn xml(&self, spec: &Json) -> String {
        render(self.kind, &json::parse(&spec.to_string()).expect("it was JSON before")).xml
    }

    /// The message with which libvirt refuses each spec. What it takes is removed again.
    fn refusals<'a>(&self, specs: impl Iterator<Item = &'a Json>) -> Vec<Option<String>> {
        let documents: Vec<_> = specs.map(|spec| self.xml(spec)).collect();
        let mut invalid: BTreeMap<_, _> =
            Files::new(documents.iter().cloned()).invalid(self.kind).into_iter().collect();
        let refusal = |(at, xml): (usize, &String)| invalid.remove(&at).or_else(|| self.refusal(xml));
        documents.iter().enumerate().map(refusal).collect()
    }

    /// The message with which libvirt refuses a document that its schema accepts.
    fn refusal(&self, xml: &str) -> Option<String> {
        let error = self.define(xml).err()?;
        let is_alive = self.connect.borrow().is_alive().unwrap_or(false);
        if !is_alive {
            libvirtd::start();
            self.connect.replace(connect());
            return Some(CRASH.to_owned());
        }
        Some(error.message().to_owned())
    }

    fn define(&self, xml: &str) -> Result<(), Error> {
        let connect = self.connect.borrow();
        match self.kind {
            Kind::Domain => domain::define(&connect, xml),
            Kind::Secret => connect.define_secret_xml(xml, 0)?.undefine(),
            Kind::Nwfilter => connect.define_nwfilter_xml(xml)?.undefine(),
            Kind::Network => connect.define_network_xml(xml)?.undefine(),
            Kind::Pool => connect.define_storage_pool_xml(xml, 0)?.undefine(),
            _ => {
                let pool = connect.lookup_storage_pool_by_name(volume::POOL)?;
                let made = StorageVol::create_xml(&pool, xml, 0);
                made.and_then(|volume| volume.delete(0)).inspect_err(|_| volume::clear())
            }
        }
    }

    /// A spec that libvirt refuses alike, without the values that do not matter.
    fn smallest(&self, spec: Json, message: &str) -> Json {
        let mut found = spec;
        let is_refused = |spec: &Json| {
            (self.kind != Kind::Domain || domain::has_machine(spec))
                && is_sound(self.kind, spec, Some(self.version))
                && self.refusals([spec].into_iter())[0].as_ref().is_some_and(|said| alike(said) == message)
        };
        loop {
            let smaller = smaller_specs(&found).find(is_refused);
            match smaller {
                Some(smaller) => found = smaller,
                None => return found,
            }
        }
    }
}
