//! The command line: its commands and options, and what each command runs.

mod exit_code;
mod help;
mod manual;
pub mod usage;
pub mod virtdeclare;

use crate::commands::check::{self, CheckOptions};
use crate::commands::doctor::{self, DoctorOptions};
use crate::commands::explain::{self, ExplainOptions};
use crate::commands::graph::{self, GraphOptions};
use crate::commands::guest::names::VARIABLE;
use crate::commands::guest::{
    ConsoleOptions, ListOptions, RollbackOptions, SshOptions, ViewOptions, WaitOptions, console, list, rollback, ssh,
    view, wait,
};
use crate::commands::import::host::{self, InitOptions};
use crate::commands::import::{self, ImportOptions};
use crate::commands::lsp::{self, LspOptions};
use crate::commands::reconcile::{self, Extent, Objects, Options, ReportFormat};
use crate::commands::render::{self, RenderOptions};
use crate::commands::schema::{self, Published};
use crate::error::Error;
use crate::message;
use crate::output::{print, report_error};
use crate::reconcile::Connect;
use crate::report::{Report, Status};
use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use clap_complete::env::{CompleteEnv, Shells};
pub use exit_code::{CHANGES, failure_if, of_error, of_report};
use std::env;
use std::fmt::Display;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::str::FromStr;
use virtdeclare::Virtdeclare;

/// The longest time, in seconds, that an option can set: a year.
pub const MAX_SECONDS: u64 = 365 * 24 * 60 * 60;

/// Returns a parser of whole numbers between two limits, for an option. That of clap words its errors as Rust does.
pub fn number<N>(least: N, most: N) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync
where
    N: FromStr + PartialOrd + Display + Copy + Send + Sync,
{
    move |text| {
        let number = text.parse().ok().filter(|it| (least..=most).contains(it));
        number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
    }
}

