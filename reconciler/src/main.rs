//! The command `nixvirt`.

mod cli;
mod spec;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("nixvirt: {failure}");
            ExitCode::FAILURE
        }
    }
}
