//! The text that a command reads: a file, or standard input.

use crate::error::Error;
use crate::file;
use crate::terminal::escaped;
use std::fs::File;
use std::io;
use std::path::Path;

/// The most that is read of an input, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// The name of standard input in messages.
pub const STDIN: &str = "<stdin>";

/// A text and where it came from.
pub struct Input {
    /// The name of the file, or `<stdin>`.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Input {
    /// Reads a file; `-` is standard input. The user names it on the command line, so that it may be a pipe.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let (name, bytes) = if path.as_os_str() == "-" {
            (STDIN.to_owned(), file::read_from(io::stdin(), MAX_SIZE))
        } else {
            (
                escaped(&path.display().to_string()).into_owned(),
                File::open(path).and_then(|from| file::read_from(from, MAX_SIZE)),
            )
        };
        match bytes.and_then(file::text) {
            // Editors of other systems begin a file with a byte order mark.
            Ok(text) => Ok(Input { name, text: text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text) }),
            Err(cause) => Err(Error::system(format!("cannot read {name}"), cause)),
        }
    }
}
