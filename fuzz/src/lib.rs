//! What holds for any input of the schema crate; what is not UTF-8 is passed over. `fuzz_targets/` look for an input
//! for which it does not, and `schema/tests/fuzz_corpus.rs` tries those that are kept in `corpus/`.

mod nix;

use nixvirt_schema::engine::import::import as read;
use nixvirt_schema::engine::json;
use nixvirt_schema::engine::nix::print;
use nixvirt_schema::engine::problem::Position;
use nixvirt_schema::engine::render::render;
use nixvirt_schema::engine::scalar::Scalar;
use nixvirt_schema::engine::table::{Schema, Type};
use nixvirt_schema::engine::text::Malformed;
use nixvirt_schema::engine::value::{Data, Spec, Value};
use nixvirt_schema::engine::xml;
use nixvirt_schema::kind::{Kind, import_any};
use regex_lite::Regex;
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

/// XML becomes a spec that says each thing once, and which is the same from then on if it renders without errors.
pub fn import(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match import_any(text) {
        Ok((kind, spec)) => {
            prints(&spec);
            assert!(is_said_once(spec.root()), "{}", print(spec.root()));
            settles(kind, &spec);
        }
        Err(why) => is_in(&why, text),
    }
}

/// A spec in JSON renders, or all that is wrong with it has its place.
pub fn spec(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match json::parse(text) {
        Ok(spec) => {
            prints(&spec);
            Kind::ALL.iter().for_each(|kind| renders(*kind, &spec, text));
        }
        Err(why) => is_in(&why, text),
    }
}

fn renders(kind: Kind, spec: &Spec<'_>, text: &str) {
    let rendered = render(kind, spec);
    if rendered.report.has_errors() {
        let problems = rendered.report.findings().locate(json::positions(text, ""));
        for problem in problems {
            let Some(Position { line, column, .. }) = problem.position else { panic!("{problem} is nowhere") };
            assert!((line, column) <= end(text), "{problem} is not in the text");
        }
        return;
    }
    // All but a document's declaration may stand inside an element.
    xml::check(&rendered.xml).unwrap_or_else(|why| panic!("{why}:\n{}", rendered.xml));
    let again = read(kind, &rendered.xml).unwrap_or_else(|why| panic!("{why}:\n{}", rendered.xml));
    settles(kind, &again);
}

/// A spec that was imported is the same after it is rendered and imported again.
fn settles(kind: Kind, spec: &Spec<'_>) {
    let first = render(kind, spec);
    if first.report.has_errors() {
        return;
    }
    let again = read(kind, &first.xml).unwrap_or_else(|why| panic!("{why}:\n{}", first.xml));
    let second = render(kind, &again);
    assert!(!second.report.has_errors(), "{:?}\n{}", second.report, first.xml);
    assert_eq!(first.xml, second.xml, "{}", print(again.root()));
}

/// A spec is the same in Nix and in JSON.
fn prints(spec: &Spec<'_>) {
    let Ok(text) = serde_json::to_string(&spec.root()) else { return };
    assert_eq!(nix::to_json(&print(spec.root())), text);
    let again = json::parse(&text).unwrap_or_else(|why| panic!("{why}:\n{text}"));
    assert_eq!(serde_json::to_string(&again.root()).expect("it was JSON"), text);
}

/// Whether no set of a spec has a name twice, which Nix would not take.
fn is_said_once(value: Value<'_>) -> bool {
    let mut names = HashSet::new();
    let is_set = matches!(value.data(), Data::Set(_));
    value.children().all(|child| (!is_set || names.insert(child.key())) && is_said_once(child))
}

fn is_in(why: &Malformed, text: &str) {
    assert!((1, 1) <= (why.line, why.column) && (why.line, why.column) <= end(text), "{why}: not in the text");
}

/// The line and the column behind a text.
fn end(text: &str) -> (u32, u32) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() as u32 + 1, last.chars().count() as u32 + 1)
}

/// Every word of the tables: what it reads it prints, what it prints it reads, and both agree on what that means.
/// The first byte chooses some of them, for all take long.
pub fn words(input: &[u8]) {
    const GROUPS: usize = 16;
    let Some((group, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    for (word, expression) in known().iter().skip(usize::from(*group) % GROUPS).step_by(GROUPS) {
        if let (Scalar::Pattern(pattern), Some(expression)) = (word, expression) {
            assert_eq!(pattern.matches(text), expression.is_match(text), "{} of {text:?}", pattern.name);
        }
        if let Some(data) = word.read(text) {
            agrees(word, &data, text);
        }
        for data in
            [Some(Data::Text(text.into())), text.parse().ok().map(Data::Int), text.parse().ok().map(Data::Float)]
        {
            let Some(Ok(printed)) = data.as_ref().map(|data| word.print(data)) else { continue };
            let read = word.read(&printed);
            let read = read.unwrap_or_else(|| panic!("{word:?} prints {data:?} as {printed:?} and does not read it"));
            agrees(word, &read, &printed);
        }
    }
}

/// What a word read of a text stays the same when it is printed and read again.
fn agrees(word: &Scalar, data: &Data<'_>, text: &str) {
    let printed = word.print(data).unwrap_or_else(|why| panic!("{word:?} reads {text:?} as {data:?}: {why:?}"));
    assert_eq!(word.read(&printed).as_ref(), Some(data), "{word:?} reads {text:?} and prints {printed:?}");
}

/// Every word of the tables, with the expression of a pattern.
fn known() -> &'static [(&'static Scalar, Option<Regex>)] {
    static KNOWN: OnceLock<Vec<(&Scalar, Option<Regex>)>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut walk = Walk::default();
        Kind::ALL.iter().for_each(|kind| walk.element(kind.schema()));
        walk.words
    })
}

/// A walk of the tables.
#[derive(Default)]
struct Walk {
    elements: BTreeSet<&'static str>,
    /// Each word as it prints itself for those who work on it, which tells it from all others.
    seen: BTreeSet<String>,
    words: Vec<(&'static Scalar, Option<Regex>)>,
}

impl Walk {
    fn element(&mut self, schema: &'static Schema) {
        if !self.elements.insert(schema.name) {
            return;
        }
        for field in schema.fields {
            match field.ty {
                Type::Scalar(word) => self.word(word),
                Type::Element(schema) => self.element(schema()),
                Type::Present | Type::Xml => {}
            }
        }
        for case in schema.forms.iter().flat_map(|forms| (forms.variants)().variants) {
            self.element(&case.schema);
        }
    }

    fn word(&mut self, word: &'static Scalar) {
        if self.seen.insert(format!("{word:?}")) {
            let expression = match word {
                Scalar::Pattern(pattern) => Some(Regex::new(&pattern.anchored()).expect("an expression")),
                _ => None,
            };
            self.words.push((word, expression));
        }
        if let Scalar::Either(words) = word {
            words.iter().for_each(|word| self.word(word));
        }
    }
}
