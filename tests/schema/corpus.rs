//! libvirt's own test files survive XML → spec → XML, and the tables know all of their parts.

use libtest_mimic::Failed;
use nixvirt_schema::engine::import::import;
use nixvirt_schema::engine::render::render_types;
use nixvirt_schema::engine::{nix, xml};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::{Document, corpus, document};
use nixvirt_tests::xml_equivalence::Canonical;
use nixvirt_tests::{errors, extra, files, lines, project};

pub fn check(kind: Kind) -> Result<(), Failed> {
    let mut documents = corpus(kind);
    documents.extend(own(kind));
    let wrong: Vec<_> =
        documents.iter().filter_map(|document| Some((document, survives(kind, document).err()?))).collect();
    println!("{}: {} of {} survive", kind.name(), documents.len() - wrong.len(), documents.len());
    if documents.is_empty() {
        return Err("libvirt's tests have no document of this kind".into());
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.iter().map(|(it, why)| format!("{}: {why}\n", it.path.display())).collect::<String>().into())
}

/// The documents of the project, with what libvirt's tests in the root do not have.
fn own(kind: Kind) -> Vec<Document> {
    let files = files(&project().join("tests/schema/documents"), "xml");
    files.into_iter().filter_map(|path| document(kind, path)).collect()
}

fn survives(kind: Kind, document: &Document) -> Result<(), String> {
    let spec = import(kind, &document.text).map_err(|why| why.to_string())?;
    // The rules refuse some: `tests/libvirt/refusals.rs` checks that libvirt does so too.
    let again = render_types(kind, &spec);
    if again.report.has_errors() {
        return Err(lines(&errors(again.report)));
    }
    let back = xml::parse(&again.xml).map_err(|why| why.to_string())?;
    if let Some(difference) = Canonical::of(&document.root).difference(&Canonical::of(&back[0])) {
        return Err(difference);
    }
    extra(spec.root()).map_or(Ok(()), |extra| Err(format!("the tables do not know {}", nix::print(extra))))
}
