//! `nixvirt list`: the guests of a connection.

use super::Daemon;
use crate::error::Error;
use crate::output::{print, print_in_color, print_json};
use crate::reconcile::{Backend, Connect};
use crate::report::Guests;
use clap::Args;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often `--watch` looks.
const INTERVAL: Duration = Duration::from_secs(2);

/// Clears the terminal, and moves the cursor to its beginning.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Options of `nixvirt list`.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Print the list as JSON. `nixvirt schema guests` prints its JSON Schema.
    #[arg(long)]
    json: bool,
    /// Show the list again every two seconds, on a terminal.
    #[arg(long, conflicts_with = "json")]
    watch: bool,
    #[command(flatten)]
    daemon: Daemon,
}

/// Lists the guests.
pub fn run(options: &ListOptions, connect: Connect) -> Result<ExitCode, Error> {
    if options.watch && !io::stdout().is_terminal() {
        return Err(Error::usage("--watch needs a terminal").with_hint("use `nixvirt list --json` in scripts"));
    }
    let backend = options.daemon.open(connect)?;
    loop {
        show(options, &*backend)?;
        if !options.watch {
            return Ok(ExitCode::SUCCESS);
        }
        sleep(INTERVAL);
    }
}

fn show(options: &ListOptions, backend: &dyn Backend) -> Result<(), Error> {
    let guests = Guests::new(&options.daemon.connect, backend.guests(None)?);
    if options.json {
        return print_json(&guests);
    }
    if options.watch {
        print(CLEAR)?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    print_in_color(&guests.text(now))
}
