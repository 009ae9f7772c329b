//! Conversion of one object from a Nix value to XML.

use crate::bridge::{Located, Other};
use nixvirt_schema::engine::message::hint;
use nixvirt_schema::engine::problem::{Diagnostic, Findings, Position, explained, summary};
use nixvirt_schema::engine::value::{Builder, Data};
use nixvirt_schema::engine::version::Version;
use nixvirt_schema::engine::{import, json_schema, render};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::Reference;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Returns the version of the plugin.
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Returns the names of all kinds.
pub fn kinds() -> Vec<String> {
    Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect()
}

fn named(kind: &str) -> Kind {
    Kind::named(kind).expect("C++ has the names from here")
}

/// Returns the JSON Schema of a kind.
pub fn schema(kind: &str) -> Result<String, String> {
    guarded(0, || Ok(json_schema::schema(named(kind)).to_string()))
}

/// Converts XML to a spec in JSON.
pub fn from_xml(kind: &str, xml: &[u8]) -> Result<String, String> {
    // The shortest element has four bytes; what it becomes takes no more than this.
    guarded(xml.len().min(64 << 20).saturating_mul(136), || {
        let xml = std::str::from_utf8(xml).map_err(|_| "the XML is not valid UTF-8".to_owned())?;
        let spec = import::import(named(kind), xml).map_err(|why| why.to_string())?;
        serde_json::to_string(&spec.root()).map_err(|why| why.to_string())
    })
}

const BUG: &str = "internal error of the NixVirt plugin, not of the spec; please report it with the spec";

/// Runs work that may use that much memory. A panic must not reach the evaluator, and Rust ends the process if memory
/// runs out: both become errors.
fn guarded<T>(memory: usize, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    // Nix itself always needs more than this.
    let is_there = memory < 4 << 20 || Vec::<u8>::new().try_reserve_exact(memory).is_ok();
    if !is_there {
        return Err("not enough memory for a spec of this size".to_owned());
    }
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(BUG.to_owned()))
}

/// Object whose spec is being walked, and the result.
pub struct Object<'a> {
    kind: Kind,
    builder: Builder<'a>,
    name: Option<String>,
    xml: Option<String>,
    findings: Findings,
}

/// Creates an object of a kind with an empty spec.
pub fn object<'a>(kind: &str) -> Box<Object<'a>> {
    Box::new(Object {
        kind: named(kind),
        builder: Builder::new(),
        name: None,
        xml: None,
        findings: Findings::default(),
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
        self.builder.add(name(key), copied(text), place);
    }

    pub fn other(&mut self, key: &'a [u8], what: Other, place: u32) {
        let what = match what {
            Other::Function => "a function",
            Other::Cycle => "a set or list that contains itself",
            Other::TooMuch => "too many values or too deep nesting",
            _ => "an external value of a plugin",
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

    pub fn has_room(&mut self, values: usize) -> bool {
        self.builder.has_room(values)
    }

    /// Checks and renders the spec, for a release of libvirt unless that is empty. Returns the places whose positions are
    /// needed.
    pub fn finish(&mut self, libvirt: &str) -> Result<Vec<Located>, String> {
        let target = match libvirt {
            "" => None,
            text => Some(text.parse::<Version>().map_err(|why| why.to_string())?),
        };
        let builder = std::mem::take(&mut self.builder);
        guarded(builder.cost(), || {
            let spec = builder.finish();
            let rendered = render::render_for(self.kind, &spec, target);
            self.xml = (!rendered.report.has_errors()).then_some(rendered.xml);
            self.name = spec.root().attribute("name").and_then(|name| name.text()).map(str::to_owned);
            self.findings = rendered.report.findings();
            Reference::refer(self.kind, spec.root(), &mut self.findings);
            let located = |place| Located { place, file: String::new(), line: 0, column: 0 };
            Ok(self.findings.origins().map(located).collect())
        })
    }

    pub fn is_good(&self) -> bool {
        self.xml.is_some()
    }

    pub fn xml(&self) -> &str {
        self.xml.as_deref().unwrap_or_default()
    }

    /// Returns the text that shows all problems; empty if there are none.
    pub fn summary(&mut self, located: Vec<Located>) -> Result<String, String> {
        guarded(0, || {
            let all = self.locate(located);
            let Some(advice) = explained(all.iter().map(|problem| problem.code)) else { return Ok(String::new()) };
            Ok(format!("{}\n{}", summary(self.kind.name(), self.name.as_deref(), &all), hint(&advice)))
        })
    }

    /// Returns the problems as a JSON list.
    pub fn diagnostics(&mut self, located: Vec<Located>) -> Result<String, String> {
        guarded(0, || serde_json::to_string(&self.locate(located)).map_err(|why| why.to_string()))
    }

    /// Returns the problems with their positions, which must be in the order in which `finish` returned the places.
    fn locate(&mut self, located: Vec<Located>) -> Vec<Diagnostic> {
        let mut located = located.into_iter();
        let position = |_| {
            let Located { file, line, column, .. } = located.next()?;
            (!file.is_empty()).then_some(Position { file, line, column })
        };
        std::mem::take(&mut self.findings).locate(position)
    }
}

const NOT_UTF8: Data<'static> = Data::Other("a string that is not valid UTF-8");

fn name(key: &[u8]) -> Cow<'_, str> {
    // Nearly all names are valid UTF-8, which is the fast check.
    std::str::from_utf8(key).map_or_else(|_| String::from_utf8_lossy(key), Cow::Borrowed)
}

/// Copies a text that does not stay in memory.
fn copied(text: &[u8]) -> Data<'static> {
    let Ok(text) = std::str::from_utf8(text) else { return NOT_UTF8 };
    let mut copy = String::new();
    match copy.try_reserve_exact(text.len()) {
        Ok(()) => {
            copy.push_str(text);
            Data::Text(Cow::Owned(copy))
        }
        Err(_) => Data::Other("text that does not fit into memory"),
    }
}
