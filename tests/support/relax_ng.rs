//! Reader for RELAX NG: which names are allowed at which places.

use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::formats::namespaces::NAMESPACES;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// How deep elements nest on the paths that are listed.
const MAX_DEPTH: usize = 14;

/// The steps to a part of a document: names of elements from the outermost on, and at the end `@name` for an
/// attribute or `text()` for text. A literal value of an attribute or text is one more step, `=value`.
pub type Steps = Vec<String>;

/// A grammar: its patterns, and those that have a name.
#[derive(Default)]
pub struct Grammar {
    start: Vec<Element>,
    defines: BTreeMap<String, Vec<Element>>,
}

impl Grammar {
    /// Reads a grammar and those that it includes.
    pub fn read(file: &Path) -> Self {
        let mut grammar = Grammar::default();
        grammar.include(file);
        grammar
    }

    fn include(&mut self, file: &Path) {
        let text = fs::read_to_string(file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        let mut root = xml::parse(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display())).remove(0);
        add_prefixes(&mut root, "");
        self.add(root.children, file);
    }

    fn add(&mut self, patterns: Vec<Element>, file: &Path) {
        for pattern in patterns {
            let name = pattern.attribute("name").map(str::to_owned);
            match (pattern.name.as_str(), name) {
                ("include", _) => {
                    self.include(&file.with_file_name(pattern.attribute("href").expect("it names a file")));
                    // Definitions inside `include` replace included ones.
                    self.add(pattern.children, file);
                }
                ("div", _) => self.add(pattern.children, file),
                ("start", _) => self.start = pattern.children,
                ("define", Some(name)) if pattern.attribute("combine").is_some() => {
                    self.defines.entry(name).or_default().extend(pattern.children);
                }
                ("define", Some(name)) => drop(self.defines.insert(name, pattern.children)),
                (other, _) => panic!("{}: <{other}> is not understood", file.display()),
            }
        }
    }

    /// The steps to all names, texts and literal values. Recursive patterns are followed once.
    pub fn paths(&self) -> BTreeSet<Steps> {
        let mut walk = Walk { grammar: self, path: Vec::new(), within: Vec::new(), found: BTreeSet::new() };
        walk.patterns(&self.start);
        walk.found
    }
}

/// Gives the names of elements the prefixes that the tables have.
fn add_prefixes(pattern: &mut Element, inherited: &str) {
    let namespace = pattern.attribute("ns").unwrap_or(inherited).to_owned();
    let prefix = NAMESPACES.iter().find(|known| known.uri == namespace).map(|known| known.prefix);
    if let (Some(prefix), "element") = (prefix, pattern.name.as_str()) {
        let name = pattern.attributes.iter_mut().find(|(name, _)| name == "name");
        name.into_iter().for_each(|(_, name)| *name = format!("{prefix}:{name}"));
    }
    pattern.children.iter_mut().for_each(|child| add_prefixes(child, &namespace));
}

struct Walk<'g> {
    grammar: &'g Grammar,
    path: Steps,
    /// The named patterns that are being followed.
    within: Vec<&'g str>,
    found: BTreeSet<Steps>,
}

impl<'g> Walk<'g> {
    fn patterns(&mut self, patterns: &'g [Element]) {
        patterns.iter().for_each(|pattern| self.pattern(pattern));
    }

    fn pattern(&mut self, pattern: &'g Element) {
        match pattern.name.as_str() {
            "element" if pattern.children.iter().any(|inner| inner.name == "notAllowed") => {}
            "element" if self.path.len() < MAX_DEPTH => {
                for name in names(pattern) {
                    self.path.push(name.to_owned());
                    self.found.insert(self.path.clone());
                    self.patterns(&pattern.children);
                    self.path.pop();
                }
            }
            "attribute" => {
                for name in names(pattern) {
                    self.find(&format!("@{name}"));
                    self.values(&format!("@{name}"), &pattern.children, &mut Vec::new());
                }
            }
            "text" | "data" | "list" => self.find("text()"),
            "value" => {
                self.find("text()");
                self.values("text()", std::slice::from_ref(pattern), &mut Vec::new());
            }
            "ref" => self.named(pattern.attribute("name").expect("it refers to a name")),
            "choice" | "group" | "interleave" | "mixed" | "optional" | "zeroOrMore" | "oneOrMore" => {
                self.patterns(&pattern.children);
            }
            // A nested grammar is that of another kind, which is checked separately.
            "element" | "empty" | "notAllowed" | "name" | "anyName" | "nsName" | "grammar" => {}
            other => panic!("<{other}> is not understood"),
        }
    }

    fn find(&mut self, leaf: &str) {
        self.path.push(leaf.to_owned());
        self.found.insert(self.path.clone());
        self.path.pop();
    }

    /// Adds the literal values that an attribute or text may have as a whole.
    fn values(&mut self, of: &str, patterns: &'g [Element], within: &mut Vec<&'g str>) {
        for pattern in patterns {
            match pattern.name.as_str() {
                "value" => {
                    self.path.push(of.to_owned());
                    self.find(&format!("={}", pattern.text.trim()));
                    self.path.pop();
                }
                "choice" | "group" | "optional" => self.values(of, &pattern.children, within),
                "ref" => {
                    let name = pattern.attribute("name").expect("it refers to a name");
                    if !within.contains(&name) {
                        within.push(name);
                        let grammar = self.grammar;
                        self.values(of, &grammar.defines[name], within);
                        within.pop();
                    }
                }
                _ => {}
            }
        }
    }

    fn named(&mut self, name: &'g str) {
        if self.within.contains(&name) {
            return;
        }
        let grammar = self.grammar;
        self.within.push(name);
        self.patterns(grammar.defines.get(name).unwrap_or_else(|| panic!("{name} is not defined")));
        self.within.pop();
    }
}

/// The names that an element or attribute may have; None if any name is allowed.
fn names(pattern: &Element) -> Vec<&str> {
    match (pattern.attribute("name"), pattern.children.first()) {
        (Some(name), _) => vec![name],
        (None, Some(class)) if class.name == "name" => vec![&class.text],
        (None, Some(class)) if class.name == "choice" => class.children.iter().map(|name| name.text.as_str()).collect(),
        _ => Vec::new(),
    }
}
