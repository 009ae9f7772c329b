//! `nixvirt doctor`: whether this host is ready for NixVirt.

use crate::cli::{CHANGES, MAX_SECONDS, number, of_report};
use crate::doctor::host::{Host, Process};
use crate::doctor::judge;
use crate::error::{Error, ErrorMessage};
use crate::output::{print_in_color, print_json};
use crate::progress::Progress;
use crate::reconcile::{Connect, Limits, TIMEOUT};
use crate::report::Doctor;
use crate::state::StateDirectory;
use crate::uri::{self, is_local};
use clap::{Args, ValueHint};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Options of `nixvirt doctor`.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// Exit with 2 if there is a warning.
    #[arg(long)]
    exit_code: bool,
    /// Print the report as JSON. `nixvirt schema doctor` prints its JSON Schema.
    #[arg(long)]
    json: bool,
    /// URI of the libvirt daemon.
    #[arg(long, value_name = "URI", default_value = "qemu:///system", value_parser = uri::parse)]
    connect: String,
    /// Directory for state records [default: /var/lib/nixvirt for root, else $XDG_STATE_HOME/nixvirt or
    /// ~/.local/state/nixvirt].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    state: Option<PathBuf>,
    /// Seconds to wait for an answer of the libvirt daemon.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT.as_secs(), value_parser = number(1, MAX_SECONDS))]
    timeout: u64,
}

/// Examines the host.
pub fn run(options: &DoctorOptions, connect: Connect) -> Result<ExitCode, Error> {
    let uri = options.connect.as_str();
    let timeout = Duration::from_secs(options.timeout);
    let limits = Limits { wait: Duration::ZERO, timeout };
    let asking = format!("{uri}: asking the daemon");
    let ask = || connect(uri, limits)?.answers();
    let answers = Progress::new(false).during(asking, Some(timeout), ask).map_err(ErrorMessage::from);
    let host = if is_local(uri) {
        let state = StateDirectory::new(options.state.clone())?;
        Some(Host::read(&Process::own(uri, state.folder())))
    } else {
        None
    };
    let doctor = Doctor::new(uri, judge(&answers, host.as_ref()));
    if options.json {
        print_json(&doctor)?;
    } else {
        print_in_color(&doctor.text())?;
    }
    Ok(if options.exit_code && !doctor.is_well() && !doctor.has_problems() {
        ExitCode::from(CHANGES)
    } else {
        of_report(answers.is_err(), doctor.has_problems())
    })
}
