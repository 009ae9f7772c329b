//! `nixvirt view`: the screen of a guest.

use super::names::guests;
use super::{Daemon, become_program};
use crate::error::Error;
use crate::uri::is_local;
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::process::{Command, ExitCode};

/// Options of `nixvirt view`.
#[derive(Debug, Args)]
pub struct ViewOptions {
    /// Name of the guest.
    #[arg(add = ArgValueCompleter::new(guests))]
    name: String,
    /// Show the window in full screen.
    #[arg(long)]
    full_screen: bool,
    #[command(flatten)]
    daemon: Daemon,
}

/// Opens the window. It waits for a guest that is off, and stays while the guest restarts.
pub fn run(ViewOptions { name, full_screen, daemon }: &ViewOptions) -> Result<ExitCode, Error> {
    let mut viewer = Command::new("virt-viewer");
    viewer.args(["--connect", &daemon.connect, "--wait", "--reconnect"]);
    if is_local(&daemon.connect) {
        // libvirt passes the display on, so that it needs no port.
        viewer.arg("--attach");
    }
    if *full_screen {
        viewer.arg("--full-screen");
    }
    viewer.args(["--domain-name", "--", name]);
    Err(become_program(viewer, "install virt-viewer"))
}
