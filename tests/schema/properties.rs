//! Random specs: libvirt's schema accepts the XML of each valid spec, and import reads it back.
//!
//! `NIXVIRT_SPECS` is the number of domains, `NIXVIRT_SEED` the first seed.

use libtest_mimic::Failed;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::engine::{json, nix};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::generator::{is_sound, smaller_specs, sound_spec};
use nixvirt_tests::libvirt::{Files, version};
use nixvirt_tests::{errors, extra, lines, setting};
use serde_json::Value as Json;

/// The number of specs in a batch.
const ROUND: u64 = 4000;

/// The number of refused specs to show.
const SHOWN: usize = 20;

/// What a newer schema requires, with the complaint of `xmllint`. An older libvirt does not report it, so that the tables cannot
/// require it.
const NEWLY_REQUIRED: &[(Kind, &str)] = &[
    // A USB device, from libvirt 12.0 on.
    (Kind::Nodedev, "Expecting element port, got product"),
];

pub fn check(kind: Kind) -> Result<(), Failed> {
    let domains = setting("NIXVIRT_SPECS", ROUND);
    let count = if kind == Kind::Domain { domains } else { domains.div_ceil(8) };
    let (start, end) = (setting("NIXVIRT_SEED", 1), setting("NIXVIRT_SEED", 1) + count);
    // What is newer than the schemas, they refuse.
    let target = Some(version());
    let (mut sound, mut wrong) = (0, Vec::new());
    for first in (start..end).step_by(ROUND as usize) {
        let seeds = first..end.min(first + ROUND);
        let specs: Vec<_> = seeds.filter_map(|seed| Some((seed, sound_spec(kind, seed, target)?))).collect();
        for (seed, spec) in &specs {
            wrong.extend(survives(kind, spec).err().map(|why| format!("seed {seed}: {why}")));
        }
        sound += specs.len();
        let specs: Vec<_> = specs.into_iter().map(|(_, spec)| spec).collect();
        for (spec, _) in refused(kind, &specs).into_iter().take(SHOWN) {
            let (spec, why) = smallest(kind, spec, target);
            wrong.push(format!("libvirt's schema refuses {spec}\n{}{why}", xml(kind, &spec)));
        }
    }
    println!("{}: {sound} of {count} specs are sound", kind.name());
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{} are wrong\n\n{}", wrong.len(), wrong.join("\n\n")).into())
}

fn xml(kind: Kind, spec: &Json) -> String {
    render(kind, &json::parse(&spec.to_string()).expect("it was JSON before")).xml
}

/// The specs whose XML libvirt's schema refuses, and the reasons.
fn refused(kind: Kind, specs: &[Json]) -> Vec<(Json, String)> {
    let files = Files::new(specs.iter().map(|spec| xml(kind, spec)));
    let expected = |why: &str| NEWLY_REQUIRED.iter().any(|(of, complaint)| *of == kind && why.contains(complaint));
    let refused = files.invalid(kind).into_iter().filter(|(_, why)| !expected(why));
    refused.map(|(at, why)| (specs[at].clone(), why)).collect()
}

/// A refused spec with all values removed that do not matter, and the reason.
fn smallest(kind: Kind, spec: Json, target: Option<Release>) -> (Json, String) {
    let mut found = (spec, String::new());
    loop {
        let smaller: Vec<_> = smaller_specs(&found.0).filter(|spec| is_sound(kind, spec, target)).collect();
        let smaller = refused(kind, &smaller);
        match smaller.into_iter().min_by_key(|(spec, _)| spec.to_string().len()) {
            Some(smallest) => found = smallest,
            None => return found,
        }
    }
}

/// Rendered XML is imported completely, and then rendered to the same XML.
fn survives(kind: Kind, spec: &Json) -> Result<(), String> {
    let xml = xml(kind, spec);
    let spec = import(kind, &xml).map_err(|why| format!("{why} in\n{xml}"))?;
    let again = render(kind, &spec);
    if again.report.has_errors() {
        return Err(format!("{}in\n{}which is\n{xml}", lines(&errors(again.report)), nix::print(spec.root())));
    }
    if again.xml != xml {
        let changed = xml.lines().zip(again.xml.lines()).find(|(before, after)| before != after);
        return Err(format!("{changed:?} became another in\n{xml}"));
    }
    match extra(spec.root()) {
        Some(extra) => Err(format!("import does not know {} of\n{xml}", nix::print(extra))),
        None => Ok(()),
    }
}
