//! `nixvirt list`: the guests of a connection, or of all connections of a manifest.

use super::{Daemon, names, now};
use crate::cli::{number, of_report};
use crate::commands::manifest_file;
use crate::commands::reconcile::at_the_same_time;
use crate::error::Error;
use crate::output::{print, print_in_color, print_json, report_error};
use crate::reconcile::Connect;
use crate::report::Guests;
use crate::terminal::escaped;
use clap::{Args, ValueHint};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

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
    /// Print only the names of the guests, one per line.
    #[arg(long, conflicts_with_all = ["json", "watch", "manifest"])]
    names: bool,
    /// Show the list again every two seconds, on a terminal.
    #[arg(long, conflicts_with = "json")]
    watch: bool,
    /// List the guests of all connections of this manifest: a JSON file, or - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "connect", value_hint = ValueHint::FilePath, help_heading = "Connection")]
    manifest: Option<PathBuf>,
    /// Use only the connections of the manifest to this host, such as alpha for qemu+ssh://root@alpha/system. May be repeated.
    #[arg(long, value_name = "HOST", requires = "manifest", help_heading = "Connection")]
    on: Vec<String>,
    /// Number of connections of the manifest to ask at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 32, value_parser = number(1, u16::MAX), help_heading = "Connection")]
    jobs: u16,
    #[command(flatten)]
    daemon: Daemon,
}

/// Lists the guests.
pub fn run(options: &ListOptions, connect: Connect) -> Result<ExitCode, Error> {
    if options.watch && !io::stdout().is_terminal() {
        return Err(Error::usage("--watch needs a terminal").with_hint("use `nixvirt list --json` in scripts"));
    }
    if options.names {
        let names = names(&*options.daemon.open(connect)?)?;
        print(&names.iter().map(|name| format!("{}\n", escaped(name))).collect::<String>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let uri = options.manifest.is_none().then_some(options.daemon.connect.as_str());
    report_error(options.json, list(options, connect), |error| Guests::failed(uri, error))
}

fn list(options: &ListOptions, connect: Connect) -> Result<ExitCode, Error> {
    let uris = uris(options)?;
    loop {
        let has_failed = show(options, uris.as_deref(), connect)?;
        if !options.watch {
            return Ok(of_report(has_failed, has_failed));
        }
        sleep(INTERVAL);
    }
}

/// The connections of the manifest. None without a manifest.
fn uris(options: &ListOptions) -> Result<Option<Vec<String>>, Error> {
    let Some(file) = &options.manifest else { return Ok(None) };
    let (mut manifest, _) = manifest_file::read(file, None)?;
    manifest.keep_hosts(&options.on)?;
    Ok(Some(manifest.connections.into_keys().collect()))
}

/// Prints the list. Returns whether a connection of the manifest could not be asked.
fn show(options: &ListOptions, uris: Option<&[String]>, connect: Connect) -> Result<bool, Error> {
    let guests_of = |uri: &str| options.daemon.open_other(uri, connect)?.guests(None);
    let guests = match uris {
        None => Guests::new(&options.daemon.connect, guests_of(&options.daemon.connect)?),
        Some(uris) => Guests::of_each(at_the_same_time(options.jobs.into(), uris, |uri| (uri.clone(), guests_of(uri)))),
    };
    if options.json {
        print_json(&guests)?;
        return Ok(!guests.errors.is_empty());
    }
    if options.watch {
        print(CLEAR)?;
    }
    print_in_color(&guests.text(now()))?;
    Ok(!guests.errors.is_empty())
}
