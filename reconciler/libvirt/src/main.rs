//! The command `virtdeclare`. Started under the name `nixvirt`, this program is `nixvirt` with connections to libvirt.

use nixvirt::cli::usage;
use nixvirt::error::Error;
use nixvirt::message;
use nixvirt::reconcile::Backend;
use nixvirt_libvirt::Connection;
use nixvirt_libvirt::virtdeclare::Virtdeclare;
use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let name = env::args_os().next().unwrap_or_default();
    if Path::new(&name).file_name() == Some(OsStr::new("nixvirt")) {
        return nixvirt::cli::run(Some(connect));
    }
    match usage::parse::<Virtdeclare>().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            message::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn connect(uri: &str, wait: Duration) -> Result<Box<dyn Backend>, Error> {
    Ok(Box::new(Connection::open(uri, wait)?))
}
