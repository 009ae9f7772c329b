//! `nixvirt console`: the serial console of a guest.

use super::{Daemon, become_program};
use crate::error::Error;
use clap::Args;
use std::process::{Command, ExitCode};

/// Options of `nixvirt console`.
#[derive(Debug, Args)]
pub struct ConsoleOptions {
    /// Name of the guest.
    name: String,
    /// Disconnect another terminal from the console.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    daemon: Daemon,
}

/// Connects the terminal with the console.
pub fn run(ConsoleOptions { name, force, daemon }: &ConsoleOptions) -> Result<ExitCode, Error> {
    let mut virsh = Command::new("virsh");
    virsh.args(["--connect", &daemon.connect, "console", "--domain", name]);
    if *force {
        virsh.arg("--force");
    }
    Err(become_program(virsh, "install virsh, which is in the package libvirt-clients or libvirt"))
}
