//! The command `nixvirt`. It is not linked with libvirt: loading that library and its fifty dependencies takes longer than
//! most commands. `virtdeclare`, which is linked with it, runs the commands that connect to libvirt.

use std::process::ExitCode;

fn main() -> ExitCode {
    nixvirt::cli::run(None)
}
