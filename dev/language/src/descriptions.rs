//! The descriptions of fields, elements and words, which editors, the reference and the JSON Schemas show by themselves.

use crate::phrases::Phrases;
use crate::prose::files;
use crate::{Finding, project};
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::table::{Schema, Type};
use nixvirt_schema::kind::Kind;
use rnix::{SyntaxKind, SyntaxNode};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::mem;

/// The description of something that a spec or manifest may have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Description {
    /// The type and the field or word, as in `Disk.device`; for what no table has, the file and line.
    pub of: String,
    /// Its text.
    pub text: String,
}

impl Description {
    /// What the style guide has against it.
    pub fn problems(&self, phrases: &Phrases) -> Vec<String> {
        let mut problems = Vec::new();
        let text = self.text.trim();
        if text.is_empty() {
            return vec![format!("{} has no description", self.of)];
        }
        if !text.ends_with('.') {
            problems.push("does not end with a period".to_owned());
        }
        if !starts_like_a_sentence(text) {
            problems.push("does not start with a capital".to_owned());
        }
        problems.extend(phrases.opening(text).map(|problem| format!("starts with {problem}")));
        problems.iter().map(|problem| format!("{} {problem}: {text}", self.of)).collect()
    }
}

/// Whether a text starts with a capital, a number, code, or a name that is written in its own way, as libvirt or iSCSI.
fn starts_like_a_sentence(text: &str) -> bool {
    const NAMES: &[&str] = &["bhyve", "dnsmasq", "libvirt", "libvirt's", "s390", "swtpm", "virtio", "virtiofs"];
    let first = text.split_whitespace().next().unwrap_or_default();
    let word = first.trim_end_matches([',', '.', ':']);
    let is_plain_word =
        word.starts_with(|letter: char| letter.is_ascii_lowercase()) && !word.chars().any(char::is_uppercase);
    !is_plain_word || NAMES.contains(&word)
}

/// The descriptions in the tables of all formats.
pub fn of_tables() -> BTreeSet<Description> {
    let mut found = Found::default();
    for kind in Kind::ALL {
        found.element(kind.schema());
    }
    found.descriptions
}

/// What was found in the tables so far.
#[derive(Default)]
struct Found {
    elements: BTreeSet<*const Schema>,
    descriptions: BTreeSet<Description>,
}

impl Found {
    fn add(&mut self, of: String, text: &str) {
        self.descriptions.insert(Description { of, text: text.to_owned() });
    }

    fn element(&mut self, schema: &'static Schema) {
        if !self.elements.insert(schema) {
            return;
        }
        self.add(schema.name.to_owned(), schema.doc);
        for field in schema.fields {
            self.add(format!("{}.{}", schema.name, field.name), field.doc);
            match field.ty {
                Type::Element(inner) => self.element(inner()),
                Type::Scalar(scalar) => self.scalar(scalar),
                Type::Present | Type::Xml => {}
            }
        }
        if let Some(forms) = schema.forms {
            let variants = (forms.variants)();
            self.add(variants.name.to_owned(), variants.doc);
            variants.variants.iter().for_each(|variant| self.element(&variant.schema));
        }
    }

    fn scalar(&mut self, scalar: &Scalar) {
        match scalar {
            Scalar::Enum(it) => {
                if !it.name.is_empty() {
                    self.add(it.name.to_owned(), it.doc);
                }
                // A list of names that speak for themselves has no descriptions.
                for word in it.words.iter().filter(|word| !word.doc.is_empty()) {
                    self.add(format!("{}.{}", it.name, word.word), word.doc);
                }
            }
            Scalar::Either(all) => all.iter().for_each(|scalar| self.scalar(scalar)),
            _ => {}
        }
    }
}

/// The doc comments of the schema crate, each with the places where it is written.
#[derive(Debug)]
struct Sources(HashMap<String, Vec<(String, usize)>>);