/// Declare libvirt's guests, networks, storage and other objects.
///
/// A spec declares one object, as JSON that mirrors libvirt's XML. A manifest declares all objects of one or more libvirt
/// connections. `nixvirt apply` brings libvirt in line with a manifest, and `nixvirt plan` shows the changes first.
#[derive(Debug, Parser)]
#[command(name = "nixvirt", version, propagate_version = true, disable_help_subcommand = true)]
#[command(help_template = help::layout(&Command::augment_subcommands(clap::Command::new("nixvirt"))))]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check specs and manifests, and list their problems.
    ///
    /// Lists all problems at once, each with its path, position, code and the expected value. For a manifest, only the
    /// JSON is checked. `nixvirt plan` also reads the XML files that the manifest names.
    #[command(after_help = help::examples("check"))]
    Check(CheckOptions),
    /// Print the libvirt XML of specs, or their documents for KubeVirt.
    ///
    /// Problems are listed on standard error. A spec with errors has no XML. The XML of several specs is printed one after
    /// the other. With `--to kubevirt`, the result is a virtual machine of KubeVirt with its networks. Warnings list what KubeVirt
    /// lacks, and what the cluster must have.
    #[command(after_help = help::examples("render"))]
    Render(RenderOptions),
    /// Convert libvirt XML to a spec, as Nix or JSON.
    ///
    /// Elements and attributes that NixVirt does not know are kept under `extra`. Console passwords of domains in libvirt are
    /// left out, with a warning. Several objects become one set of specs, by name.
    #[command(after_help = help::examples("import"))]
    Import(ImportOptions),
    /// Declare the objects of this host in a new folder.
    ///
    /// Writes a flake, a module, and a spec for each network, pool, volume, secret, network filter, domain and snapshot of the daemon.
    /// Applying these declarations changes no object. No file is overwritten. The values of secrets are not read.
    #[command(after_help = help::examples("init"))]
    Init(InitOptions),
    /// Show what `apply` would change, without changing anything.
    ///
    /// Lists the changes of each object with the old and the new value of each field, and says whether a running guest
    /// gets the change live or at the next start.
    #[command(after_help = help::examples("plan"))]
    Plan {
        /// Also show the differences in the XML of each object that changes, with secrets redacted.
        #[arg(long)]
        diff: bool,
        /// Exit with 2 if there are changes.
        ///
        /// Without this option, the exit code is 0 whether or not there are changes. The exit codes of errors are the same with
        /// and without this option.
        #[arg(long)]
        detailed_exitcode: bool,
        #[command(flatten)]
        extent: Extent,
        #[command(flatten)]
        format: ReportFormat,
        #[command(flatten)]
        options: Options,
    },
    /// Bring libvirt in line with the manifest.
    ///
    /// Objects that were never declared are kept, unless the manifest sets `prune` to "all". No guest is stopped unless the
    /// manifest says so. An error affects only one object and its dependents; the next run tries them again. Changes that
    /// others made in libvirt stay until the declaration changes, or until --reset undoes them.
    #[command(after_help = help::examples("apply"))]
    Apply {
        #[command(flatten)]
        extent: Extent,
        #[command(flatten)]
        format: ReportFormat,
        #[command(flatten)]
        options: Options,
    },
    /// Show the state of declared and managed objects.
    ///
    /// An object is "to apply" if its declaration has changed, and "pending restart" if a change takes effect at the next start
    /// of the guest. An object is "drifted" if someone else changed it in libvirt, and "missing" if someone else removed it. An
    /// object is "kept" if it differs from its declaration, or is no longer declared, and is kept on purpose. It is "unknown" if it
    /// is a volume of a pool that does not run, and "error" if its declaration cannot be applied. All other objects are "in sync".
    #[command(after_help = help::examples("status"))]
    Status {
        /// Exit with 2 if an object is not in sync.
        #[arg(long)]
        exit_code: bool,
        #[command(flatten)]
        format: ReportFormat,
        #[command(flatten)]
        options: Options,
    },
    /// Show whether this host is ready for NixVirt.
    ///
    /// Examines the libvirt daemon, the host, the Nix plugin and the state records. Each line is ok, a warning (some guests or
    /// features do not work) or a problem (most guests or NixVirt itself do not work). Warnings and problems come with a hint. For
    /// a daemon on another host, only the daemon's answers are examined. Nothing is changed.
    #[command(after_help = help::examples("doctor"))]
    Doctor(DoctorOptions),
    /// Draw hosts with their networks, pools, guests, disks and snapshots.
    ///
    /// Draws the objects that a manifest declares, without asking a daemon, or the objects of libvirt daemons. A picture of a daemon
    /// also shows what runs, and which guests have changes that are pending restart. Nothing is changed.
    #[command(after_help = help::examples("graph"))]
    Graph(GraphOptions),
    /// Start managing existing objects without changing them.
    ///
    /// The objects must be declared, because the next `nixvirt apply` removes managed objects that are not declared.
    /// `nixvirt apply` also adopts declared objects without this command.
    #[command(after_help = help::examples("adopt"))]
    Adopt {
        #[command(flatten)]
        objects: Objects,
        #[command(flatten)]
        options: Options,
    },
    /// Stop managing objects, leaving them in place.
    ///
    /// The state records of the objects are removed. Remove the declarations too: the next `nixvirt apply` adopts an object
    /// that is still declared.
    #[command(after_help = help::examples("forget"))]
    Forget {
        #[command(flatten)]
        objects: Objects,
        #[command(flatten)]
        options: Options,
    },
    /// List the guests of a connection, or of a manifest, with their addresses.
    ///
    /// Lists all guests, declared or not: state, addresses, memory, virtual CPUs, disks, and, on this host, how long the guest
    /// has been running. The addresses come from the DHCP server of a libvirt network, or else from the guest agent or the ARP
    /// table of the host. "pending restart" means that a change of the definition takes effect at the next start of the guest.
    #[command(after_help = help::examples("list"))]
    List(ListOptions),
    /// Wait until a guest runs, or is ready for use.
    ///
    /// Exits with 1 if the guest is not ready in time. A guest that is off is not started.
    #[command(after_help = help::examples("wait"))]
    Wait(WaitOptions),
    /// Log in to a guest by SSH.
    ///
    /// Finds the address of the guest, waits until its SSH server answers, and runs `ssh`. The user is the first one with SSH keys
    /// in the seed that the manifest declares for the guest, or else the first one in the seed, or else the one that `ssh`
    /// chooses. The host key of a new guest is accepted and stored under the UUID of the guest, so that a new guest can have
    /// the address of an old one. If libvirt runs on another host and the connection uses SSH, `ssh` connects through that
    /// host.
    #[command(after_help = help::examples("ssh"))]
    Ssh(SshOptions),
    /// Connect this terminal to the serial console of a guest.
    ///
    /// Runs `virsh console`. Ctrl + ] ends the connection.
    #[command(after_help = help::examples("console"))]
    Console(ConsoleOptions),
    /// Show the screen of a guest in a window.
    ///
    /// Runs `virt-viewer`.
    #[command(after_help = help::examples("view"))]
    View(ViewOptions),
    /// Undo the last change of a guest by going back to a snapshot.
    ///
    /// `nixvirt apply` takes a snapshot before it changes a guest that has `rollbackSnapshots`, and with --snapshot before it
    /// changes any guest. A rollback restores the definition and the disks. The guest resumes from the snapshot, or is off if
    /// it was off when the snapshot was taken. All data written to the disks since the snapshot is lost. The command shows what
    /// changes, and asks for confirmation. Snapshots that `nixvirt apply` did not take are kept. The declaration stays as it
    /// is, so the next `nixvirt plan` lists the change again.
    #[command(after_help = help::examples("rollback"))]
    Rollback(RollbackOptions),
    /// Explain problem codes, with a wrong and a right example.
    ///
    /// Messages show the code of a problem in brackets, as in `error[disk-target-taken]`.
    #[command(after_help = help::examples("explain"))]
    Explain(ExplainOptions),
    /// Print the JSON Schema of specs, manifests or reports.
    #[command(after_help = help::examples("schema"))]
    Schema {
        /// A kind of spec, `manifest`, `plan` (the JSON of `nixvirt plan` and `apply`), `status` (the JSON of
        /// `nixvirt status`), `doctor` (the JSON of `nixvirt doctor`), `guests` (the JSON of `nixvirt list`), or `rollback` (the
        /// JSON of `nixvirt rollback`).
        #[arg(value_parser = Published::parser(), value_name = "FORMAT")]
        of: Published,
    },
    /// Run a language server, which helps editors with specs in Nix files.
    ///
    /// The server completes and describes the attributes and values of specs, the arguments of templates and the options of
    /// modules. It lists the problems of a file while you type. It evaluates nothing and needs no libvirt daemon. It runs beside
    /// a language server for Nix.
    #[command(after_help = help::examples("lsp"))]
    Lsp(LspOptions),
    /// Print a completion script for a shell.
    #[command(after_help = help::examples("completions"))]
    Completions {
        /// Shell that runs the script.
        shell: Shell,
        /// Program that the script completes.
        #[arg(value_enum, default_value = "nixvirt")]
        program: Program,
    },
    /// Print or write the manual pages.
    ///
    /// Prints the page nixvirt(1). With --dir, writes all pages: nixvirt(1), virtdeclare(1), and one for each command, such as
    /// nixvirt-plan(1).
    #[command(after_help = help::examples("man"))]
    Man {
        /// Folder to write all pages to. It is created if it is missing.
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        dir: Option<PathBuf>,
    },
    /// Print the help of a command.
    #[command(after_help = help::examples("help"))]
    Help {
        /// Name of the command.
        #[arg(value_name = "COMMAND", value_parser = PossibleValuesParser::new(help::commands()))]
        command: Option<String>,
    },
}

