//! The specs of the golden folders: each mistake that Nix reports is found at the same place, and no other.

use nixvirt_lsp::check::check_spec;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::kind::Kind;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Cases whose mistakes evaluation alone tells, with the reason.
const EVALUATED: &[(&str, &str)] = &[("network/merged-by-functions", "the positions are lost in functions of Nix")];

/// Valid specs of which the server reports an error, with the reason.
const TAKEN_BY_THE_LIBRARY: &[(&str, &str)] = &[
    ("domain/taken-by-libvirt", "the library rewrites what libvirt takes against its schema, and warns of it"),
    ("network/taken-by-libvirt", "the library rewrites what libvirt takes against its schema"),
];

fn folders(below: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(below).expect("a folder").map(|it| it.expect("readable").path()).collect();
    found.sort();
    found
}

fn cases() -> Vec<(Kind, String, PathBuf)> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/specs");
    let mut cases = Vec::new();
    for kind in folders(&specs) {
        let name = kind.file_name().expect("it has a name").to_string_lossy().into_owned();
        let known = Kind::named(&name).expect("the folder of a kind");
        for case in folders(&kind) {
            cases.push((known, format!("{name}/{}", case.file_name().expect("a name").to_string_lossy()), case));
        }
    }
    cases
}

fn problems(kind: Kind, case: &Path) -> Vec<Diagnostic> {
    let text = fs::read_to_string(case.join("spec.nix")).expect("each case has a spec");
    let mut problems = check_spec(kind, &case.join("spec.nix"), text);
    for problem in &mut problems {
        if let Some(position) = &mut problem.position {
            position.file = "spec.nix".to_owned();
        }
    }
    problems
}

#[test]
fn valid_specs_have_no_errors() {
    for (kind, name, case) in cases().into_iter().filter(|(.., case)| case.join("expected.xml").exists()) {
        if TAKEN_BY_THE_LIBRARY.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let errors = problems(kind, &case).into_iter().filter(|problem| problem.severity == Severity::Error);
        assert_eq!(errors.map(|it| it.to_string()).collect::<Vec<_>>(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn mistakes_are_found_where_nix_reports_them() {
    for (kind, name, case) in cases() {
        let Ok(expected) = fs::read_to_string(case.join("expected.err")) else { continue };
        if EVALUATED.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let lines = expected.lines().skip(1).filter(|line| line.starts_with("  "));
        let expected: String = lines.map(|line| format!("{}\n", &line[2..])).collect();
        let split = |text: &str| -> BTreeSet<String> {
            let text = text.replace("\nerror[", "\0error[").replace("\nwarning[", "\0warning[");
            text.split('\0').map(|problem| problem.trim_end().to_owned()).filter(|it| !it.is_empty()).collect()
        };
        let found: String = problems(kind, &case).iter().map(|problem| format!("{problem}\n")).collect();
        let (expected, found) = (split(&expected), split(&found));
        assert_eq!(found, expected, "{name}");
    }
}
