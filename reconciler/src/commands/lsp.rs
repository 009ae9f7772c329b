//! `nixvirt lsp`: the language server, and its problems on the command line.

use super::check::FileProblem;
use super::file_code::FileCode;
use super::spec::Invalid;
use crate::cli::failure_if;
use crate::error::{Error, ErrorKind};
use crate::message;
use crate::output::print_json;
use clap::{Args, ValueHint};
use nixvirt_lsp::check::check;
use nixvirt_lsp::guide::Guide;
use nixvirt_schema::engine::problem::{Diagnostic, Severity, explained, summary};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `nixvirt lsp`.
#[derive(Debug, Args)]
pub struct LspOptions {
    /// List the problems of Nix files and exit, instead of serving an editor. The exit code is 1 if there are errors.
    #[arg(long, value_name = "FILE", num_args = 1.., value_hint = ValueHint::FilePath)]
    check: Vec<PathBuf>,
    /// Print the problems of all files as one JSON list, as `nixvirt check --json` does.
    #[arg(long, requires = "check")]
    json: bool,
    /// URL of the guide that descriptions and problems link to. Defaults to the guide that is installed on this host.
    #[arg(long, value_name = "URL")]
    guide: Option<String>,
    /// Talk over the standard streams, as always. Some editors add this option.
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Serves an editor, or checks files.
pub fn run(LspOptions { check, json, guide, .. }: &LspOptions) -> Result<ExitCode, Error> {
    if !check.is_empty() {
        return if *json { list_problems(check) } else { Ok(check_files(check)) };
    }
    let guide = guide.as_deref().map_or_else(Guide::installed, Guide::at);
    match nixvirt_lsp::serve(guide) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(cause) => Err(Error::new(ErrorKind::Input, "the editor does not keep to the protocol")
            .caused_by(cause)
            .with_hint("an editor starts this command; to check files, run `nixvirt lsp --check FILE`")),
    }
}

fn check_files(files: &[PathBuf]) -> ExitCode {
    let mut has_errors = false;
    let mut codes = BTreeSet::new();
    for file in files {
        let problems = match problems_of(file) {
            Ok(problems) => problems,
            Err(invalid) => {
                message::error(&invalid.error);
                has_errors = true;
                continue;
            }
        };
        if problems.is_empty() {
            continue;
        }
        let is_error = problems.iter().any(|problem| problem.severity == Severity::Error);
        let severity = if is_error { Severity::Error } else { Severity::Warning };
        message::of(severity, summary(&file.display().to_string(), None, &problems));
        has_errors |= is_error;
        codes.extend(problems.iter().map(|problem| problem.code));
    }
    if let Some(advice) = explained(codes) {
        message::hint(advice);
    }
    failure_if(has_errors)
}

/// Returns the problems of a Nix file.
fn problems_of(path: &Path) -> Result<Vec<Diagnostic>, Invalid> {
    let invalid = |code, error| Invalid { code, error, position: None };
    if path.extension().is_some_and(|it| it != "nix") {
        let error = Error::input(format!("{} is not a Nix file", path.display()));
        return Err(invalid(FileCode::NotNix, error.with_hint("`nixvirt check` checks specs and manifests in JSON")));
    }
    check(path).map_err(|cause| invalid(FileCode::Unreadable, Error::file("read", path, cause)))
}

/// Prints the problems of files as JSON.
fn list_problems(files: &[PathBuf]) -> Result<ExitCode, Error> {
    let mut all = Vec::new();
    for path in files {
        let file = path.display().to_string();
        match problems_of(path) {
            Ok(problems) => all.extend(problems.into_iter().map(|problem| FileProblem { file: file.clone(), problem })),
            Err(invalid) => all.push(FileProblem::invalid(file, invalid)),
        }
    }
    print_json(&all)?;
    Ok(failure_if(all.iter().any(|it| it.problem.severity == Severity::Error)))
}
