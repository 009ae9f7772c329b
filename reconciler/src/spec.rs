//! Commands on a single spec.

use crate::cli::print;
use nixvirt_schema::kind::Kind;
use nixvirt_schema::problem::{Diagnostic, Severity, summary};
use nixvirt_schema::{import, json, nix, render};
use std::process::ExitCode;

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
    fn of(kind: Kind, source: &Source) -> Result<Self, String> {
        let spec = json::parse(&source.text).map_err(|why| format!("{} is not JSON: {why}", source.name))?;
        let rendered = render::render(kind, &spec);
        let xml = (!rendered.report.has_errors()).then_some(rendered.xml);
        let positions = json::positions(&source.text, &source.name);
        let name = spec.root().attribute("name").and_then(|name| name.text()).map(str::to_owned);
        Ok(Outcome { name, xml, diagnostics: rendered.report.findings().locate(positions) })
    }

    fn report(&self, kind: Kind) {
        if !self.diagnostics.is_empty() {
            let severity = if self.xml.is_some() { "warning" } else { "error" };
            eprintln!("{severity}: {}", summary(kind, self.name.as_deref(), &self.diagnostics));
        }
    }
}

/// Prints the XML of a spec.
pub fn render(kind: Kind, source: &Source) -> Result<ExitCode, String> {
    let outcome = Outcome::of(kind, source)?;
    outcome.report(kind);
    match outcome.xml {
        Some(xml) => print(&xml),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Says what is wrong with a spec.
pub fn check(kind: Kind, source: &Source, as_json: bool) -> Result<ExitCode, String> {
    let outcome = Outcome::of(kind, source)?;
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
    let spec = match kind {
        Some(kind) => import::import(kind, &source.text),
        None => import::import_any(&source.text).map(|(_, spec)| spec),
    };
    let spec = spec.map_err(|why| format!("{}: {why}", source.name))?;
    match as_json {
        true => print(&(serde_json::to_string_pretty(&spec.root()).map_err(|why| why.to_string())? + "\n")),
        false => print(&nix::print(spec.root())),
    }
}
