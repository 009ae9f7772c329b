//! Specs, with the plugin and without.

use expect_test::expect_file;
use libtest_mimic::{Failed, Trial};
use nixvirt_schema::kind::Kind;
use nixvirt_tests::libvirt::invalid;
use nixvirt_tests::{Outcome, bare, evaluate, folders, is_on_c_api, library, name, project};
use std::fs;
use std::path::Path;

type Evaluate = fn(&str) -> Outcome;

/// The folders of cases, and the functions that evaluate their specs.
const FOLDERS: &[(&str, Evaluate)] = &[("specs", evaluate), ("fallback", bare)];

/// The test of each case.
pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (folder, evaluate) in FOLDERS {
        let before = trials.len();
        for kind in folders(&project().join("tests").join(folder)) {
            for case in folders(&kind) {
                let label = format!("{folder}/{}/{}", name(&kind), name(&case));
                let kind = name(&kind).to_owned();
                trials.push(Trial::test(label, move || check(&kind, &case, *evaluate)));
            }
        }
        assert!(trials.len() > before, "there are no cases in tests/{folder}");
    }
    trials
}

fn check(kind: &str, case: &Path, evaluate: Evaluate) -> Result<(), Failed> {
    let expression = format!(
        "let lib = {}; spec = import {}/spec.nix; in lib.{kind}.getXML (if builtins.isFunction spec then spec lib else spec)",
        library(),
        case.display()
    );
    let outcome = evaluate(&expression);
    let (xml, err) = (case.join("expected.xml"), case.join("expected.err"));
    if outcome.succeeded {
        if err.exists() {
            return Err(format!("it should be refused, and became:\n{}", outcome.stdout).into());
        }
        expect_file![&xml].assert_eq(&outcome.stdout);
        let kind = Kind::named(kind).ok_or("there is no such kind")?;
        return match invalid(kind, std::slice::from_ref(&xml)).remove(&xml) {
            Some(complaints) => Err(complaints.into()),
            None => Ok(()),
        };
    }
    if xml.exists() {
        return Err(format!("it should become XML, and was refused:\n{}", outcome.stderr).into());
    }
    let problems = problems(outcome.error(), case);
    // Where Nix's C API does not tell a position, the case has a file of its own.
    let on_c_api = case.join("expected-c-api.err");
    if is_on_c_api() && fs::read_to_string(&err)? != problems {
        expect_file![on_c_api].assert_eq(&problems);
    } else if is_on_c_api() && on_c_api.exists() {
        return Err(format!("{} is not needed: expected.err is the same", on_c_api.display()).into());
    } else {
        expect_file![err].assert_eq(&problems);
    }
    Ok(())
}

/// The problems in an error of Nix, with paths relative to the case's folder.
fn problems(error: &str, case: &Path) -> String {
    let lines = error.trim_end().lines().map(|line| line.strip_prefix("       ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n").replace(&format!("{}/", case.display()), "") + "\n"
}
