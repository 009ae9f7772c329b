//! Modules for NixOS and Home Manager, evaluated by nixpkgs' module system with stubs of the options that they set.
//!
//! `show.nix` selects the output of a case. It is a function of `config`, `options`, `pkgs`, `lib`, `manifest`, `here` (the
//! manifest's `qemu:///system`) and `xml` (which gives the XML of an object of the manifest), and returns a set of files: text,
//! or a value that is written as JSON. Without `show.nix`, the files are `manifest.json`, `objects.xml` (the XML of all
//! objects) and `warnings.txt`. A module that fails to evaluate has `error.txt`.
//!
//! These tests need nixpkgs' `lib`, which is not part of this project. They are ignored unless `NIXPKGS_LIB` names its folder.

use expect_test::expect_file;
use libtest_mimic::{Failed, Trial};
use nixvirt_tests::{configuration, evaluate, folders, name, project};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The files that are a case's input.
const INPUT: &[&str] = &["module.nix", "home.nix", "guests.nix", "show.nix"];

/// The test of each case.
pub fn trials() -> Vec<Trial> {
    let lib = configuration::folder();
    let cases = folders(&project().join("tests/modules"));
    assert!(!cases.is_empty(), "there are no cases in tests/modules");
    if lib.is_none() {
        eprintln!("{} tests of modules are ignored: NIXPKGS_LIB does not name nixpkgs' lib", cases.len());
    }
    let trial = |case: PathBuf| {
        Trial::test(format!("modules/{}", name(&case)), move || check(&case)).with_ignored_flag(lib.is_none())
    };
    cases.into_iter().map(trial).collect()
}

fn check(case: &Path) -> Result<(), Failed> {
    let files = shown(case)?;
    for (file, text) in &files {
        expect_file![case.join(file)].assert_eq(text);
    }
    let others: Vec<_> = others(case)?.into_iter().filter(|file| !files.contains_key(file)).collect();
    if others.is_empty() { Ok(()) } else { Err(format!("nothing is shown for {}", others.join(", ")).into()) }
}

/// The expected files of a case, with their text.
fn shown(case: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let outcome = evaluate(&format!(
        "builtins.toJSON (import {}/tests/modules/case.nix {{ nixpkgsLib = {}; folder = {}; }})",
        project().display(),
        configuration::lib().display(),
        case.display()
    ));
    if !outcome.succeeded {
        return Ok(BTreeMap::from([("error.txt".to_owned(), plain(outcome.error(), case))]));
    }
    let files: BTreeMap<String, Value> = serde_json::from_str(&outcome.stdout)?;
    let text = |file: &str, value: Value| match value {
        Value::String(text) if !file.ends_with(".json") => text,
        other => format!("{other:#}"),
    };
    Ok(files.into_iter().map(|(file, value)| (file.clone(), plain(&text(&file, value), case))).collect())
}

/// The files of a case except for its input.
fn others(case: &Path) -> Result<BTreeSet<String>, Failed> {
    let files: Result<Vec<_>, _> =
        fs::read_dir(case)?.map(|entry| entry.map(|it| name(&it.path()).to_owned())).collect();
    Ok(files?.into_iter().filter(|file| !INPUT.contains(&&**file)).collect())
}

/// The text without the hashes of store paths and the path of the project, and with one newline at its end.
fn plain(text: &str, case: &Path) -> String {
    let text = text.replace(&format!("{}/", case.display()), "").replace(&project().display().to_string(), "PROJECT");
    let mut parts = text.trim_end().split("/nix/store/");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "STORE" + part.get(32..).unwrap_or(part)) + "\n"
}
