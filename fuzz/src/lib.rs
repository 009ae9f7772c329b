//! Properties that hold for any input. Inputs that are not UTF-8 are skipped. The fuzzers in `fuzz_targets/` search for
//! an input that violates a property; `schema/tests/fuzz_corpus.rs` tries the inputs in `corpus/`.

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

/// XML becomes a spec without duplicate names. If the spec renders without errors, the next import gives the same spec.
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

/// A spec in JSON renders, or each of its problems has a position in the text.
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
    // XML may stand inside an element, except for a declaration.
    xml::check(&rendered.xml).unwrap_or_else(|why| panic!("{why}:\n{}", rendered.xml));
    let again = read(kind, &rendered.xml).unwrap_or_else(|why| panic!("{why}:\n{}", rendered.xml));
    settles(kind, &again);
}

/// Rendering a spec and importing the XML gives a spec that renders to the same XML.
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

/// Returns whether no set in a value has a name twice, which Nix would reject.
fn is_said_once(value: Value<'_>) -> bool {
    let mut names = HashSet::new();
    let is_set = matches!(value.data(), Data::Set(_));
    value.children().all(|child| (!is_set || names.insert(child.key())) && is_said_once(child))
}

fn is_in(why: &Malformed, text: &str) {
    assert!((1, 1) <= (why.line, why.column) && (why.line, why.column) <= end(text), "{why}: not in the text");
}

/// Returns the line and column behind a text.
fn end(text: &str) -> (u32, u32) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() as u32 + 1, last.chars().count() as u32 + 1)
}

/// Each scalar of the tables reads what it prints and prints what it reads, with the same meaning. The first byte of
/// the input selects some scalars, since all of them take long.
pub fn scalars(input: &[u8]) {
    const GROUPS: usize = 16;
    let Some((group, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    for (scalar, expression) in known().iter().skip(usize::from(*group) % GROUPS).step_by(GROUPS) {
        if let (Scalar::Pattern(pattern), Some(expression)) = (scalar, expression) {
            assert_eq!(pattern.matches(text), expression.is_match(text), "{} of {text:?}", pattern.name);
        }
        if let Some(data) = scalar.read(text) {
            agrees(scalar, &data, text);
        }
        for data in
            [Some(Data::Text(text.into())), text.parse().ok().map(Data::Int), text.parse().ok().map(Data::Float)]
        {
            let Some(Ok(printed)) = data.as_ref().map(|data| scalar.print(data)) else { continue };
            let read = scalar.read(&printed);
            let read = read.unwrap_or_else(|| panic!("{scalar:?} prints {data:?} as {printed:?} and does not read it"));
            agrees(scalar, &read, &printed);
        }
    }
}

/// A value that a scalar read from a text stays the same when it is printed and read again.
fn agrees(scalar: &Scalar, data: &Data<'_>, text: &str) {
    let printed = scalar.print(data).unwrap_or_else(|why| panic!("{scalar:?} reads {text:?} as {data:?}: {why:?}"));
    assert_eq!(scalar.read(&printed).as_ref(), Some(data), "{scalar:?} reads {text:?} and prints {printed:?}");
}

/// Returns all scalars of the tables, with the regular expressions of patterns.
fn known() -> &'static [(&'static Scalar, Option<Regex>)] {
    static KNOWN: OnceLock<Vec<(&Scalar, Option<Regex>)>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut walk = Walk::default();
        Kind::ALL.iter().for_each(|kind| walk.element(kind.schema()));
        walk.scalars
    })
}

/// Walk of the tables.
#[derive(Default)]
struct Walk {
    elements: BTreeSet<&'static str>,
    /// Debug representations of the scalars that were seen.
    seen: BTreeSet<String>,
    scalars: Vec<(&'static Scalar, Option<Regex>)>,
}

impl Walk {
    fn element(&mut self, schema: &'static Schema) {
        if !self.elements.insert(schema.name) {
            return;
        }
        for field in schema.fields {
            match field.ty {
                Type::Scalar(scalar) => self.scalar(scalar),
                Type::Element(schema) => self.element(schema()),
                Type::Present | Type::Xml => {}
            }
        }
        for variant in schema.forms.iter().flat_map(|forms| (forms.variants)().variants) {
            self.element(&variant.schema);
        }
    }

    fn scalar(&mut self, scalar: &'static Scalar) {
        if self.seen.insert(format!("{scalar:?}")) {
            let expression = match scalar {
                Scalar::Pattern(pattern) => Some(Regex::new(&pattern.anchored()).expect("an expression")),
                _ => None,
            };
            self.scalars.push((scalar, expression));
        }
        if let Scalar::Either(scalars) = scalar {
            scalars.iter().for_each(|scalar| self.scalar(scalar));
        }
    }
}
