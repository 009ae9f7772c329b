//! The form of the project's files.

use alejandra::format::{Status, in_memory};
use nixvirt_tests::{dedent, files, project};
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Nix files are formatted as alejandra does; `dev/run bless` formats them. Those that Rust makes are long, and are not read.
#[test]
fn nix_files_are_formatted() {
    let mut wrong = Vec::new();
    let made = project().join("schema/json");
    for file in files(&project(), "nix").into_iter().filter(|file| !file.starts_with(&made)) {
        let text = fs::read_to_string(&file).expect("a readable file");
        let (code, docs) = without_docs(&text);
        let (status, formatted) = in_memory(file.display().to_string(), code);
        let formatted = with_docs(&formatted, &docs);
        match status {
            Status::Error(why) => wrong.push(format!("{}: {why}", file.display())),
            _ if formatted == text => {}
            _ if std::env::var_os("UPDATE_EXPECT").is_some() => fs::write(&file, formatted).expect("a writable file"),
            _ => wrong.push(format!("{} is not formatted", file.display())),
        }
    }
    assert!(wrong.is_empty(), "{}\n`dev/run bless` formats the files", wrong.join("\n"));
}

/// Nix code with a line comment in place of each doc comment, and the doc comments: alejandra 3 would turn `/**` into an
/// ordinary comment.
fn without_docs(text: &str) -> (String, Vec<&str>) {
    let mut parts = text.split("/**\n");
    let mut code = parts.next().unwrap_or_default().to_owned();
    let mut docs = Vec::new();
    for part in parts {
        let (doc, rest) = part.split_once("*/").expect("a comment ends");
        code += &format!("{PLACEHOLDER}{}{rest}", docs.len());
        docs.push(doc);
    }
    (code, docs)
}

/// Nix code with the doc comments restored, indented as the code is.
fn with_docs(code: &str, docs: &[&str]) -> String {
    let line = |line: &str| {
        let Some((indentation, number)) = line.split_once(PLACEHOLDER) else { return format!("{line}\n") };
        let doc = docs[number.parse::<usize>().expect("the number of a doc comment")];
        let indented = |line: String| if line.is_empty() { "\n".to_owned() } else { format!("{indentation}{line}\n") };
        let text: String = dedent(doc.trim_end()).lines().map(|line| indented(line.to_owned())).collect();
        format!("{indentation}/**\n{text}{indentation}*/\n")
    };
    code.lines().map(line).collect()
}

/// The start of the line comment that replaces a doc comment; a number follows.
const PLACEHOLDER: &str = "# doc comment ";

/// The packages of the flake are built from the folders of all members of the workspace.
#[test]
fn the_source_of_packages_has_all_members() {
    let read = |path: &str| fs::read_to_string(project().join(path)).expect("a readable file");
    let (workspace, source) = (read("Cargo.toml"), read("nix-lib/source.nix"));
    let members = workspace.lines().find_map(|line| line.strip_prefix("members = ")).expect("a list");
    let members: Vec<String> = serde_json::from_str(members).expect("strings in brackets");
    let folders: BTreeSet<_> = members.iter().filter_map(|member| member.split('/').next()).collect();
    let missing: Vec<_> = folders.into_iter().filter(|folder| !source.contains(&format!("../{folder}"))).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// Each file of `tests/` is a part of a program that `tests/Cargo.toml` names: cargo does not look for others.
#[test]
fn no_test_file_is_forgotten() {
    let tests = project().join("tests");
    let manifest = fs::read_to_string(tests.join("Cargo.toml")).expect("the tests have a manifest");
    let roots = manifest.lines().filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'));
    let mut compiled = BTreeSet::from([tests.join("build.rs")]);
    roots.for_each(|root| add_modules(&tests.join(root), true, &mut compiled));
    assert_eq!(files(&tests, "rs").into_iter().collect::<BTreeSet<_>>(), compiled);
}

/// Adds a file and those of its modules. The modules of a root are beside it, those of another file in a folder of its name.
fn add_modules(file: &Path, is_root: bool, compiled: &mut BTreeSet<PathBuf>) {
    let text = fs::read_to_string(file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    let folder = if is_root { file.with_file_name("") } else { file.with_extension("") };
    for line in text.lines() {
        let module = line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
        if let Some(module) = module {
            add_modules(&folder.join(module).with_extension("rs"), false, compiled);
        }
    }
    compiled.insert(file.to_owned());
}