impl Sources {
    fn read() -> Sources {
        let mut sources = Sources(HashMap::new());
        for file in files("schema/src").iter().filter(|file| file.ends_with(".rs")) {
            let text = fs::read_to_string(project().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"));
            sources.add(file, &text);
        }
        sources
    }

    fn add(&mut self, file: &str, text: &str) {
        let mut comment = String::new();
        let mut start = 0;
        for (number, line) in (1..).zip(text.lines()) {
            match line.trim().strip_prefix("///") {
                Some(part) if comment.is_empty() => {
                    start = number;
                    comment.push_str(part.trim());
                }
                Some(part) => {
                    comment.push(' ');
                    comment.push_str(part.trim());
                }
                None if comment.is_empty() => {}
                None => self.0.entry(mem::take(&mut comment)).or_default().push((file.to_owned(), start)),
            }
        }
    }

    /// Where a description is written; the folder of the formats where that is not known.
    fn places(&self, text: &str) -> Vec<(String, usize)> {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.0.get(&joined).cloned().unwrap_or_else(|| vec![("schema/src/formats".to_owned(), 0)])
    }
}

/// The problems of the descriptions in the tables, each where it is written.
pub fn check_tables(phrases: &Phrases) -> Vec<Finding> {
    let sources = Sources::read();
    let mut findings = Vec::new();
    for description in of_tables() {
        for problem in description.problems(phrases) {
            for (file, line) in sources.places(&description.text) {
                findings.push(Finding { file, line, problem: problem.clone() });
            }
        }
    }
    findings
}

/// The problems of the descriptions in JSON Schemas that are made of other types than the tables: the manifest's, and
/// that of what commands print.
pub fn check_other_schemas(phrases: &Phrases) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files("schema/json") {
        let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".json"));
        if name.is_none_or(|name| Kind::named(name).is_some()) {
            continue;
        }
        let text = fs::read_to_string(project().join(&file)).unwrap_or_else(|why| panic!("{file}: {why}"));
        for (line, text) in (1..).zip(text.lines()) {
            if let Some(text) = described(text) {
                let description = Description { of: "this".to_owned(), text };
                let problems = description.problems(phrases);
                findings.extend(problems.into_iter().map(|problem| Finding { file: file.clone(), line, problem }));
            }
        }
    }
    findings
}

/// The problems of the descriptions of the modules' options.
pub fn check_options(phrases: &Phrases) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files("nix-lib/modules").iter().filter(|file| file.ends_with(".nix")) {
        let text = fs::read_to_string(project().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"));
        for (line, text) in options(&text) {
            let description = Description { of: "this option".to_owned(), text };
            let problems = description.problems(phrases);
            findings.extend(problems.into_iter().map(|problem| Finding { file: file.clone(), line, problem }));
        }
    }
    findings
}

/// The descriptions in the calls of `mkOption` in an expression, each with its line.
fn options(expression: &str) -> Vec<(usize, String)> {
    let nodes = rnix::parse(expression).node().descendants();
    let strings = nodes.filter(|node| node.kind() == SyntaxKind::NODE_STRING && is_of_option(node));
    let described = strings.map(|string| {
        let line = expression[..string.text_range().start().into()].matches('\n').count() + 1;
        (line, string.to_string().trim_matches(['"', '\'']).to_owned())
    });
    described.collect()
}

/// Whether a string is the `description` in a set to which `mkOption` is applied.
fn is_of_option(string: &SyntaxNode) -> bool {
    let Some(binding) = string.parent() else { return false };
    let is_description = binding.first_child().is_some_and(|key| key.text() == "description");
    let call = binding.parent().and_then(|set| set.parent());
    let function = call.and_then(|call| call.first_child());
    is_description && function.is_some_and(|function| function.to_string().ends_with("mkOption"))
}

/// The description that a line of a JSON Schema holds.
fn described(line: &str) -> Option<String> {
    let value = line.trim().strip_prefix("\"description\": ")?;
    serde_json::from_str(value.trim_end_matches(',')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let phrases = Phrases::of("^it -> name the subject\n");
        Description { of: "Disk.bus".to_owned(), text: text.to_owned() }.problems(&phrases)
    }

    #[test]
    fn a_description_is_a_sentence_that_names_its_subject() {
        assert_eq!(problems("Disk bus. Derived from the target name if omitted."), [""; 0]);
        assert_eq!(problems("iSCSI target."), [""; 0]);
        assert_eq!(problems("virtio disk."), [""; 0]);
        assert_eq!(problems("Disk bus"), ["Disk.bus does not end with a period: Disk bus"]);
        assert_eq!(problems("disk bus."), ["Disk.bus does not start with a capital: disk bus."]);
        assert_eq!(problems("It ends."), ["Disk.bus starts with \"it\" -> name the subject: It ends."]);
        assert_eq!(problems(""), ["Disk.bus has no description"]);
    }

    #[test]
    fn options_have_descriptions() {
        let expression = "{\n  a = mkOption {\n    description = \"Disk.\";\n  };\n  b.description = \"no option\";\n}";
        assert_eq!(options(expression), [(3, "Disk.".to_owned())]);
    }

    #[test]
    fn each_description_is_found_in_the_sources() {
        let mut sources = Sources(HashMap::new());
        sources.add("a.rs", "/// Disk.\npub struct Disk {\n    /// Bus of\n    /// the disk.\n    pub bus: Bus,\n}\n");
        assert_eq!(sources.places("Bus of the disk."), [("a.rs".to_owned(), 3)]);
    }
}
