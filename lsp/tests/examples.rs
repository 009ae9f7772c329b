//! Nix that works has no error, and only the warnings that are listed here: the examples, the templates, the modules of the
//! tests, and the code blocks of the guide.

use nixvirt_lsp::check::check_text;
use pretty_assertions::assert_eq;
use std::fs;
use std::path::{Path, PathBuf};

/// Files and blocks whose mistakes are on purpose: the start of the path, and a part of the text.
const BROKEN: &[(&str, &str)] = &[
    ("examples/broken/", ""),
    ("tests/modules/error-", ""),
    ("tests/docs/error.nix", ""),
    ("tests/nix/plugin/", ""),
    ("docs/reference/rules.md", ""),
    ("docs/reference/library.md", "mdoe"),
    ("docs/guides/editor.md", "natt"),
];

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the project is there")
}

fn files(below: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(below).expect("a folder").map(|it| it.expect("readable").path()).collect();
    entries.sort();
    for path in entries {
        let is_specs = path.ends_with("tests/specs") || path.ends_with("tests/fallback");
        match path.extension().and_then(|it| it.to_str()) {
            _ if path.is_dir() && !is_specs => files(&path, found),
            Some("nix" | "md") => found.push(path),
            _ => {}
        }
    }
}

/// Returns the texts in Nix of a file.
fn texts(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("it is readable");
    if path.extension().is_some_and(|it| it == "nix") {
        return vec![text];
    }
    let blocks = text.split("\n```nix").skip(1).filter_map(|rest| rest.split_once('\n'));
    blocks.map(|(_, code)| code.split("\n```").next().unwrap_or_default().to_owned()).collect()
}

/// Warnings of what works.
const WARNINGS: &[&str] = &[
    r#"tests/modules/objects-of-every-kind/module.nix: warning[size-without-unit]: capacity.count: 1024 without a unit means 1024 bytes; did you mean "1024 MiB"?"#,
    "tests/modules/secret-in-the-store/module.nix: warning[literal-password]: devices.graphics.first.passwd: this password is written to the Nix store, where every user of the host can read it",
    r#"tests/modules/two-of-one-name/module.nix: warning[size-without-unit]: capacity: 1 without a unit means 1 bytes; did you mean "1 GiB"?"#,
    r#"tests/modules/undeclared-volume/module.nix: warning[size-without-unit]: capacity: 1 without a unit means 1 bytes; did you mean "1 GiB"?"#,
    r#"tests/modules/undeclared-volume-beside-a-file/module.nix: warning[size-without-unit]: capacity: 1 without a unit means 1 bytes; did you mean "1 GiB"?"#,
];

#[test]
fn what_works_has_no_problem() {
    let project = project();
    let mut paths = vec![project.join("README.md"), project.join("flake.nix")];
    for folder in ["examples", "docs", "nix-lib", "tests", "packaging"] {
        files(&project.join(folder), &mut paths);
    }
    let mut problems = Vec::new();
    let mut number = 0;
    for path in paths {
        let shown = path.strip_prefix(&project).expect("below it").display().to_string();
        for text in texts(&path) {
            if BROKEN.iter().any(|(start, part)| shown.starts_with(start) && text.contains(part)) {
                continue;
            }
            number += 1;
            for problem in check_text(&path, text) {
                let problem = format!("{shown}: {problem}");
                let problem = problem.lines().next().unwrap_or_default().to_owned();
                if !WARNINGS.contains(&problem.as_str()) {
                    problems.push(problem);
                }
            }
        }
    }
    assert_eq!(problems, Vec::<String>::new());
    assert!(number > 250, "{number}");
}
