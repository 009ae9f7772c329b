//! The command `nixvirt`. What it does not do itself, `virtdeclare` does, which is linked with libvirt: loading that
//! library and the fifty that it needs takes longer than most of these commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    nixvirt::cli::run(None)
}
