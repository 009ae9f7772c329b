//! The problems of files on the disk, for the command line.

use crate::analysis::Analysis;
use crate::files::{FileId, Files};
use nixvirt_schema::engine::problem::{Diagnostic, Position};
use nixvirt_schema::kind::Kind;
use std::io;
use std::path::Path;

/// Returns the problems of the specs of a file, each with the position that Nix would tell.
///
/// # Errors
/// The file cannot be read.
pub fn check(path: &Path) -> io::Result<Vec<Diagnostic>> {
    let text = std::fs::read_to_string(path)?;
    Ok(crate::with_stack(|| problems(path, text, Analysis::of)))
}

/// Returns the problems of a text that is one spec of a kind, as if it were the content of a file.
pub fn check_spec(kind: Kind, path: &Path, text: String) -> Vec<Diagnostic> {
    crate::with_stack(|| problems(path, text, |files, file| Analysis::of_spec(files, file, kind)))
}

/// Returns the problems of the specs of a text, as if it were the content of a file.
pub fn check_text(path: &Path, text: String) -> Vec<Diagnostic> {
    crate::with_stack(|| problems(path, text, Analysis::of))
}

fn problems(path: &Path, text: String, analyze: impl Fn(&Files, FileId) -> Analysis) -> Vec<Diagnostic> {
    let files = Files::default();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let file = files.show(&absolute, text);
    let analysis = analyze(&files, file);
    let with_position = analysis.problems().iter().map(|problem| {
        let at = problem.origin.place;
        let (line, column) = files.document(at.file).line_and_column(at.range.start());
        let shown = if at.file == file { path.to_owned() } else { files.path(at.file) };
        let position = Position { file: shown.display().to_string(), line, column };
        Diagnostic { position: Some(position), ..problem.problem.clone() }
    });
    with_position.collect()
}
