//! The command `virtdeclare`.

use clap::Parser;
use nixvirt::virtdeclare::Virtdeclare;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Virtdeclare::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("virtdeclare: {failure}");
            ExitCode::FAILURE
        }
    }
}
