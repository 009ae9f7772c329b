//! Commands on a single spec.

use crate::cli::print;
use crate::error::Error;
use crate::input::Input;
use crate::object::{Id, Type};
use crate::reconcile::Connect;
use nixvirt_schema::engine::problem::{Diagnostic, Severity, summary};
use nixvirt_schema::engine::value::Spec;
use nixvirt_schema::engine::{import, json, nix, render};
use nixvirt_schema::kind::{Kind, import_any};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

/// What a spec became: its name, its XML unless there are errors, and what is wrong with it.
struct Outcome {
    name: Option<String>,
    xml: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// What the types and the rules make of a spec; what the types alone do, `in_spite` of the rules.
    fn of(kind: Kind, source: &Input, in_spite: bool) -> Result<Self, Error> {
        let spec = json::parse(&source.text)
            .map_err(|cause| Error::input(format!("{} is not JSON", source.name)).caused_by(cause))?;
        let rendered = render::render(kind, &spec);
        let mut xml = (!rendered.report.has_errors()).then_some(rendered.xml);
        if in_spite && xml.is_none() {
            let by_types = render::render_types(kind, &spec);
            xml = (!by_types.report.has_errors()).then_some(by_types.xml);
        }
        let positions = json::positions(&source.text, &source.name);
        let name = spec.root().attribute("name").and_then(|name| name.text()).map(str::to_owned);
        Ok(Outcome { name, xml, diagnostics: rendered.report.findings().locate(positions) })
    }

    fn report(&self, kind: Kind) {
        if !self.diagnostics.is_empty() {
            let severity = if self.xml.is_some() { "warning" } else { "error" };
            eprintln!("{severity}: {}", summary(kind.name(), self.name.as_deref(), &self.diagnostics));
        }
    }
}

/// Prints the XML of a spec; `in_spite` of the rules, which are told all the same.
pub fn render(kind: Kind, source: &Input, in_spite: bool) -> Result<ExitCode, Error> {
    let outcome = Outcome::of(kind, source, in_spite)?;
    outcome.report(kind);
    match outcome.xml {
        Some(xml) => print(&xml),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Says what is wrong with a spec.
pub fn check(kind: Kind, source: &Input, as_json: bool) -> Result<ExitCode, Error> {
    let outcome = Outcome::of(kind, source, false)?;
    if as_json {
        print(&(serde_json::to_string_pretty(&outcome.diagnostics)? + "\n"))?;
    } else {
        outcome.report(kind);
    }
    let is_wrong = outcome.diagnostics.iter().any(|it| it.severity == Severity::Error);
    Ok(if is_wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints the spec that XML stands for.
pub fn import(kind: Option<Kind>, source: &Input, as_json: bool) -> Result<ExitCode, Error> {
    let spec = read(kind, &source.name, &source.text)?;
    if as_json { print(&(serde_json::to_string_pretty(&spec.root())? + "\n")) } else { print(&nix::print(spec.root())) }
}

fn read(kind: Option<Kind>, name: &str, text: &str) -> Result<Spec<'static>, Error> {
    let spec = match kind {
        Some(kind) => import::import(kind, text),
        None => import_any(text).map(|(_, spec)| spec),
    };
    spec.map_err(|cause| Error::input(name).caused_by(cause))
}

/// Prints the specs of a daemon's objects: of the one that is named, or of all, by their names.
pub fn import_from(
    kind: Option<Kind>,
    address: &Address<'_>,
    as_json: bool,
    connect: Connect,
) -> Result<ExitCode, Error> {
    let kind = kind.unwrap_or(Kind::Domain);
    let of_type = match kind {
        Kind::Domain => Type::Domain,
        Kind::Network => Type::Network,
        Kind::Nwfilter => Type::Nwfilter,
        Kind::Pool => Type::Pool,
        Kind::Secret => Type::Secret,
        _ => {
            let what = format!("a {} cannot be read from a daemon", kind.name());
            return Err(Error::usage(what).with_hint("pipe its XML to `nixvirt import -`"));
        }
    };
    let daemon = connect(address.uri, Duration::ZERO, None)?;
    let mut objects = daemon.list(&BTreeSet::from([of_type]))?.objects;
    if let Some(name) = address.name {
        let id = Id::new(of_type, name);
        let found = objects
            .get_mut(&id)
            .ok_or_else(|| Error::usage(format!("there is no {} {name:?} at {}", kind.name(), address.uri)))?;
        daemon.read(&id, found)?;
        let text = found.definition.take().map(|definition| definition.to_string()).unwrap_or_default();
        return import(Some(kind), &Input { name: name.to_owned(), text }, as_json);
    }
    let mut specs = Vec::new();
    for (id, mut found) in objects {
        daemon.read(&id, &mut found)?;
        let text = found.definition.map(|definition| definition.to_string()).unwrap_or_default();
        let spec = read(Some(kind), &id.name, &text)?;
        specs.push((id.name, spec));
    }
    let named = || specs.iter().map(|(name, spec)| (name.as_str(), spec.root()));
    if as_json {
        let all: serde_json::Map<_, _> =
            named().map(|(name, spec)| (name.to_owned(), serde_json::json!(spec))).collect();
        print(&format!("{:#}\n", serde_json::Value::Object(all)))
    } else {
        print(&nix::print_all(named()))
    }
}

/// A daemon, and perhaps one of its objects.
pub struct Address<'a> {
    uri: &'a str,
    name: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// The address that a text is, unless it names a file: `qemu:///system`, `qemu:///system/web`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (_, rest) = text.split_once("://")?;
        let path = &rest[rest.find('/')? + 1..];
        match path.rsplit_once('/') {
            // A file of libvirt's test driver has no name after it.
            Some((_, name)) if !name.ends_with(".xml") && !name.contains('?') => {
                Some(Address { uri: &text[..text.len() - name.len() - 1], name: Some(name) })
            }
            _ => Some(Address { uri: text, name: None }),
        }
    }
}
