//! Conversion of one object from a Nix value to XML.

use crate::data::{NO_MEMORY, name};
use nixvirt_schema::engine::message::hint;
use nixvirt_schema::engine::problem::{Diagnostic, Findings, Position, explained, summary};
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::value::{Builder, Data};
use nixvirt_schema::engine::{import, json_schema, render};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::Reference;
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
    Kind::named(kind).expect("the names come from here")
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
        return Err(NO_MEMORY.to_owned());
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

impl<'a> Object<'a> {
    /// Creates an object of a kind with an empty spec.
    ///
    /// # Panics
    /// If there is no kind of that name.
    pub fn new(kind: &str) -> Self {
        Object { kind: named(kind), builder: Builder::new(), name: None, xml: None, findings: Findings::default() }
    }

    /// Returns the name of the kind.
    pub fn kind(&self) -> &'static str {
        self.kind.name()
    }

    /// Adds a value that has no values below it. `place` is the number that the walk gave to its position.
    pub fn add(&mut self, key: &'a [u8], data: Data<'a>, place: u32) {
        self.builder.add(name(key), data, place);
    }

    /// Opens a set, which [`Object::close`] ends.
    pub fn open_set(&mut self, key: &'a [u8], place: u32) {
        self.builder.open_set(name(key), place);
    }

    /// Opens a list, which [`Object::close`] ends.
    pub fn open_list(&mut self, key: &'a [u8], place: u32) {
        self.builder.open_list(name(key), place);
    }

    /// Ends the innermost open set or list.
    pub fn close(&mut self) {
        self.builder.close();
    }

    /// Returns whether one more set or list with that many values may be opened.
    pub fn has_room(&mut self, values: usize) -> bool {
        self.builder.has_room(values)
    }

    /// Checks and renders the spec, for a release of libvirt unless that is empty. Returns the places whose positions are
    /// needed.
    pub fn finish(&mut self, libvirt: &str) -> Result<Vec<u32>, String> {
        let target = match libvirt {
            "" => None,
            text => Some(text.parse::<Release>().map_err(|why| why.to_string())?),
        };
        let builder = std::mem::take(&mut self.builder);
        guarded(builder.cost(), || {
            let spec = builder.finish();
            let rendered = render::render_for(self.kind, &spec, target);
            self.xml = (!rendered.report.has_errors()).then_some(rendered.xml);
            self.name = spec.root().attribute("name").and_then(|name| name.text()).map(str::to_owned);
            self.findings = rendered.report.findings();
            Reference::refer(self.kind, spec.root(), &mut self.findings);
            Ok(self.findings.origins().collect())
        })
    }

    /// Returns the XML, unless the spec has errors.
    pub fn xml(&self) -> Option<&str> {
        self.xml.as_deref()
    }

    /// Returns the text that shows all problems; empty if there are none.
    pub fn summary(&mut self, positions: Vec<Option<Position>>) -> Result<String, String> {
        guarded(0, || {
            let all = self.locate(positions);
            let Some(advice) = explained(all.iter().map(|problem| problem.code)) else { return Ok(String::new()) };
            Ok(format!("{}\n{}", summary(self.kind.name(), self.name.as_deref(), &all), hint(&advice)))
        })
    }

    /// Returns the problems as a JSON list.
    pub fn diagnostics(&mut self, positions: Vec<Option<Position>>) -> Result<String, String> {
        guarded(0, || serde_json::to_string(&self.locate(positions)).map_err(|why| why.to_string()))
    }

    /// Returns the problems with their positions, which must be in the order in which `finish` returned the places.
    fn locate(&mut self, positions: Vec<Option<Position>>) -> Vec<Diagnostic> {
        let mut positions = positions.into_iter();
        std::mem::take(&mut self.findings).locate(|_| positions.next().flatten())
    }
}
