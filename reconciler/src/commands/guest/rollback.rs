//! `nixvirt rollback`: back to a snapshot that was taken before a change.

use super::names::guests;
use super::{Daemon, check_exists, now};
use crate::error::Error;
use crate::output::{print, print_in_color, print_json, report_error};
use crate::progress::Progress;
use crate::reconcile::{Connect, LOCK_LIMIT};
use crate::report::{self, RollbackReport, Tense};
use crate::rollback::Outlook;
use crate::state::StateDirectory;
use clap::{Args, ValueHint};
use clap_complete::ArgValueCompleter;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `nixvirt rollback`.
#[derive(Debug, Args)]
pub struct RollbackOptions {
    /// Name of the guest.
    #[arg(add = ArgValueCompleter::new(guests))]
    name: String,
    /// Snapshot to go back to [default: the one before the last change].
    #[arg(long, value_name = "SNAPSHOT")]
    to: Option<String>,
    /// Only show what the rollback would change.
    #[arg(long, group = "unasked")]
    dry_run: bool,
    /// Roll back without asking for confirmation.
    #[arg(long, short, group = "unasked")]
    yes: bool,
    /// Print JSON, with --dry-run or --yes. `nixvirt schema rollback` prints its JSON Schema.
    #[arg(long, requires = "unasked")]
    json: bool,
    /// Directory for state records [default: /var/lib/nixvirt for root, else $XDG_STATE_HOME/nixvirt or
    /// ~/.local/state/nixvirt].
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Connection")]
    state: Option<PathBuf>,
    #[command(flatten)]
    daemon: Daemon,
}

/// Goes back, once the user agrees.
pub fn run(options: &RollbackOptions, connect: Connect) -> Result<ExitCode, Error> {
    let RollbackOptions { name, json, daemon, .. } = options;
    report_error(*json, roll_back(options, connect), |error| RollbackReport::failed(&daemon.connect, name, error))
}

fn roll_back(options: &RollbackOptions, connect: Connect) -> Result<ExitCode, Error> {
    let RollbackOptions { name, to, dry_run, yes, json, state, daemon } = options;
    if !dry_run && !yes && !io::stdin().is_terminal() {
        let hint = format!("check the output of `nixvirt rollback --dry-run {name}`, then use --yes");
        return Err(Error::usage("cannot ask for confirmation: standard input is not a terminal").with_hint(hint));
    }
    let backend = daemon.open(connect)?;
    check_exists(&*backend, name, &daemon.connect)?;
    let store = StateDirectory::new(state.clone())?.of(&daemon.connect);
    let outlook = || Outlook::new(&*backend, &store.read()?.records, name, to.as_deref());
    let show = |outlook: &Outlook, tense| {
        if *json {
            print_json(&RollbackReport::new(&daemon.connect, outlook, tense))
        } else {
            print_in_color(&outlook.text(now(), tense))
        }
    };
    if *dry_run {
        show(&outlook()?, Tense::Planned)?;
        return Ok(ExitCode::SUCCESS);
    }
    // What is shown stays so until it is executed.
    let progress = Progress::new(false);
    let lock = store.lock(LOCK_LIMIT, |path| progress.say(&report::waits_for_lock(path)))?;
    let outlook = outlook()?;
    if !yes {
        show(&outlook, Tense::Planned)?;
        if !is_confirmed(name)? {
            print("nothing is changed\n")?;
            return Ok(ExitCode::FAILURE);
        }
    }
    outlook.execute(&*backend, &lock, &progress.watch(&daemon.connect, daemon.limits().timeout))?;
    show(&outlook, Tense::Done)?;
    if !json {
        print("The next apply makes the change again, unless the declaration is changed back.\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn is_confirmed(name: &str) -> Result<bool, Error> {
    print(&format!("Roll back {name}? [y/N] "))?;
    let failed = |cause| Error::system("cannot ask for confirmation", cause);
    io::stdout().flush().map_err(failed)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
