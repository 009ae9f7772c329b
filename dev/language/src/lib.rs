//! The language check: what people read follows `docs/style.md`.
//!
//! - [`prose`] reads the files of the project and keeps what people read: comments, strings, pages.
//! - [`phrases`] finds the phrases of `dev/language/banned-phrases.txt` in it.
//! - [`descriptions`] checks the description of each field, element and word of a spec and of a manifest.
//! - [`headings`] checks that the headings of a page have anchors of their own.
//! - [`subjects`] checks the length of the subjects of commits.
//!
//! `cargo test -p nixvirt-language` runs all of it. It needs neither Nix nor libvirt.
#![forbid(unsafe_code)]

pub mod descriptions;
pub mod headings;
pub mod phrases;
pub mod prose;
pub mod subjects;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// A place in the project that does not follow the style guide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the project's folder; the command whose help it is; or the commit.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The problem and its fix.
    pub problem: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

/// The project's folder.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Fails a test with the findings, one a line, if there are any.
///
/// # Panics
/// There are findings.
pub fn assert_none(findings: impl IntoIterator<Item = Finding>) {
    let findings: BTreeSet<_> = findings.into_iter().collect();
    let lines: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    assert!(findings.is_empty(), "{lines}{} places do not follow docs/style.md", findings.len());
}
