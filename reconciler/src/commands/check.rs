//! `nixvirt check`: the problems of specs and manifests.

use super::document::Document;
use super::spec::{Checked, FileOptions, How, Invalid, Tally};
use crate::able::{Examiner, Surroundings};
use crate::cli::failure_if;
use crate::error::Error;
use crate::input::Input;
use crate::message;
use crate::object::{Id, Type, name_of};
use crate::output::print_json;
use crate::reconcile::{Connect, Limits};
use crate::report;
use crate::uri;
use clap::Args;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::engine::release::Release;
use nixvirt_schema::engine::xml::{self, Element};
use serde::Serialize;
use std::process::ExitCode;

/// Options of `nixvirt check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Print the problems of all files as one JSON list, even if a file cannot be read.
    ///
    /// Fields of a problem: `file`, `severity` ("error" or "warning"), `code`, `path`, `message`, `suggestion`, `hint`,
    /// `reference` (page and anchor below `reference/fields` in the guide) and `position` (`file`, `line`, `column`).
    #[arg(long)]
    json: bool,
    /// Release of libvirt that the specs are for, such as 11.3. Newer fields and values cause warnings. With --connect, the
    /// default is the release of the daemon.
    #[arg(long, value_name = "VERSION")]
    libvirt: Option<Release>,
    /// Also warn if the host of this libvirt daemon, such as qemu:///system, lacks what a domain needs.
    ///
    /// The daemon reports which machine types, CPU models, firmware and devices its guests can have. The networks, pools, volumes
    /// and network filters of a domain must be in the daemon or among the files. For a daemon on this host, files and network
    /// interfaces are checked too. `nixvirt plan` does the same for a manifest.
    #[arg(long, value_name = "URI", value_parser = uri::parse)]
    connect: Option<String>,
    #[command(flatten)]
    files: FileOptions,
}

impl CheckOptions {
    /// Whether a daemon is asked.
    pub fn asks_daemon(&self) -> bool {
        self.connect.is_some()
    }
}

type Inputs = Vec<(String, Result<Input, Invalid>)>;

/// Lists the problems of all files.
pub fn run(options: &CheckOptions) -> Result<ExitCode, Error> {
    let CheckOptions { libvirt, files, .. } = options;
    list(options, files.read(), &mut How { libvirt: *libvirt, ..How::default() })
}

/// Lists the problems of all files, and what the host lacks.
pub fn run_with_host(options: &CheckOptions, connect: Connect) -> Result<ExitCode, Error> {
    let CheckOptions { libvirt, files, connect: uri, json } = options;
    let backend = connect(uri.as_deref().unwrap_or_default(), Limits::default())?;
    let inputs = files.read();
    let declared = declared(files, &inputs);
    let surroundings =
        Surroundings { declared: declared.iter().map(|(id, it)| (id, it)).collect(), ..Surroundings::default() };
    let mut examiner = Examiner::new(&*backend, surroundings);
    let release = examiner.libvirt()?;
    let mut lost = None;
    let mut examine = |domain: &Element| {
        let lacks = examiner.guest(domain, true).unwrap_or_else(|error| {
            lost = Some(error);
            Vec::new()
        });
        let worded = if *json { report::each(&lacks) } else { report::grouped(&lacks) };
        worded.into_iter().map(|(lack, words)| (lack.clone(), words)).collect()
    };
    let how = &mut How { libvirt: libvirt.or(release), examine: Some(&mut examine), ..How::default() };
    let listed = list(options, inputs, how);
    match lost {
        Some(error) => Err(error),
        None => listed,
    }
}

/// The objects that the files declare, with their definitions.
fn declared(files: &FileOptions, inputs: &Inputs) -> Vec<(Id, Element)> {
    let of_kind = |document| match document {
        Document::Spec(kind) => Type::ALL.into_iter().find(|it| it.kind() == kind),
        Document::Manifest => None,
    };
    let inputs = inputs.iter().filter_map(|(_, input)| input.as_ref().ok());
    let checked = inputs.filter_map(|input| Checked::new(files, input, &mut How::default()).ok());
    checked
        .filter_map(|checked| {
            let kind = of_kind(checked.document)?;
            let definition = xml::element(&checked.xml?)?;
            Some((Id::new(kind, name_of(kind, &definition)?), definition))
        })
        .collect()
}

fn list(options: &CheckOptions, inputs: Inputs, how: &mut How<'_>) -> Result<ExitCode, Error> {
    let CheckOptions { json, files, .. } = options;
    let mut tally = Tally::default();
    let mut problems = Vec::new();
    for (file, input) in inputs {
        match input.and_then(|input| Checked::new(files, &input, how)) {
            Ok(checked) => {
                tally.add(&checked.problems);
                if *json {
                    let of_file = |problem| FileProblem { file: file.clone(), problem };
                    problems.extend(checked.problems.into_iter().map(of_file));
                } else {
                    checked.report();
                }
            }
            Err(invalid) => {
                tally.add_invalid();
                if *json {
                    problems.push(FileProblem::invalid(file, invalid));
                } else {
                    message::error(&invalid.error);
                }
            }
        }
    }
    if *json {
        print_json(&problems)?;
    } else {
        tally.report(files);
    }
    Ok(failure_if(tally.has_errors() || (files.deny_warnings && tally.has_warnings())))
}

/// A problem as JSON.
#[derive(Serialize)]
pub struct FileProblem {
    /// The file, as it was named.
    pub file: String,
    /// The problem.
    #[serde(flatten)]
    pub problem: Diagnostic,
}

impl FileProblem {
    /// The problem of a file that is no spec and no manifest.
    pub fn invalid(file: String, Invalid { code, error, position }: Invalid) -> Self {
        let problem = Diagnostic {
            severity: Severity::Error,
            code: code.code(),
            path: String::new(),
            message: error.message(),
            suggestion: None,
            hint: error.hint().map(str::to_owned),
            reference: None,
            position,
        };
        FileProblem { file, problem }
    }
}