/// The programs of this project.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Program {
    /// The command nixvirt.
    Nixvirt,
    /// The command virtdeclare.
    Virtdeclare,
}

impl Program {
    /// The script that completes the program. That of `nixvirt` runs the command for each completion, which knows the names of
    /// guests.
    fn completions(self, shell: Shell) -> Result<String, Error> {
        let mut script = Vec::new();
        match self {
            Program::Nixvirt => {
                let shells = Shells::builtins();
                let completer = shells.completer(&shell.to_string());
                let completer = completer.ok_or_else(|| Error::internal(format!("{shell} has no completions")))?;
                completer
                    .write_registration(VARIABLE, "nixvirt", "nixvirt", "nixvirt", &mut script)
                    .map_err(|cause| Error::system("cannot make the completions", cause))?;
            }
            Program::Virtdeclare => {
                clap_complete::generate(shell, &mut Virtdeclare::command(), "virtdeclare", &mut script);
            }
        }
        Ok(String::from_utf8_lossy(&script).into_owned())
    }
}

/// Runs the command `nixvirt`. Without `connect`, commands that need libvirt are run by the program that is linked with it.
pub fn run(connect: Option<Connect>) -> ExitCode {
    CompleteEnv::with_factory(Cli::command).var(VARIABLE).complete();
    usage::parse::<Cli>().run(connect).unwrap_or_else(|error| {
        message::error(&error);
        of_error(&error)
    })
}

