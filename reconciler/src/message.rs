//! Messages on standard error, for people: `error:`, `warning:` and `hint:`, in color on a terminal.

use crate::error::Error;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// Prints an error and, below it, its hint.
pub fn error(error: &Error) {
    print(RED, "error", error.message());
    if let Some(hint) = error.hint() {
        print(CYAN, "hint", hint);
    }
}

/// Prints a warning.
pub fn warning(text: impl Display) {
    print(YELLOW, "warning", text);
}

fn print(style: Style, prefix: &str, text: impl Display) {
    anstream::eprintln!("{style}{prefix}:{style:#} {text}");
}
