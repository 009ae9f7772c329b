//! The command line of `virtdeclare`. The program is in the crate that is linked with libvirt; the manual and the completion
//! scripts are made here, for both commands.

use super::{MAX_SECONDS, help, number};
use crate::object::Type;
use crate::reconcile::TIMEOUT;
use crate::uri;
use clap::{ArgGroup, Parser, ValueEnum, ValueHint};
use std::path::PathBuf;

/// Define, start or stop one domain, network or pool.
///
/// This is the command of NixVirt 0.6, the program in Nix and Python, with the same options. `nixvirt apply` brings all objects in
/// line with a manifest.
///
/// A new definition never stops an object. For a running object, the definition takes effect at the next start. Values that libvirt
/// chose, such as MAC addresses, are kept. virtdeclare stops a guest by a shutdown, and never forces the guest off. A guest that
/// does not shut down in time keeps running, and the command fails.
#[derive(Clone, Debug, Parser)]
#[command(name = "virtdeclare", version, after_help = help::examples("virtdeclare"), group = ArgGroup::new("which").required(true).args(["define", "uuid", "name"]))]
pub struct Virtdeclare {
    /// URI of the libvirt daemon, such as qemu:///system.
    #[arg(long, value_name = "URI", value_parser = uri::parse)]
    pub connect: String,
    /// Type of the object.
    #[arg(long = "type", value_enum)]
    pub kind: DeclaredKind,
    /// XML file with the definition of the object.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub define: Option<PathBuf>,
    /// UUID of an existing object.
    #[arg(long, value_name = "ID")]
    pub uuid: Option<String>,
    /// Name of an existing object.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// State of the object. Unchanged if omitted.
    #[arg(long, value_enum)]
    pub state: Option<DeclaredState>,
    /// When to restart a running object. Used only with --state active.
    #[arg(long, value_enum, default_value = "never")]
    pub restart: Restart,
    /// Set autostart: on with --state active, off with --state inactive.
    #[arg(long)]
    pub auto: bool,
    /// Seconds to wait for a guest to shut down.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = number(0, MAX_SECONDS))]
    pub timeout: u64,
    /// Seconds to wait for the libvirt daemon to answer a request. Starting an object may take ten times as long.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT.as_secs(), value_parser = number(1, MAX_SECONDS))]
    pub call_timeout: u64,
    /// Show each step as it runs.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Types of objects that `virtdeclare` works on.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DeclaredKind {
    /// A domain.
    Domain,
    /// A network.
    Network,
    /// A storage pool.
    Pool,
}

impl From<DeclaredKind> for Type {
    fn from(kind: DeclaredKind) -> Self {
        match kind {
            DeclaredKind::Domain => Type::Domain,
            DeclaredKind::Network => Type::Network,
            DeclaredKind::Pool => Type::Pool,
        }
    }
}

/// State of an object.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum DeclaredState {
    /// The object runs.
    Active,
    /// The object does not run.
    Inactive,
}

/// When to restart a running object.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Restart {
    /// At each run of the command.
    Always,
    /// Never.
    Never,
    /// If this run changed the definition.
    #[value(name = "ifchanged")]
    IfChanged,
}
