//! The command `virtdeclare`. Started under the name `nixvirt`, this program is `nixvirt` with connections to libvirt.

use nixvirt::cli::of_error;
use nixvirt::cli::usage;
use nixvirt::cli::virtdeclare::Virtdeclare;
use nixvirt::error::Error;
use nixvirt::message;
use nixvirt::reconcile::{Backend, Limits};
use nixvirt_libvirt::{LimitedConnection, virtdeclare};
use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let name = env::args_os().next().unwrap_or_default();
    if Path::new(&name).file_name() == Some(OsStr::new("nixvirt")) {
        return nixvirt::cli::run(Some(connect));
    }
    match virtdeclare::run(&usage::parse::<Virtdeclare>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            message::error(&error);
            of_error(&error)
        }
    }
}

fn connect(uri: &str, limits: Limits) -> Result<Box<dyn Backend>, Error> {
    Ok(Box::new(LimitedConnection::open(uri, limits)?))
}
