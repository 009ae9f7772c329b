//! Text on standard output.

use crate::error::Error;
use serde::Serialize;
use std::io::{self, Write};

/// Prints text. A reader that has closed the pipe is no error.
pub fn print(text: &str) -> Result<(), Error> {
    write(io::stdout().lock(), text)
}

/// Prints text with colors. The colors stay on a terminal, unless `$NO_COLOR` is set.
pub fn print_in_color(text: &str) -> Result<(), Error> {
    write(anstream::stdout().lock(), text)
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> Result<(), Error> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

fn write(mut out: impl Write, text: &str) -> Result<(), Error> {
    match out.write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::system("cannot write to standard output", cause))
        }
        _ => Ok(()),
    }
}
