//! `nixvirt console`: the serial console of a guest.

use super::names::guests;
use super::{Daemon, become_program, check_exists};
use crate::error::Error;
use crate::reconcile::Connect;
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::process::{Command, ExitCode};

/// Options of `nixvirt console`.
#[derive(Debug, Args)]
pub struct ConsoleOptions {
    /// Name of the guest.
    #[arg(add = ArgValueCompleter::new(guests))]
    name: String,
    /// Disconnect another terminal from the console.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    daemon: Daemon,
}

/// Connects the terminal with the console.
pub fn run(ConsoleOptions { name, force, daemon }: &ConsoleOptions, connect: Connect) -> Result<ExitCode, Error> {
    check_exists(&*daemon.open(connect)?, name, &daemon.connect)?;
    let mut virsh = Command::new("virsh");
    virsh.args(["--connect", &daemon.connect, "console", "--domain", name]);
    if *force {
        virsh.arg("--force");
    }
    Err(become_program(virsh, "install virsh, which is in the package libvirt-clients or libvirt"))
}
