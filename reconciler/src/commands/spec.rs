//! What `check` and `render` have in common: their files, and what they find in them.

use super::document::Document;
use super::file_code::FileCode;
use super::files::{are_several, read_all};
use crate::able::Lack;
use crate::error::Error;
use crate::input::Input;
use crate::manifest;
use crate::message;
use crate::report;
use clap::{Args, ValueHint};
use nixvirt_schema::engine::problem::{Diagnostic, Position, Severity, explained, summary};
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::value::{Data, Spec, Value};
use nixvirt_schema::engine::xml::{self, Element};
use nixvirt_schema::engine::{json, render};
use nixvirt_schema::kind::Kind;
use nixvirt_schema::reference::Reference;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// The files of a command.
#[derive(Debug, Args)]
pub struct FileOptions {
    /// Kind of all files. Guessed from the content, the file name and the folder if omitted.
    #[arg(long, value_name = "KIND", value_parser = Document::parser())]
    kind: Option<Document>,
    /// Treat warnings as errors.
    #[arg(long)]
    pub deny_warnings: bool,
    /// JSON files, folders with JSON files, or - for standard input.
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
}

impl FileOptions {
    /// Reads all files, each with its name for messages.
    pub fn read(&self) -> Vec<(String, Result<Input, Invalid>)> {
        let unreadable = |error| Invalid { code: FileCode::Unreadable, error, position: None };
        let files = read_all(&self.paths, "json").into_iter();
        files.map(|(name, input)| (name, input.map_err(unreadable))).collect()
    }
}

/// A file that is no spec and no manifest.
pub struct Invalid {
    /// Code of the problem.
    pub code: FileCode,
    /// Description of the problem.
    pub error: Error,
    /// Position of the problem, if it is in the file.
    pub position: Option<Position>,
}

/// How files are checked.
#[derive(Default)]
pub struct How<'h> {
    /// Whether a spec has XML even if rules report errors.
    pub ignore_rules: bool,
    /// The release of libvirt that the specs are for.
    pub libvirt: Option<Release>,
    /// Finds out what a domain needs and its host lacks.
    pub examine: Option<Examine<'h>>,
}

/// A function that finds out what a domain needs and its host lacks, each with its message.
pub type Examine<'h> = &'h mut dyn FnMut(&Element) -> Vec<(Lack, String)>;

/// What a file declares, and its problems.
pub struct Checked {
    /// Kind of file.
    pub document: Document,
    /// Name of the object.
    pub name: Option<String>,
    /// XML of a spec, unless it has errors.
    pub xml: Option<String>,
    /// Problems, in the order of the file.
    pub problems: Vec<Diagnostic>,
}

impl Checked {
    /// Checks a file. A spec may be for a release of libvirt.
    pub fn new(files: &FileOptions, input: &Input, how: &mut How<'_>) -> Result<Checked, Invalid> {
        let spec = parse(input)?;
        let document = match files.kind {
            Some(document) => document,
            None if !matches!(spec.root().data(), Data::Set(_)) => return Err(no_object(input, spec.root().kind())),
            None => {
                Document::guess(spec.root(), Path::new(&input.name)).map_err(|kinds| unknown_kind(input, &kinds))?
            }
        };
        match document {
            Document::Spec(kind) => Ok(Checked::spec(kind, &spec, input, how)),
            Document::Manifest => {
                let problems = manifest::problems(&spec, &input.text, &input.name);
                let problems =
                    problems.map_err(|error| Invalid { code: FileCode::UnsupportedVersion, error, position: None })?;
                Ok(Checked { document, name: Some(input.name.clone()), xml: None, problems })
            }
        }
    }

    fn spec(kind: Kind, spec: &Spec<'_>, input: &Input, how: &mut How<'_>) -> Checked {
        let mut rendered = render::render_for(kind, spec, how.libvirt);
        let xml = if !rendered.report.has_errors() {
            Some(rendered.xml)
        } else if how.ignore_rules {
            let by_types = render::render_types(kind, spec);
            if by_types.report.has_errors() { None } else { Some(by_types.xml) }
        } else {
            None
        };
        let positions = json::positions(&input.text, &input.name);
        let name = spec.root().attribute("name").and_then(|name| name.text()).map(str::to_owned);
        if let (Some(examine), Kind::Domain, Some(domain)) =
            (&mut how.examine, kind, xml.as_deref().and_then(xml::element))
        {
            for (Lack { steps, missing, .. }, message) in examine(&domain) {
                let at = nearest(spec.root(), &steps);
                let added = rendered.report.warning(at, missing.code(), message);
                if let Some(hint) = report::remedy(&missing) {
                    added.hint(hint);
                }
            }
        }
        let mut findings = rendered.report.findings();
        Reference::refer(kind, spec.root(), &mut findings);
        Checked { document: Document::Spec(kind), name, xml, problems: findings.locate(positions) }
    }

