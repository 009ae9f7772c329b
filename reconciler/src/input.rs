//! The text that a command reads: a file, or standard input.

use crate::error::Error;
use std::fs;
use std::io;
use std::path::Path;

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
    /// Reads a file; `-` is standard input.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let (name, text) = if file.as_os_str() == "-" {
            (STDIN.to_owned(), io::read_to_string(io::stdin()))
        } else {
            (file.display().to_string(), fs::read_to_string(file))
        };
        match text {
            Ok(text) => Ok(Input { name, text }),
            Err(cause) => Err(Error::system(format!("cannot read {name}"), cause)),
        }
    }
}
