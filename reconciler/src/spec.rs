//! Commands on a single spec.

use crate::cli::print;
use crate::object::{Id, Type};
use crate::reconcile::Open;
use nixvirt_schema::engine::problem::{Diagnostic, Severity, summary};
use nixvirt_schema::engine::text::Malformed;
use nixvirt_schema::engine::value::Spec;
use nixvirt_schema::engine::{import, json, nix, render};
use nixvirt_schema::kind::{Kind, import_any};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

/// A text and where it came from.
pub struct Source {
    /// The file's name, or what stands for it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a spec became: its name, its XML unless there are errors, and what is wrong with it.
struct Outcome {
    name: Option<String>,
    xml: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// What the types and the rules make of a spec; what the types alone do, `in_spite` of the rules.
    fn of(kind: Kind, source: &Source, in_spite: bool) -> Result<Self, String> {
        let spec = json::parse(&source.text).map_err(|why| format!("{} is not JSON: {why}", source.name))?;
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
pub fn render(kind: Kind, source: &Source, in_spite: bool) -> Result<ExitCode, String> {
    let outcome = Outcome::of(kind, source, in_spite)?;
    outcome.report(kind);
    match outcome.xml {
        Some(xml) => print(&xml),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Says what is wrong with a spec.
pub fn check(kind: Kind, source: &Source, as_json: bool) -> Result<ExitCode, String> {
    let outcome = Outcome::of(kind, source, false)?;
    match as_json {
        true => drop(print(&format!(
            "{}\n",
            serde_json::to_string_pretty(&outcome.diagnostics).map_err(|why| why.to_string())?
        ))?),
        false => outcome.report(kind),
    }
    let is_wrong = outcome.diagnostics.iter().any(|it| it.severity == Severity::Error);
    Ok(if is_wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints the spec that XML stands for.
pub fn import(kind: Option<Kind>, source: &Source, as_json: bool) -> Result<ExitCode, String> {
    let spec = read(kind, &source.text).map_err(|why| format!("{}: {why}", source.name))?;
    match as_json {
        true => print(&(serde_json::to_string_pretty(&spec.root()).map_err(|why| why.to_string())? + "\n")),
        false => print(&nix::print(spec.root())),
    }
}

fn read(kind: Option<Kind>, text: &str) -> Result<Spec<'static>, Malformed> {
    match kind {
        Some(kind) => import::import(kind, text),
        None => import_any(text).map(|(_, spec)| spec),
    }
}

/// Prints the specs of a daemon's objects: of the one that is named, or of all, by their names.
pub fn import_from(kind: Option<Kind>, address: &Address<'_>, as_json: bool, open: Open) -> Result<ExitCode, String> {
    let kind = kind.unwrap_or(Kind::Domain);
    let of_type = match kind {
        Kind::Domain => Type::Domain,
        Kind::Network => Type::Network,
        Kind::Nwfilter => Type::Nwfilter,
        Kind::Pool => Type::Pool,
        Kind::Secret => Type::Secret,
        _ => {
            return Err(format!("a {} cannot be read from a daemon; pipe its XML to `nixvirt import -`", kind.name()));
        }
    };
    let daemon = open(address.uri, Duration::ZERO, None)?;
    let mut objects = daemon.list(&BTreeSet::from([of_type]))?.objects;
    if let Some(name) = address.name {
        let id = Id::new(of_type, name);
        let found =
            objects.get_mut(&id).ok_or_else(|| format!("there is no {} {name:?} at {}", kind.name(), address.uri))?;
        daemon.read(&id, found)?;
        let text = found.xml.take().unwrap_or_default();
        return import(Some(kind), &Source { name: name.to_owned(), text }, as_json);
    }
    let mut specs = Vec::new();
    for (id, mut found) in objects {
        daemon.read(&id, &mut found)?;
        let spec = read(Some(kind), &found.xml.unwrap_or_default()).map_err(|why| format!("{}: {why}", id.name))?;
        specs.push((id.name, spec));
    }
    let named = || specs.iter().map(|(name, spec)| (name.as_str(), spec.root()));
    match as_json {
        true => {
            let all: serde_json::Map<_, _> =
                named().map(|(name, spec)| (name.to_owned(), serde_json::json!(spec))).collect();
            print(&format!("{:#}\n", serde_json::Value::Object(all)))
        }
        false => print(&nix::print_all(named())),
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
