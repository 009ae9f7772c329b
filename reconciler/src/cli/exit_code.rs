//! The exit codes of all commands.

use std::process::ExitCode;

/// There are changes or drift, and the user asked for an exit code that says so.
pub const CHANGES: u8 = 2;

/// The command line is wrong. `EX_USAGE` of sysexits.h: no other outcome has this code.
pub const USAGE: u8 = 64;

/// The exit codes and their meanings, for the manual.
pub const TABLE: [(u8, &str); 4] = [
    (0, "Success."),
    (
        1,
        "A spec or manifest has errors, an object cannot be applied, doctor found a problem, or libvirt or the system refused a request.",
    ),
    (
        CHANGES,
        "With plan --detailed-exitcode: there are changes. With status --exit-code: an object is not in sync. \
         With doctor --exit-code: there are warnings. \
         Otherwise never used.",
    ),
    (USAGE, "The command line is wrong."),
];

/// The exit codes in one line, for help.
pub const LINE: &str = "Exit codes: 0 success, 1 error, 2 changes (only if requested), 64 wrong command line";

/// Success, or the code of errors.
pub fn failure_if(has_errors: bool) -> ExitCode {
    if has_errors { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
