//! The command line: its words, its help, and what each command runs.

use crate::declare;
use crate::error::Error;
use crate::input::Input;
use crate::manifest;
use crate::message;
use crate::reconcile::Connect;
use crate::report;
use crate::spec;
use clap::{Args, CommandFactory, Parser, Subcommand};
use nixvirt_schema::engine::json_schema;
use nixvirt_schema::kind::Kind;
use std::env;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{self, ExitCode};

/// Declare libvirt's virtual machines, networks, pools, volumes and other objects.
///
/// A spec is JSON that mirrors libvirt's XML: an element is an object, its attributes and children are members under
/// their XML names. Nix makes such specs with `nix eval --json`.
#[derive(Debug, Parser)]
#[command(name = "nixvirt", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the XML that a spec stands for.
    ///
    /// Exits with 0, or with 1 and the list of problems on standard error when the spec is wrong.
    #[command(after_help = "Example: echo '{\"name\": \"lan\"}' | nixvirt render --kind network -")]
    Render {
        #[command(flatten)]
        input: SpecFile,
        /// Print the XML even where a rule finds an error, for a libvirt that knows better. What the types refuse has no XML.
        #[arg(long)]
        in_spite_of_rules: bool,
    },
    /// Say what is wrong with a spec.
    ///
    /// Every problem at once, each with its path, what was expected, and what was probably meant. Exits with 0 when
    /// there is no error, with 1 when there is.
    #[command(after_help = "Example: nixvirt check --kind domain --json vm.json")]
    Check {
        #[command(flatten)]
        input: SpecFile,
        /// Print the problems as a JSON list on standard output: severity, code, path, message, suggestion, position.
        #[arg(long)]
        json: bool,
    },
    /// Print the spec that libvirt XML stands for, as a Nix expression.
    ///
    /// Nothing is lost: what these types do not know stands under `extra`.
    #[command(
        after_help = "Examples:\n  virsh dumpxml --inactive web | nixvirt import -\n  nixvirt import qemu:///system/web > web.nix\n  nixvirt import --kind network qemu:///system"
    )]
    Import {
        /// The kind of object; its outermost element tells where this is left out.
        #[arg(long, value_parser = kind, value_name = "KIND")]
        kind: Option<Kind>,
        /// The file to read, - for standard input, or a libvirt daemon: all its objects of the kind (domains unless told
        /// otherwise), or the one whose name follows.
        #[arg(value_name = "FILE|URI[/NAME]")]
        file: PathBuf,
        /// Print JSON instead.
        #[arg(long)]
        json: bool,
    },
    /// Say what would change in libvirt to make it as declared, and change nothing.
    ///
    /// For each object what is done, each field that changes with what it was and what it becomes, when a guest has it,
    /// and what a guest notices. Exits with 0 where there is nothing to do, with 2 where there is, and with 1 where
    /// something cannot be made as declared.
    #[command(after_help = "Example: nixvirt plan --manifest ./manifest.json --diff")]
    Plan {
        #[command(flatten)]
        options: declare::Options,
        #[command(flatten)]
        format: declare::Format,
        /// Show how the XML of each object that changes differs from what was applied, without the secrets in it.
        #[arg(long)]
        diff: bool,
    },
    /// Make libvirt as it is declared.
    ///
    /// What is not declared, and never was, is left alone. No guest is stopped unless the manifest asks for that. What goes
    /// wrong with one object stops that object alone, and the next run goes on from there. Exits with 0 where all is as
    /// declared, with 1 where something went wrong.
    #[command(after_help = "Example: nixvirt apply --wait 60")]
    Apply {
        #[command(flatten)]
        options: declare::Options,
        #[command(flatten)]
        format: declare::Format,
    },
    /// Say how the objects stand that are declared or ours.
    ///
    /// In sync, to apply, pending (changed, and waiting for the next start of a guest), drifted (changed by others since it
    /// was applied), or missing. Exits with 0, or with 1 where something is not known or cannot be made.
    Status {
        #[command(flatten)]
        options: declare::Options,
        #[command(flatten)]
        format: declare::Format,
    },
    /// Take over objects that exist and are declared, as they are.
    ///
    /// `nixvirt apply` does that by itself when it first finds them. From then on they are ours: what is no longer declared
    /// is removed.
    #[command(after_help = "Example: nixvirt adopt domain web db")]
    Adopt {
        #[command(flatten)]
        objects: declare::Objects,
        #[command(flatten)]
        options: declare::Options,
    },
    /// Give objects up, and leave them as they are.
    ///
    /// They are then as if they had never been declared: nothing is done to them.
    #[command(after_help = "Example: nixvirt forget --connect qemu:///system domain web")]
    Forget {
        #[command(flatten)]
        objects: declare::Objects,
        #[command(flatten)]
        options: declare::Options,
    },
    /// Print the JSON Schema of a kind of spec, of the manifest, or of what commands print as JSON.
    Schema {
        #[arg(value_parser = published, value_name = "KIND", help = published_help())]
        of: Published,
    },
    /// Print the script that completes this command in a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

