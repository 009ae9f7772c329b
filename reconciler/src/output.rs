//! Text on standard output.

use crate::error::{Error, ErrorMessage};
use serde::Serialize;
use std::io::{self, Write};
use std::process::ExitCode;

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

/// Prints a report of the error that ended a command, if JSON is wanted. The error is returned.
pub fn report_error<R: Serialize>(
    json: bool,
    outcome: Result<ExitCode, Error>,
    failed: impl Fn(ErrorMessage) -> R,
) -> Result<ExitCode, Error> {
    if let (true, Err(error)) = (json, &outcome) {
        print_json(&failed(error.into()))?;
    }
    outcome
}

fn write(mut out: impl Write, text: &str) -> Result<(), Error> {
    match out.write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::system("cannot write to standard output", cause))
        }
        _ => Ok(()),
    }
}
