//! Messages on standard error, for people: `error:`, `warning:` and `hint:`, in color on a terminal, and lines.

use crate::error::Error;
use crate::terminal::{escaped, escaped_lines};
use anstyle::{AnsiColor, Style};
use nixvirt_schema::engine::problem::Severity;
use std::fmt::Display;
use std::io::Write;

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// Prints an error and, below it, its hint.
pub fn error(error: &Error) {
    let mut text = error.to_string();
    for cause in error.causes() {
        text += &format!(": {}", escaped(&cause.to_string()));
    }
    of(Severity::Error, text);
    if let Some(text) = error.hint() {
        hint(text);
    }
}

/// Prints a warning.
pub fn warning(text: impl Display) {
    of(Severity::Warning, text);
}

/// Prints what the user can do.
pub fn hint(text: impl Display) {
    print(CYAN, "hint", text);
}

/// Prints an error or a warning.
pub fn of(severity: Severity, text: impl Display) {
    match severity {
        Severity::Error => print(RED, "error", text),
        Severity::Warning => print(YELLOW, "warning", text),
    }
}

fn print(style: Style, prefix: &str, text: impl Display) {
    line(format_args!("{style}{prefix}:{style:#} {}", escaped_lines(&text.to_string())));
}

/// Prints a line. If standard error cannot be written, nobody reads the line, and the command goes on: `eprintln!` would end it in the middle
/// of a change.
pub fn line(text: impl Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