impl Cli {
    fn run(self, connect: Option<Connect>) -> Result<ExitCode, Error> {
        match (self.command, connect) {
            (Command::Check(options), _) if !options.asks_daemon() => check::run(&options),
            (Command::Check(options), Some(connect)) => check::run_with_host(&options, connect),
            (Command::Render(options), _) => render::run(&options),
            (Command::Import(options), connect) => match (options.address()?, connect) {
                (None, _) => import::files(&options),
                (Some(_), None) => hand_over(),
                (Some(address), Some(connect)) => import::daemon(&options, &address, connect),
            },
            (Command::Graph(options), _) if !options.is_live() => graph::declared(&options),
            (Command::Graph(options), Some(connect)) => graph::live(&options, connect),
            (Command::Init(InitOptions { connect: uri, folder }), Some(connect)) => host::write(&uri, &folder, connect),
            (Command::Plan { options, format, diff, detailed_exitcode, extent }, Some(connect)) => {
                let outcome = reconcile::plan(&options, &format, &extent, diff, detailed_exitcode, connect);
                report_error(format.json, outcome, Report::failed)
            }
            (Command::Apply { options, format, extent }, Some(connect)) => {
                report_error(format.json, reconcile::apply(&options, &format, &extent, connect), Report::failed)
            }
            (Command::Status { options, format, exit_code }, Some(connect)) => {
                report_error(format.json, reconcile::status(&options, &format, exit_code, connect), Status::failed)
            }
            (Command::Doctor(options), Some(connect)) => doctor::run(&options, connect),
            (Command::List(options), Some(connect)) => list::run(&options, connect),
            (Command::Wait(options), Some(connect)) => wait::run(&options, connect),
            (Command::Ssh(options), Some(connect)) => ssh::run(&options, connect),
            (Command::Console(options), Some(connect)) => console::run(&options, connect),
            (Command::View(options), _) => view::run(&options),
            (Command::Rollback(options), Some(connect)) => rollback::run(&options, connect),
            (Command::Adopt { objects, options }, Some(connect)) => reconcile::adopt(&options, &objects, connect),
            (
                Command::Check(_)
                | Command::Init(_)
                | Command::Graph(_)
                | Command::Plan { .. }
                | Command::Apply { .. }
                | Command::Status { .. }
                | Command::Doctor(_)
                | Command::List(_)
                | Command::Wait(_)
                | Command::Ssh(_)
                | Command::Console(_)
                | Command::Rollback(_)
                | Command::Adopt { .. },
                None,
            ) => hand_over(),
            (Command::Forget { objects, options }, _) => reconcile::forget(&options, &objects),
            (Command::Explain(options), _) => explain::run(&options),
            (Command::Schema { of }, _) => schema::run(of),
            (Command::Lsp(options), _) => lsp::run(&options),
            (Command::Completions { shell, program }, _) => {
                print(&program.completions(shell)?)?;
                Ok(ExitCode::SUCCESS)
            }
            (Command::Man { dir }, _) => {
                match dir {
                    Some(dir) => manual::write_all([Cli::command(), Virtdeclare::command()], &dir)?,
                    None => print(&manual::page(Cli::command())?)?,
                }
                Ok(ExitCode::SUCCESS)
            }
            // The option prints the help, and ends the program.
            (Command::Help { command }, connect) => {
                Cli::parse_from(["nixvirt"].into_iter().chain(command.as_deref()).chain(["--help"])).run(connect)
            }
        }
    }
}

/// Becomes the program that talks to libvirt. It is installed in the same folder, and is this command under its name.
fn hand_over() -> Result<ExitCode, Error> {
    let own = env::current_exe().map_err(|cause| Error::system("cannot find the nixvirt executable", cause))?;
    let other = own.with_file_name("virtdeclare");
    let cause = process::Command::new(&other).arg0("nixvirt").args(env::args_os().skip(1)).exec();
    let what = format!("cannot start {}, the program that talks to libvirt", other.display());
    Err(Error::system(what, cause).with_hint("install virtdeclare in the same folder as nixvirt"))
}
