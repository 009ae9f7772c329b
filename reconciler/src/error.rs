//! The error type of all operations that can fail: what failed, its cause, a hint, and the kind of error.

use crate::terminal::escaped;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io;
use std::iter::successors;
use std::path::Path;

/// The kind of an error.
///
/// `Display` prints `what` alone; [`Error::message`] adds the causes, and [`Error::line`] the hint too.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Error {
    what: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
    hint: Option<String>,
    kind: ErrorKind,
}

/// Where the cause of an error lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line: it names an object that does not exist, or is ambiguous.
    Usage,
    /// A file of the user: a spec, a manifest, or XML.
    Input,
    /// The manifest that a command works on, which cannot be read as a whole: none of its objects is known.
    Manifest,
    /// libvirt, which refused a request.
    Libvirt,
    /// The connection to a libvirt daemon, which could not be reached, does not answer, or went away.
    Connection,
    /// The operating system: a file that cannot be read or written, or a lock.
    System,
    /// A bug in this program.
    Internal,
}

impl Error {
    /// An error of that kind, without a cause or a hint. `what` says what failed, as in "cannot read web.json".
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Error { what: what.into(), source: None, hint: None, kind }
    }

    /// A mistake on the command line.
    pub fn usage(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Usage, what)
    }

    /// A mistake in a file of the user.
    pub fn input(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Input, what)
    }

    /// A mistake in the manifest that a command works on.
    pub fn manifest(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Manifest, what)
    }

    /// A request that libvirt cannot fulfill.
    pub fn libvirt(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Libvirt, what)
    }

    /// A libvirt daemon that cannot be reached, or does not answer.
    pub fn connection(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Connection, what)
    }

    /// A bug in this program.
    pub fn internal(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Internal, what)
    }

    /// A request that the operating system refused.
    pub fn system(what: impl Into<String>, cause: io::Error) -> Self {
        let hint = match cause.kind() {
            io::ErrorKind::PermissionDenied => Some("check the permissions of the file and its folders"),
            io::ErrorKind::StorageFull => Some("free some disk space"),
            io::ErrorKind::ReadOnlyFilesystem => Some("choose a folder on a writable file system"),
            _ => None,
        };
        Error { hint: hint.map(str::to_owned), ..Error::new(ErrorKind::System, what) }.caused_by(cause)
    }

    /// A file or folder that cannot be read, written or otherwise used. `verb` says which, as in "read".
    pub fn file(verb: &str, path: &Path, cause: io::Error) -> Self {
        Error::system(format!("cannot {verb} {}", escaped(&path.display().to_string())), cause)
    }

    /// The same error with its cause.
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(cause.into());
        self
    }

    /// The same error with a hint: one sentence that says what the user can do. It replaces an earlier hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error of another kind.
    pub fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// An error that `what` failed because of this one. It has the same kind and hint.
    pub fn context(self, what: impl Into<String>) -> Self {
        Error::new(self.kind, what).caused_by(self)
    }

    /// The same error with another text in place of each of its texts.
    pub fn map_text(&self, edit: impl Fn(&str) -> String) -> Self {
        let causes = self.causes().map(|cause| cause.to_string()).collect::<Vec<_>>().join(": ");
        Error {
            what: edit(&self.what),
            source: (!causes.is_empty()).then(|| edit(&causes).into()),
            hint: self.hint().map(edit),
            kind: self.kind,
        }
    }

    /// Where the cause lies.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The advice for the user: the hint of this error or, if it has none, of its cause.
    pub fn hint(&self) -> Option<&str> {
        let own = self.hint.as_deref();
        own.or_else(|| self.causes().find_map(|cause| cause.downcast_ref::<Error>()?.hint.as_deref()))
    }

    /// The failed operation, followed by its causes: `cannot read web.json: No such file or directory (os error 2)`.
    pub fn message(&self) -> String {
        let mut message = self.what.clone();
        for cause in self.causes() {
            let _ = write!(message, ": {cause}");
        }
        message
    }

    /// The message and the hint in one line, separated by a semicolon.
    pub fn line(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{}; {hint}", self.message()),
            None => self.message(),
        }
    }

    /// The causes, the nearest first.
    pub fn causes(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        successors(self.source(), |cause| (**cause).source())
    }
}

/// Error of libvirt or of the operating system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorMessage {
    /// Failed operation and its causes.
    pub message: String,
    /// Advice for the user.
    pub hint: Option<String>,
}

impl From<Error> for ErrorMessage {
    fn from(error: Error) -> Self {
        ErrorMessage::from(&error)
    }
}

impl From<&Error> for ErrorMessage {
    fn from(error: &Error) -> Self {
        ErrorMessage { message: error.message(), hint: error.hint().map(str::to_owned) }
    }
}

impl From<serde_json::Error> for Error {
    /// Values of this program that cannot be written as JSON are a bug in it.
    fn from(cause: serde_json::Error) -> Self {
        Error::internal("cannot write JSON").caused_by(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn messages_and_hints() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = Error::file("write", Path::new("/state/a.json"), full).context("domain a");
        expect!["domain a"].assert_eq(&error.to_string());
        expect!["domain a: cannot write /state/a.json: no storage space"].assert_eq(&error.message());
        expect!["free some disk space"].assert_eq(error.hint().expect("a hint"));
        assert_eq!(error.kind(), ErrorKind::System);
        let edited = error.with_hint("remove /state/b.json").map_text(|text| text.replace("/state/", ""));
        expect!["domain a: cannot write a.json: no storage space; remove b.json"].assert_eq(&edited.line());
        assert_eq!(edited.kind(), ErrorKind::System);
        expect!["cannot be"].assert_eq(&Error::internal("cannot be").line());
    }
}
