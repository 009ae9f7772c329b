//! The command `nixvirt`.

use clap::Parser;
use nixvirt::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("nixvirt: {failure}");
            ExitCode::FAILURE
        }
    }
}