    /// Prints the problems.
    pub fn report(&self) {
        if !self.problems.is_empty() {
            // A spec that has XML all the same may have errors of rules that are ignored.
            let has_errors = self.xml.is_none() && self.problems.iter().any(|it| it.severity == Severity::Error);
            let severity = if has_errors { Severity::Error } else { Severity::Warning };
            message::of(severity, summary(self.document.name(), self.name.as_deref(), &self.problems));
        }
    }
}

/// The value at a place of the XML, or the nearest one around it. A single value may stand for a set, and a set may have the
/// attributes of a child as its own.
fn nearest<'v>(root: Value<'v>, steps: &[(String, usize)]) -> Value<'v> {
    let (mut set, mut nearest) = (root, root);
    for (name, number) in steps {
        let Some(part) = set.attribute(name) else { continue };
        nearest = match part.data() {
            Data::List(_) => part.children().nth(*number).unwrap_or(part),
            _ => part,
        };
        if matches!(nearest.data(), Data::Set(_)) {
            set = nearest;
        }
    }
    nearest
}

fn parse(input: &Input) -> Result<Spec<'_>, Invalid> {
    let Input { name, text } = input;
    json::parse(text).map_err(|cause| {
        let position = Position { file: name.clone(), line: cause.line, column: cause.column };
        let error = if text.trim_start().starts_with('<') {
            let file = if Path::new(name).is_file() { name } else { "-" };
            Error::input(format!("{name} is XML, not JSON"))
                .with_hint(format!("convert it to a spec with `nixvirt import {file}`"))
        } else if name.ends_with(".nix") {
            Error::input(format!("{name} is a Nix expression, not JSON"))
                .with_hint(format!(
                    "evaluate a spec with `nix eval --json --file {name}`, or check a module with `nixvirt lsp --check {name}`"
                ))
        } else {
            Error::input(format!("{name} is not JSON")).caused_by(cause)
        };
        Invalid { code: FileCode::NotJson, error, position: Some(position) }
    })
}

fn unknown_kind(input: &Input, kinds: &[Kind]) -> Invalid {
    let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    let what = format!("cannot tell the kind of {}: its content fits {}", input.name, names.join(", "));
    let error = Error::usage(what).with_hint("set the kind with --kind");
    Invalid { code: FileCode::UnknownKind, error, position: None }
}

fn no_object(input: &Input, found: &str) -> Invalid {
    let error = Error::input(format!("{} is not a spec or manifest: expected an object, found {found}", input.name));
    Invalid { code: FileCode::UnknownKind, error, position: None }
}

/// The numbers of files and problems, for a summary, and the codes to explain.
#[derive(Default)]
pub struct Tally {
    files: usize,
    errors: usize,
    warnings: usize,
    codes: BTreeSet<&'static str>,
}

impl Tally {
    /// Adds a file with its problems.
    pub fn add(&mut self, problems: &[Diagnostic]) {
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        self.files += 1;
        self.errors += errors;
        self.warnings += problems.len() - errors;
        self.codes.extend(problems.iter().map(|problem| problem.code));
    }

    /// Adds a file that is not valid.
    pub fn add_invalid(&mut self) {
        self.files += 1;
        self.add_error();
    }

    /// Adds an error of a file that has been added.
    pub fn add_error(&mut self) {
        self.errors += 1;
    }

    /// Adds warnings that concern all files.
    pub fn add_warnings(&mut self, warnings: usize) {
        self.warnings += warnings;
    }

    /// Prints what follows the problems of all files: their numbers if there are several files, and how to read on.
    pub fn report(&self, files: &FileOptions) {
        if are_several(&files.paths) {
            message::line(self);
        }
        if let Some(advice) = explained(self.codes.iter().copied()) {
            message::hint(advice);
        }
    }

    /// Whether there are errors.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether there are warnings.
    pub fn has_warnings(&self) -> bool {
        self.warnings > 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        write!(f, "{} file{}: ", self.files, plural(self.files))?;
        match (self.errors, self.warnings) {
            (0, 0) => write!(f, "no problems"),
            (errors, 0) => write!(f, "{errors} error{}", plural(errors)),
            (0, warnings) => write!(f, "{warnings} warning{}", plural(warnings)),
            (errors, warnings) => {
                write!(f, "{errors} error{}, {warnings} warning{}", plural(errors), plural(warnings))
            }
        }
    }
}
