//! The exit codes of all commands.

use crate::error::{Error, ErrorKind};
use std::process::ExitCode;

/// There are changes or drift, and the user asked for an exit code that says so.
pub const CHANGES: u8 = 2;

/// The command line is wrong. `EX_USAGE` of sysexits.h: no other outcome has this code.
pub const USAGE: u8 = 64;

/// The manifest cannot be read, so that the command could do nothing at all. `EX_NOINPUT` of sysexits.h.
pub const NO_MANIFEST: u8 = 66;

/// A connection failed as a whole, so that the command could do nothing with its objects. `EX_UNAVAILABLE` of sysexits.h.
pub const UNAVAILABLE: u8 = 69;

/// The exit codes and their meanings, for the manual.
pub const TABLE: [(u8, &str); 6] = [
    (0, "Success."),
    (
        1,
        "A spec or a checked manifest has errors, an object cannot be applied, doctor found a problem, or libvirt or the system refused a request.",
    ),
    (
        CHANGES,
        "With plan --detailed-exitcode: there are changes. With status --exit-code: an object is not in sync. \
         With doctor --exit-code: there are warnings.",
    ),
    (USAGE, "The command line is wrong."),
    (
        NO_MANIFEST,
        "With plan, apply, status, adopt, forget, graph and list: the manifest cannot be read, or its structure has errors. Nothing was changed.",
    ),
    (
        UNAVAILABLE,
        "A connection failed as a whole: its libvirt daemon cannot be reached, or its state directory cannot be used. \
         Other connections are applied.",
    ),
];

/// The exit codes in one line, for help.
pub const LINE: &str = "Exit codes: 0 success, 1 error, 2 changes (only if requested), 64 wrong command line, 66 no manifest, 69 no connection";

/// Success, or the code of errors.
pub fn failure_if(has_errors: bool) -> ExitCode {
    if has_errors { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The code of a report on connections.
pub fn of_report(has_failed_connection: bool, has_errors: bool) -> ExitCode {
    if has_failed_connection { ExitCode::from(UNAVAILABLE) } else { failure_if(has_errors) }
}

/// The code of an error that ends a command.
pub fn of_error(error: &Error) -> ExitCode {
    match error.kind() {
        ErrorKind::Manifest => ExitCode::from(NO_MANIFEST),
        kind => of_report(kind == ErrorKind::Connection, true),
    }
}
