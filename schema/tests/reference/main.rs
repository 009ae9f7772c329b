//! The reference of all fields in `docs/reference/fields/`, and of what they become for KubeVirt, follows from the tables; `dev/run bless` writes it.

mod kubevirt;
mod pages;

use expect_test::expect_file;
use nixvirt_schema::engine::table::{Field, Schema, Type};
use nixvirt_schema::engine::{json, render};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::Reference;
use nixvirt_schema::rules::rules;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

#[test]
fn the_reference_is_current() {
    let folder = docs().join("reference/fields");
    let mut expected = BTreeSet::new();
    for page in pages::all() {
        let path = folder.join(&page.name).with_extension("md");
        fs::create_dir_all(path.parent().expect("a page is in a folder")).expect("a writable folder");
        expect_file![&path].assert_eq(&page.text);
        expected.insert(path);
    }
    let mut found = BTreeSet::new();
    files_below(&folder, &mut found);
    assert_eq!(found, expected, "pages of elements that are no more: delete them");
}

#[test]
fn the_page_of_kubevirt_is_current() {
    expect_file![docs().join("reference/kubevirt.md")].assert_eq(&kubevirt::page());
}

fn files_below(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            files_below(&path, files);
        } else {
            files.insert(path);
        }
    }
}

/// The table of contents lists each page once, below the page that explains them.
#[test]
fn the_table_of_contents_is_current() {
    const PARENT: &str = "- [All fields](reference/fields.md)\n";
    let path = docs().join("SUMMARY.md");
    let text = fs::read_to_string(&path).expect("the table of contents is there");
    let (before, after) = text.split_once(PARENT).expect("it has the page that explains the reference");
    let listed = after.lines().take_while(|line| line.starts_with(' ')).map(|line| line.len() + 1).sum();
    let pages: String = pages::all().iter().map(pages::Page::contents).collect();
    expect_file![path].assert_eq(&format!("{before}{PARENT}{pages}{}", &after[listed..]));
}

/// Each link names a heading of the page that it leads to, and no page has two headings of one name.
#[test]
fn each_link_leads_to_its_own_section() {
    let pages = pages::all();
    let anchors: BTreeSet<(&str, &str)> =
        pages.iter().flat_map(|page| page.anchors.iter().map(|anchor| (page.name.as_str(), anchor.as_str()))).collect();
    assert_eq!(anchors.len(), pages.iter().map(|page| page.anchors.len()).sum::<usize>(), "a heading is repeated");
    let lost: Vec<_> = pages
        .iter()
        .flat_map(|page| &page.links)
        .filter(|(page, anchor)| !anchors.contains(&(page.as_str(), anchor.as_str())))
        .collect();
    assert_eq!(lost, Vec::<&(String, String)>::new());
}

/// The problems of each rule's wrong example refer to sections of the reference.
#[test]
fn each_problem_refers_to_a_section() {
    let pages = pages::all();
    let sections: BTreeSet<_> = pages
        .iter()
        .flat_map(|page| page.anchors.iter().map(move |anchor| format!("{}.html#{anchor}", page.name)))
        .collect();
    let mut lost = BTreeSet::new();
    for rule in rules() {
        let text = rule.spec(&rule.wrong);
        let spec = json::parse(&text).expect("an example is JSON");
        let mut findings = render::render_for(rule.kind, &spec, rule.target).report.findings();
        Reference::refer(rule.kind, spec.root(), &mut findings);
        let references = findings.locate(|_| None).into_iter().map(|problem| problem.reference);
        lost.extend(references.filter(|reference| !reference.as_ref().is_some_and(|it| sections.contains(it))));
    }
    assert_eq!(lost, BTreeSet::new());
}

/// Returns the field of an element, or of one of its forms.
fn part(table: &'static Schema, name: &str) -> Option<&'static Field> {
    let in_forms = || {
        let forms = (table.forms?.variants)();
        forms.variants.iter().find_map(|variant| part(&variant.schema, name))
    };
    table.field(name).map(|(_, field)| field).or_else(in_forms)
}

/// libvirt's manual has the anchors: they were compared with that of libvirt 11.3.
#[test]
fn sections_of_the_manual_describe_fields() {
    for kind in Kind::ALL {
        let paths = kind.format().sections.iter().flat_map(|(paths, _)| paths.split(' '));
        for path in paths.filter(|path| !path.is_empty()) {
            let mut table = kind.schema();
            for name in path.split('.') {
                let field = part(table, name).unwrap_or_else(|| panic!("{} has no {path}", kind.name()));
                if let Type::Element(inner) = field.ty {
                    table = inner();
                }
            }
        }
    }
    assert_eq!(
        Kind::Domain.manual_of("devices.interface.model.type"),
        "https://libvirt.org/formatdomain.html#setting-the-nic-model"
    );
    assert_eq!(Kind::Interface.manual_of("bridge"), Kind::Interface.manual());
}
