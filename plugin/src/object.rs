//! One object on its way from a Nix value to XML.

use crate::bridge::{Located, Other};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::problem::{Diagnostic, Findings, Position, summary};
use nixvirt_schema::value::{Builder, Data};
use nixvirt_schema::{import, json_schema, render};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The version of the plugin.
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The names of all kinds.
pub fn kinds() -> Vec<String> {
    Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect()
}

fn named(kind: &str) -> Kind {
    Kind::named(kind).expect("C++ has the names from here")
}

/// The JSON Schema of a kind.
pub fn schema(kind: &str) -> String {
    json_schema::schema(named(kind)).to_string()
}

/// The spec that XML stands for, as JSON.
pub fn from_xml(kind: &str, xml: &[u8]) -> Result<String, String> {
    let read = || {
        let xml = std::str::from_utf8(xml).map_err(|_| "is not UTF-8".to_owned())?;
        let spec = import::import(named(kind), xml).map_err(|why| why.to_string())?;
        serde_json::to_string(&spec.root()).map_err(|why| why.to_string())
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(BUG.to_owned()))
}

const BUG: &str = "this is a bug of nixvirt, not of the spec; please report it with the spec that shows it";

/// An object while its spec is walked, and what became of it.
pub struct Object<'a> {
    kind: Kind,
    builder: Builder<'a>,
    name: Option<String>,
    /// The XML, or that a mistake of ours kept it from being made.
    xml: Result<Option<String>, ()>,
    findings: Findings,
    diagnostics: Vec<Diagnostic>,
}

/// An object of that kind with an empty spec.
pub fn object<'a>(kind: &str) -> Box<Object<'a>> {
    Box::new(Object {
        kind: named(kind),
        builder: Builder::new(),
        name: None,
        xml: Ok(None),
        findings: Findings::default(),
        diagnostics: Vec::new(),
    })
}

impl<'a> Object<'a> {
    pub fn null(&mut self, key: &'a [u8], place: u32) {
        self.builder.add(name(key), Data::Null, place);
    }

    pub fn boolean(&mut self, key: &'a [u8], value: bool, place: u32) {
        self.builder.add(name(key), Data::Bool(value), place);
    }

    pub fn integer(&mut self, key: &'a [u8], value: i64, place: u32) {
        self.builder.add(name(key), Data::Int(value), place);
    }

    pub fn real(&mut self, key: &'a [u8], value: f64, place: u32) {
        self.builder.add(name(key), Data::Float(value), place);
    }

    pub fn text(&mut self, key: &'a [u8], text: &'a [u8], place: u32) {
        let data = std::str::from_utf8(text).map_or(NOT_UTF8, |text| Data::Text(Cow::Borrowed(text)));
        self.builder.add(name(key), data, place);
    }

    pub fn text_copy(&mut self, key: &'a [u8], text: &[u8], place: u32) {
        let data = std::str::from_utf8(text).map_or(NOT_UTF8, |text| Data::Text(Cow::Owned(text.to_owned())));
        self.builder.add(name(key), data, place);
    }

    pub fn other(&mut self, key: &'a [u8], what: Other, place: u32) {
        let what = match what {
            Other::Function => "a function",
            Other::Cycle => "a set or list that contains itself",
            Other::TooMuch => "more values, or deeper nesting, than a spec may have",
            _ => "a value of another plugin",
        };
        self.builder.add(name(key), Data::Other(what), place);
    }

    pub fn open_set(&mut self, key: &'a [u8], place: u32) {
        self.builder.open_set(name(key), place);
    }

    pub fn open_list(&mut self, key: &'a [u8], place: u32) {
        self.builder.open_list(name(key), place);
    }

    pub fn close(&mut self) {
        self.builder.close();
    }

    pub fn has_room(&self, values: usize) -> bool {
        self.builder.has_room(values)
    }

    /// Checks the spec and makes the XML; answers the places whose positions are wanted.
    pub fn finish(&mut self) -> Vec<Located> {
        let spec = std::mem::take(&mut self.builder).finish();
        let kind = self.kind;
        // A panic must not reach the evaluator; it becomes an error that names itself.
        let made = catch_unwind(|| {
            let rendered = render::render(kind, &spec);
            let xml = (!rendered.report.has_errors()).then_some(rendered.xml);
            let name = spec.root().attribute("name").and_then(|name| name.text()).map(str::to_owned);
            (xml, name, rendered.report.findings())
        });
        match made {
            Ok((xml, name, findings)) => (self.xml, self.name, self.findings) = (Ok(xml), name, findings),
            Err(_) => self.xml = Err(()),
        }
        let located = |place| Located { place, file: String::new(), line: 0, column: 0 };
        self.findings.places().map(located).collect()
    }

    /// Takes the positions, in the order in which `finish` asked for them.
    pub fn locate(&mut self, located: Vec<Located>) {
        let mut located = located.into_iter();
        let position = |_| {
            let Located { file, line, column, .. } = located.next()?;
            (!file.is_empty()).then_some(Position { file, line, column })
        };
        self.diagnostics = std::mem::take(&mut self.findings).locate(position);
    }

    pub fn is_good(&self) -> bool {
        matches!(self.xml, Ok(Some(_)))
    }

    pub fn xml(&self) -> &str {
        self.xml.as_ref().ok().and_then(Option::as_deref).unwrap_or_default()
    }

    /// All that is wrong with the spec, as people read it; empty if nothing is.
    pub fn summary(&self) -> String {
        match self.xml {
            Err(()) => format!("{}: {BUG}", self.kind.name()),
            Ok(_) if self.diagnostics.is_empty() => String::new(),
            Ok(_) => summary(self.kind, self.name.as_deref(), &self.diagnostics),
        }
    }

    /// The same as a JSON list.
    pub fn diagnostics(&self) -> String {
        serde_json::to_string(&self.diagnostics).expect("diagnostics are plain data")
    }
}

const NOT_UTF8: Data<'static> = Data::Other("a string that is not UTF-8");

fn name(key: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(key)
}
