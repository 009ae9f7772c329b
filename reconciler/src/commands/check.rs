//! `nixvirt check`: the problems of specs and manifests.

use super::spec::{Checked, Files, Invalid, Tally};
use crate::cli::failure_if;
use crate::error::Error;
use crate::message;
use crate::output::print_json;
use clap::Args;
use nixvirt_schema::engine::problem::{Diagnostic, Severity};
use nixvirt_schema::engine::version::Version;
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
    /// Release of libvirt that the specs are for, such as 11.3. Newer fields and values are warnings.
    #[arg(long, value_name = "VERSION")]
    libvirt: Option<Version>,
    #[command(flatten)]
    files: Files,
}

/// Lists the problems of all files.
pub fn run(CheckOptions { json, libvirt, files }: &CheckOptions) -> Result<ExitCode, Error> {
    let mut tally = Tally::default();
    let mut problems = Vec::new();
    for (file, input) in files.read() {
        match input.and_then(|input| Checked::new(files, &input, false, *libvirt)) {
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
struct FileProblem {
    file: String,
    #[serde(flatten)]
    problem: Diagnostic,
}

impl FileProblem {
    /// The problem of a file that is no spec and no manifest.
    fn invalid(file: String, Invalid { code, error, position }: Invalid) -> Self {
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
