//! The XML that libvirt tests itself with survives XML → spec → XML, and the tables know all of it.

use libtest_mimic::Failed;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::render::{render, render_types};
use nixvirt_schema::engine::{nix, xml};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::{Document, REFUSED, corpus};
use nixvirt_tests::xml_equivalence::Canonical;
use nixvirt_tests::{errors, extra, lines};

/// Files that hold what the tables do not take on purpose, so that import keeps it under `extra`, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("qemuxmlconfdata/disk-metadata-cache.xml", "a unit in odd case: kiB"),
    ("qemuxmlconfdata/sparc-minimal.xml", "a unit in odd case: mib"),
];

pub fn check(kind: Kind) -> Result<(), Failed> {
    let documents = corpus(kind);
    let wrong: Vec<_> =
        documents.iter().filter_map(|document| Some((document, survives(kind, document).err()?))).collect();
    println!("{}: {} of {} survive", kind.name(), documents.len() - wrong.len(), documents.len());
    if documents.is_empty() {
        return Err("libvirt's tests have no document of this kind".into());
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => {
            Err(wrong.iter().map(|(it, why)| format!("{}: {why}\n", it.path.display())).collect::<String>().into())
        }
    }
}

fn survives(kind: Kind, document: &Document) -> Result<(), String> {
    let spec = import(kind, &document.text).map_err(|why| why.to_string())?;
    let again = render(kind, &spec);
    let is_refused = REFUSED.iter().any(|file| document.path.ends_with(file));
    // What the rules refuse, because libvirt's driver does, the types still carry whole.
    let again = match again.report.has_errors() {
        true if is_refused => render_types(kind, &spec),
        false if is_refused => return Err("it is to be refused, and is not".to_owned()),
        _ => again,
    };
    if again.report.has_errors() {
        return Err(lines(&errors(again.report)));
    }
    let back = xml::parse(&again.xml).map_err(|why| why.to_string())?;
    if let Some(difference) = Canonical::of(&document.root).difference(&Canonical::of(&back[0])) {
        return Err(difference);
    }
    let is_exception = EXCEPTIONS.iter().any(|(file, _)| document.path.ends_with(file));
    match extra(spec.root()) {
        Some(extra) if !is_exception => Err(format!("the tables do not know {}", nix::print(extra))),
        None if is_exception => Err("it is an exception, and needs not be".to_owned()),
        _ => Ok(()),
    }
}
