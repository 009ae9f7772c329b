//! The crate has layers: the engine imports no format, and circles of imports are small.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Maximum number of files in a circle of imports.
const LARGEST_CIRCLE: usize = 9;

#[test]
fn the_engine_knows_no_format() {
    let imports = Imports::read();
    for (file, imported) in &imports.0 {
        if file.split("::").next() == Some("engine") {
            let outside: Vec<_> = imported.iter().filter(|other| other.split("::").next() != Some("engine")).collect();
            assert!(outside.is_empty(), "{file} imports {outside:?}");
        }
    }
}

#[test]
fn circles_are_small() {
    let largest = Imports::read().circles().into_iter().max_by_key(BTreeSet::len).unwrap_or_default();
    assert!(largest.len() <= LARGEST_CIRCLE, "{} files import each other: {largest:#?}", largest.len());
}

/// For each module, such as `formats::domain`, the modules that it imports. Tests inside a module do not count.
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut texts = BTreeMap::new();
        for file in sources(&root) {
            let path = file.strip_prefix(&root).expect("below the root").with_extension("");
            let module: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            let text = fs::read_to_string(&file).expect("it is readable");
            if module != ["lib"] {
                texts.insert(module.join("::"), without_tests(&text));
            }
        }
        let imports = texts.iter().map(|(module, text)| {
            let paths = paths(text, module).into_iter();
            let modules = paths.filter_map(|path| longest_module(&path, &texts));
            (module.clone(), modules.filter(|other| other != module).collect())
        });
        Imports(imports.collect())
    }

    /// Returns the sets of modules that reach each other.
    fn circles(&self) -> Vec<BTreeSet<String>> {
        let reached: BTreeMap<_, _> = self.0.keys().map(|module| (module, self.reached(module))).collect();
        let circle = |module: &String| -> BTreeSet<String> {
            reached[module].iter().filter(|other| reached[other].contains(module)).cloned().collect()
        };
        self.0.keys().map(circle).collect()
    }

    fn reached(&self, from: &str) -> BTreeSet<String> {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(module) = waiting.pop() {
            for next in &self.0[&module] {
                if reached.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        reached
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is readable").map(|entry| entry.expect("it is readable").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// Returns the code of a file without comments, and without the `#[cfg(test)]` module at its end.
fn without_tests(text: &str) -> String {
    let end = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Returns the paths from the crate's root in a module: those of its `use` declarations, and qualified names.
fn paths(text: &str, module: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for declaration in text.split("use ").skip(1).filter_map(|rest| rest.split_once(';')).map(|(tree, _)| tree) {
        expand("", declaration, &mut paths);
    }
    paths.extend(text.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter)).unwrap_or(rest.len());
        format!("crate::{}", &rest[..end])
    }));
    paths.iter().map(|path| from_root(path, module)).collect()
}

/// Adds the paths of a `use` tree such as `crate::{a, b::{c, d}}`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((before, inner)) = tree.split_once('{') else {
        return paths.push(format!("{prefix}{tree}"));
    };
    let prefix = format!("{prefix}{before}");
    let inner = inner.trim_end().trim_end_matches('}');
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, &inner[start..at], paths);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, &inner[start..], paths);
}

/// Returns a path as seen from the crate's root.
fn from_root(path: &str, module: &str) -> String {
    if let Some(path) = path.strip_prefix("crate::") {
        path.to_owned()
    } else if let Some(path) = path.strip_prefix("super::") {
        let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        from_root(&format!("crate::{parent}::{path}"), module)
    } else if let Some(path) = path.strip_prefix("self::") {
        format!("{module}::{path}")
    } else {
        // A module below this one. Paths into other crates are ignored, for they have no file.
        format!("{module}::{path}")
    }
}

/// Returns the module of a path: the longest prefix that is a module.
fn longest_module(path: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let parts: Vec<_> = path.split("::").filter(|part| !part.is_empty()).map(str::trim).collect();
    (1..=parts.len()).rev().map(|end| parts[..end].join("::")).find(|path| modules.contains_key(path))
}