fn kind_help() -> String {
    format!("The kind of object: {}", kind_names())
}

fn kind_names() -> String {
    let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    names.join(", ")
}

fn published_help() -> String {
    format!("{}; or manifest, or plan (what `plan` and `apply` print), or status", kind_help())
}

#[derive(Debug, Args)]
struct SpecFile {
    #[arg(long, value_parser = kind, value_name = "KIND", help = kind_help())]
    kind: Kind,
    /// The file to read, or - for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::named(name).ok_or_else(|| format!("expected one of {}", kind_names()))
}

/// What has a JSON Schema.
#[derive(Clone, Copy, Debug)]
enum Published {
    Spec(Kind),
    Manifest,
    Plan,
    Status,
}

fn published(name: &str) -> Result<Published, String> {
    match name {
        "manifest" => Ok(Published::Manifest),
        "plan" => Ok(Published::Plan),
        "status" => Ok(Published::Status),
        _ => kind(name).map(Published::Spec).map_err(|why| format!("{why}, manifest, plan, status")),
    }
}

impl Published {
    fn schema(self) -> serde_json::Value {
        match self {
            Published::Spec(kind) => json_schema::schema(kind),
            Published::Manifest => manifest::schema(),
            Published::Plan => report::plan_schema(),
            Published::Status => report::status_schema(),
        }
    }
}

/// Runs the command `nixvirt`. Where connections cannot be opened here, another program does what needs them.
pub fn run(open: Option<Connect>) -> ExitCode {
    Cli::parse().run(open).unwrap_or_else(|error| {
        message::error(&error);
        ExitCode::FAILURE
    })
}

impl Cli {
    /// Problems of a spec are no error: the exit code tells them.
    fn run(self, open: Option<Connect>) -> Result<ExitCode, Error> {
        match (self.command, open) {
            (Command::Render { input, in_spite_of_rules }, _) => {
                spec::render(input.kind, &Input::read(&input.file)?, in_spite_of_rules)
            }
            (Command::Check { input, json }, _) => spec::check(input.kind, &Input::read(&input.file)?, json),
            (Command::Import { kind, file, json }, open) => match file.to_str().and_then(spec::Address::parse) {
                None => spec::import(kind, &Input::read(&file)?, json),
                Some(address) => open.map_or_else(hand_over, |open| spec::import_from(kind, &address, json, open)),
            },
            (Command::Plan { options, format, diff }, Some(open)) => declare::plan(&options, &format, diff, open),
            (Command::Apply { options, format }, Some(open)) => declare::apply(&options, &format, open),
            (Command::Status { options, format }, Some(open)) => declare::status(&options, &format, open),
            (Command::Adopt { objects, options }, Some(open)) => declare::adopt(&options, &objects, open),
            (Command::Plan { .. } | Command::Apply { .. } | Command::Status { .. } | Command::Adopt { .. }, None) => {
                hand_over()
            }
            (Command::Forget { objects, options }, _) => declare::forget(&options, &objects),
            (Command::Schema { of }, _) => print(&format!("{:#}\n", of.schema())),
            (Command::Completions { shell }, _) => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "nixvirt", &mut script);
                print(&String::from_utf8_lossy(&script))
            }
            (Command::Man, _) => {
                let mut page = Vec::new();
                let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
                rendered.map_err(|cause| Error::system("cannot write the manual page", cause))?;
                print(&String::from_utf8_lossy(&page))
            }
        }
    }
}

/// Becomes the program that talks to libvirt. It is installed beside this one, and does the same under this one's name.
fn hand_over() -> Result<ExitCode, Error> {
    let own = env::current_exe().map_err(|cause| Error::system("cannot find the nixvirt executable", cause))?;
    let other = own.with_file_name("virtdeclare");
    let cause = process::Command::new(&other).arg0("nixvirt").args(env::args_os().skip(1)).exec();
    let what = format!("cannot start {}, the program that talks to libvirt", other.display());
    Err(Error::system(what, cause).with_hint("install virtdeclare in the same folder as nixvirt"))
}

/// Writes to standard output. A reader that has closed the pipe is no error.
pub fn print(text: &str) -> Result<ExitCode, Error> {
    write(io::stdout().lock(), text)
}

/// Writes text with colors to standard output. The colors stay on a terminal, unless `$NO_COLOR` is set.
pub fn print_in_color(text: &str) -> Result<ExitCode, Error> {
    write(anstream::stdout().lock(), text)
}

fn write(mut out: impl Write, text: &str) -> Result<ExitCode, Error> {
    match out.write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::system("cannot write to standard output", cause))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
